"""Whether an event's website shows what was synced."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base
from portal.models.integration import Mapping


class WebsiteLook(Base):
    """What was seen at a mapping's public agenda since the sync that changed something last; one row a mapping."""

    __tablename__ = "website_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("mapping.id", ondelete="CASCADE"), unique=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    next_at: Mapped[datetime | None]  # nobody looks again
    tries: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[datetime | None]  # nobody has looked yet
    expected: Mapped[int] = mapped_column(default=0)  # published sessions, when it was looked last
    found: Mapped[int] = mapped_column(default=0)  # how many of them the page named
    missing: Mapped[list[Any]] = mapped_column(default=list)  # a few of the titles that it did not
    problem: Mapped[str | None]  # why the page could not be read
    seen_at: Mapped[datetime | None]  # since when all of it is there

    mapping: Mapped[Mapping] = relationship()
