"""Whom an organisation wants told, and what was told (G4)."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, now


class NoticeSettings(Base):
    """Where an organisation's notices go. A webhook's address is a secret: who has it can write there."""

    __tablename__ = "notice_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    webhook_encrypted: Mapped[bytes | None]
    webhook_host: Mapped[str | None]  # what pages show of it
    emails: Mapped[list[str]] = mapped_column(JSON, default=list)
    problem: Mapped[str | None]  # why the last notice was not delivered
    problem_at: Mapped[datetime | None]


class ToldTrouble(Base):
    """The trouble of a mapping that was told of last; no row: it was well."""

    __tablename__ = "told_trouble"

    id: Mapped[int] = mapped_column(primary_key=True)
    mapping_id: Mapped[int] = mapped_column(ForeignKey("mapping.id", ondelete="CASCADE"), unique=True)
    trouble: Mapped[str]
    told_at: Mapped[datetime] = mapped_column(default=now)
