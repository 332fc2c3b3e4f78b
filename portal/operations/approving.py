"""Whether a run waits for an admin's word that very much may be unpublished (D12); the preview's page takes it."""

from sqlalchemy import func, select

from portal.models import Run, db


def asks_for_approval(run: Run) -> bool:
    """Whether the run withheld records and no later run of its event has planned anew."""
    if not run.withheld or run.mapping is None or run.mapping.removed_at is not None:
        return False
    return run.id == db.session.scalar(select(func.max(Run.id)).where(Run.event_id == run.event_id))
