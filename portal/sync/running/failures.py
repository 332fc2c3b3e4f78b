"""What ASP itself kept a run from writing (E9): no plan knows of it, only the run that met it."""

from datetime import datetime

from sqlalchemy import select

from portal.models import ACTIVE, Contact, LinkKind, Mapping, Outcome, Run, RunRecord, Session, db
from portal.sync.planning.mending import is_planned


def load_failures(mapping: Mapping | None) -> dict[str, dict[str, str]]:
    """Why records failed in the mapping's last run, by kind and id: those that nobody has changed since.

    What fails by its own fields is left out: each plan says that anew as long as it is true.
    """
    failures: dict[str, dict[str, str]] = {LinkKind.SESSION: {}, LinkKind.SPEAKER: {}}
    if mapping is None:
        return failures
    own = (Run.mapping_id == mapping.id, Run.queued_at >= mapping.created_at, Run.status.not_in(ACTIVE))
    last = select(Run.id).where(*own).order_by(Run.id.desc()).limit(1).scalar_subquery()
    told = select(Run.queued_at, Run.finished_at, RunRecord.kind, RunRecord.source_id, RunRecord.reason)
    rows = db.session.execute(
        told.join(Run, Run.id == RunRecord.run_id).where(
            RunRecord.run_id == last, RunRecord.outcome == Outcome.FAILED, RunRecord.kind.in_(failures)
        )
    ).all()
    if rows:
        changed = changed_since(mapping.event_id, rows[0].finished_at or rows[0].queued_at)
        for row in rows:
            if row.reason and (row.kind, row.source_id) not in changed and not is_planned(row.reason):
                failures[row.kind][row.source_id] = row.reason
    return failures


def changed_since(event_id: int, moment: datetime) -> set[tuple[str, str]]:
    """The sessions and people of the event that were changed after that moment, by kind and id."""
    return {
        (kind, source_id)
        for kind, table in ((LinkKind.SESSION, Session), (LinkKind.SPEAKER, Contact))
        for source_id in db.session.scalars(
            select(table.source_id).where(table.event_id == event_id, table.changed_at > moment)
        )
    }
