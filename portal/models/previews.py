"""What a sync would do, as a worker found it: kept until the next look, so that a page can show it (E8)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, now
from portal.models.integration import Mapping


class PreviewGroup(StrEnum):
    """What a sync would do with a record; what needs a person comes first."""

    FAIL = "fail"
    CREATE = "create"
    UPDATE = "update"
    UNPUBLISH = "unpublish"
    SKIP = "skip"
    UNCHANGED = "unchanged"


class StoredPreview(Base):
    """One look at what a sync of a mapping would do. `made_at` is empty while a worker is at it."""

    __tablename__ = "preview"
    __table_args__ = (Index("preview_by_mapping", "mapping_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("mapping.id", ondelete="CASCADE"))
    actor: Mapped[str]  # who asked: an e-mail or "continuous sync"
    asked_at: Mapped[datetime] = mapped_column(default=now)
    made_at: Mapped[datetime | None]
    stop: Mapped[str | None]  # why nothing would be written at all
    warnings: Mapped[list[Any]] = mapped_column(default=list)  # those of the whole run
    withheld: Mapped[int] = mapped_column(default=0)  # records that would wait for an approval (D12)
    fingerprint: Mapped[str] = mapped_column(default="")  # of programme, mapping and links, as they were then
    version: Mapped[str] = mapped_column(default="")  # of the same; while it stands, nothing has to be read
    differing: Mapped[int | None]  # records that are not as in the look before; None where there was none

    mapping: Mapped[Mapping] = relationship()


class StoredPreviewRecord(Base):
    """What a sync would do with one record, and why."""

    __tablename__ = "preview_record"
    __table_args__ = (Index("preview_record_by_group", "preview_id", "group"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    preview_id: Mapped[int] = mapped_column(ForeignKey("preview.id", ondelete="CASCADE"))
    group: Mapped[str]
    kind: Mapped[str]  # "session" or "speaker"
    source_id: Mapped[str]
    name: Mapped[str]
    reason: Mapped[str | None]
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)  # slug → [before, after], of an update
    is_new: Mapped[bool] = mapped_column(default=False)  # it is not as in the look before
    words: Mapped[str]  # name, reason and warnings: what is searched and ordered by
