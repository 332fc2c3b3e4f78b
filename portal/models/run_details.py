"""What is kept beside a run: its requests to ASP, and the problems that somebody has seen enough of (E7)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, now


class RequestLog(Base):
    """The requests of a run as ASP's support may see them: a compressed CSV without queries, headers and bodies."""

    __tablename__ = "request_log"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    kept_at: Mapped[datetime] = mapped_column(default=now)
    packed: Mapped[bytes]


class DismissedProblem(Base):
    """A record's reason that runs need not tell of any more, until it is another one."""

    __tablename__ = "dismissed_problem"
    __table_args__ = (Index("dismissed_by_event", "event_id", "kind", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[str]  # "session" or "speaker"
    source_id: Mapped[str]
    reason: Mapped[str]
    dismissed_by: Mapped[str]
    dismissed_at: Mapped[datetime] = mapped_column(default=now)
