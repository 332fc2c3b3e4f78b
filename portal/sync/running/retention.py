"""How long details are kept: a run's records for the latest runs (E7), an upload for a day (H2)."""

from sqlalchemy import delete, select

from portal.models import ACTIVE, KEPT, Run, RunRecord, Sighting, Upload, db, now


def forget_old_records(event_id: int, kept_runs: int) -> None:
    """Delete the records of all but the latest runs of an event, and what was watched of ended ones; commit."""
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
    ended = select(Run.id).where(Run.event_id == event_id, Run.status.not_in(ACTIVE))
    db.session.execute(delete(Sighting).where(Sighting.run_id.in_(ended)))
    db.session.commit()


def forget_old_uploads() -> None:
    """Delete the programme files that have waited for longer than a day; commit."""
    db.session.execute(delete(Upload).where(Upload.created_at < now() - KEPT))
    db.session.commit()
