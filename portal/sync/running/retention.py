"""How long details are kept: a run's records and requests (E7), what was dismissed of it, an upload (H2)."""

from datetime import timedelta

from sqlalchemy import delete, select, tuple_

from portal.models import (
    ACTIVE,
    KEPT,
    DismissedProblem,
    RequestLog,
    Run,
    RunRecord,
    Sighting,
    Upload,
    db,
    now,
)

KEPT_REQUESTS = timedelta(days=14)


def forget_old_records(event_id: int, kept_runs: int) -> None:
    """Delete the records of all but the latest runs of an event, requests that are old, and what was watched of ended
    runs; commit.
    """
    oldest_kept = db.session.scalar(
        select(Run.id)
        .where(Run.event_id == event_id)
        .order_by(Run.id.desc())
        .offset(max(kept_runs - 1, 0))
        .limit(1)
    )
    if oldest_kept is not None:
        older = select(Run.id).where(Run.event_id == event_id, Run.id < oldest_kept)
        db.session.execute(delete(RunRecord).where(RunRecord.run_id.in_(older)))
    db.session.execute(delete(RequestLog).where(RequestLog.kept_at < now() - KEPT_REQUESTS))
    ended = select(Run.id).where(Run.event_id == event_id, Run.status.not_in(ACTIVE))
    db.session.execute(delete(Sighting).where(Sighting.run_id.in_(ended)))
    db.session.commit()


def forget_changed_problems(run_id: int, event_id: int) -> None:
    """Delete the dismissals of records for which a complete run now says something else; commit."""
    told = select(RunRecord.kind, RunRecord.source_id, RunRecord.reason).where(
        RunRecord.run_id == run_id, RunRecord.reason.is_not(None)
    )
    dismissed = tuple_(DismissedProblem.kind, DismissedProblem.source_id, DismissedProblem.reason)
    db.session.execute(
        delete(DismissedProblem).where(DismissedProblem.event_id == event_id, dismissed.not_in(told))
    )
    db.session.commit()


def forget_old_uploads() -> None:
    """Delete the programme files that have waited for longer than a day; commit."""
    db.session.execute(delete(Upload).where(Upload.created_at < now() - KEPT))
    db.session.commit()
