"""Executions of a sync, what became of every record, and the messages that tell of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Organisation
from portal.models.base import Base, now
from portal.models.integration import Mapping
from portal.models.programme import Event


class RunStatus(StrEnum):
    """Where a run is, or how it ended (E10)."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)


class Outcome(StrEnum):
    """What became of a record; a warning stands beside its record's outcome."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"
    WARNING = "warning"


class Run(Base):
    """One execution of a sync for one mapping. This row is the truth; the queue only carries its id."""

    __tablename__ = "run"
    __table_args__ = (
        # E6: one run per mapping at a time
        Index(
            "one_active_run_per_mapping",
            "mapping_id",
            unique=True,
            sqlite_where=text("status IN ('queued', 'running')"),
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
        Index("run_by_event", "event_id", "id"),
        Index("run_by_organisation", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    mapping_id: Mapped[int | None] = mapped_column(ForeignKey("mapping.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor: Mapped[str]  # who asked: an e-mail, "command line" or "continuous sync"
    destination: Mapped[str]  # "site › seminar", as named when the run was asked for
    status: Mapped[str] = mapped_column(default=RunStatus.QUEUED)
    message: Mapped[str | None]
    queued_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"sessions": {…}, "speakers": {…}}
    requests: Mapped[int] = mapped_column(default=0)
    writes: Mapped[int] = mapped_column(default=0)
    # Progress (E3)
    speakers_done: Mapped[int] = mapped_column(default=0)
    speakers_total: Mapped[int] = mapped_column(default=0)
    sessions_done: Mapped[int] = mapped_column(default=0)
    sessions_total: Mapped[int] = mapped_column(default=0)
    withheld: Mapped[int] = mapped_column(default=0)  # records that wait for an approval (D12)
    unpublish_approved: Mapped[int] = mapped_column(default=0)  # D12: as many records, in this run alone
    # The people whom it was to make in ASP and of whom it has no link: contact's id → e-mail then (E11).
    in_making: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    timed_out_at: Mapped[datetime | None]  # when a create last timed out, which ASP may carry out later (E11)
    pull_first: Mapped[bool] = mapped_column(default=True)  # H1: where the event comes from Sessionboard
    cancel_requested: Mapped[bool] = mapped_column(default=False)  # E15
    # Whose process works on it, and a value that changes as long as it does (E14). A run that waits for a worker
    # names no process; one that its own process is about to begin names that process while it is still queued.
    heartbeat_at: Mapped[datetime | None]
    machine: Mapped[str | None]
    process_id: Mapped[int | None]
    process_started: Mapped[float | None]  # tells a process from a later one with the same id

    event: Mapped[Event] = relationship()
    mapping: Mapped[Mapping | None] = relationship()
    organisation: Mapped[Organisation] = relationship()

    @property
    def is_active(self) -> bool:
        """Whether it has not come to its end yet."""
        return self.status in ACTIVE


class Sighting(Base):
    """Since when a machine has seen one and the same heartbeat of a run of another machine (E14b).

    It stands in the database so that commands, which live for a second, continue what the one before them saw.
    """

    __tablename__ = "sighting"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    observer: Mapped[str] = mapped_column(primary_key=True)  # whose monotonic clock it is
    heartbeat_at: Mapped[datetime | None]
    since: Mapped[float]  # seconds on that clock


class RunRecord(Base):
    """What a run did with one record, and why, in words an admin can act on (E7)."""

    __tablename__ = "run_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # "session", "speaker" or "run"
    source_id: Mapped[str]
    name: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    changed: Mapped[list[Any]] = mapped_column(default=list)  # the slugs that were written
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)  # slug → [before, after], of an update
    withheld: Mapped[bool] = mapped_column(default=False)  # it would have been unpublished (D12)
    asp_uuid: Mapped[str | None]


class Flash(Base):
    """A message for one user, shown once on whichever page they are on (E3)."""

    __tablename__ = "flash"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    category: Mapped[str]  # success, info, warning or error
    message: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    shown_at: Mapped[datetime | None]
