"""What was changed by hand, of one record or of many at once, so that it can be undone for a while."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, now


class KeptChange(Base):
    """One change; `fields` is a record's UUID → field → [before, after], as drafts hold them.

    Of two people who were made one it holds such fields for each kind, and the entry that is gone:
    "gone" → its columns.
    """

    __tablename__ = "bulk_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    kind: Mapped[str] = mapped_column(default="session")  # "session", "speaker" or "merge"
    actor: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=now)
    text: Mapped[str]  # in words, as History has it
    fields: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]
