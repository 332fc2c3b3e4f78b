"""Dismiss the problems that a run tells of: nobody needs to hear of them again, until they change (E7)."""

from sqlalchemy import delete, insert, select

from portal.errors import Refused
from portal.models import DismissedProblem, Run, RunRecord, db, now
from portal.operations.history import record
from portal.operations.queries.run_records import is_dismissed
from portal.text.numbers import count

GONE = "This run no longer tells of that problem."


def dismiss_problem(run: Run, like: int, actor: str) -> int:
    """Dismiss the reason of one of the run's rows for all records that have it; returns how many. Raises Refused."""
    reason = _reason(run, like)
    told = db.session.execute(
        select(RunRecord.kind, RunRecord.source_id)
        .where(RunRecord.run_id == run.id, RunRecord.reason == reason, ~is_dismissed(run))
        .distinct()
    ).mappings()
    rows = [
        {"event_id": run.event_id, "reason": reason, "dismissed_by": actor, "dismissed_at": now(), **each}
        for each in told
    ]
    if rows:
        db.session.execute(insert(DismissedProblem), rows)
        _note(run, actor, f"Dismissed for {count(len(rows), 'record')}: {reason}")
    return len(rows)


def restore_problem(run: Run, like: int, actor: str) -> int:
    """Tell of it again; returns for how many records. Raises Refused."""
    reason = _reason(run, like)
    again = delete(DismissedProblem).where(
        DismissedProblem.event_id == run.event_id, DismissedProblem.reason == reason
    )
    number = len(db.session.scalars(again.returning(DismissedProblem.id)).all())
    if number:
        _note(run, actor, f"No longer dismissed for {count(number, 'record')}: {reason}")
    return number


def _reason(run: Run, like: int) -> str:
    row = db.session.get(RunRecord, like)
    if row is None or row.run_id != run.id or not row.reason:
        raise Refused(GONE)
    return row.reason


def _note(run: Run, actor: str, text: str) -> None:
    record(run.organisation_id, actor, "problem dismissed", text, event_id=run.event_id, run_id=run.id)
    db.session.commit()
