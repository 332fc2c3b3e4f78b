"""How long the details of runs are kept: their counts for ever, their records for the latest runs (E7)."""

from sqlalchemy import delete, select

from portal.models import ACTIVE, Run, RunRecord, Sighting, db


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
