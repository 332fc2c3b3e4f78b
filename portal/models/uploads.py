"""Programme files that were uploaded and are looked at before they are stored (H2)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Organisation
from portal.models.base import Base, now
from portal.models.programme import Event

KEPT = timedelta(days=1)  # an upload waits so long


class Upload(Base):
    """A file that waits to be imported, private to its organisation; `event_id` None where it makes a new event."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    actor: Mapped[str]  # who uploaded it
    name: Mapped[str]  # of the file
    kind: Mapped[str]  # spreadsheet or json
    content: Mapped[bytes] = mapped_column(deferred=True)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was said of it on the pages
    created_at: Mapped[datetime] = mapped_column(default=now)

    organisation: Mapped[Organisation] = relationship()
    event: Mapped[Event | None] = relationship()


class ColumnMemory(Base):
    """What the columns of files with these headers hold, as it was last imported into the event."""

    __tablename__ = "column_memory"
    __table_args__ = (UniqueConstraint("event_id", "headers"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    headers: Mapped[str]  # a fingerprint of all headers of the file
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
