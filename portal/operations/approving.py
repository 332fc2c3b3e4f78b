"""An admin's word that a sync may unpublish as many records as a run withheld (D12)."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.errors import Refused
from portal.models import Run, RunRecord, db
from portal.operations.history import record
from portal.operations.queries.run_records import RECORDS_PER_PAGE
from portal.operations.queueing import start_sync

NO_LONGER = "This run asks for no approval any more."


def asks_for_approval(run: Run) -> bool:
    """Whether the run withheld records and no later run of its event has planned anew."""
    if not run.withheld or run.mapping is None or run.mapping.removed_at is not None:
        return False
    return run.id == _latest_run_id(run)


@dataclass(frozen=True, slots=True)
class WithheldPage:
    """One page of what a run would have unpublished."""

    rows: list[RunRecord]
    page: int
    pages: int


def list_withheld(run: Run, page: int = 1) -> WithheldPage:
    """The records that the run would have unpublished, sessions first, by name; page by page (G5)."""
    pages = max(1, -(-run.withheld // RECORDS_PER_PAGE))
    shown = min(max(page, 1), pages)
    records = (
        select(RunRecord)
        .where(RunRecord.run_id == run.id, RunRecord.withheld)
        .order_by(RunRecord.kind, func.lower(RunRecord.name), RunRecord.id)
        .offset((shown - 1) * RECORDS_PER_PAGE)
        .limit(RECORDS_PER_PAGE)
    )
    return WithheldPage(list(db.session.scalars(records)), shown, pages)


def approve_unpublishing(run: Run, number: int, actor: str, user_id: int | None) -> Run:
    """Sync again with the word that a run asked for; it belongs to the new run, and counts for `number` records.

    `number` is what the admin was shown. Raises Refused when the run asks for another number or none any more,
    PortalError when no sync can be started: the word is gone then.
    """
    mapping = run.mapping
    if mapping is None or not asks_for_approval(run):
        latest = _latest_run_id(run)
        later = f" Run {latest} has planned anew: see what it says." if latest != run.id else ""
        raise Refused(NO_LONGER + later)
    if number != run.withheld:
        raise Refused(
            f"This run asks about {run.withheld:,} records, not {number:,}. Look at the list again."
        )
    organisation_id, event_id, name = mapping.organisation_id, run.event_id, mapping.event.name
    following = start_sync(mapping, actor, user_id, unpublish_approved=number)
    records = f"{number:,} record{'' if number == 1 else 's'}"
    text = f"Approved unpublishing {records} of {name} in ASP."
    record(organisation_id, actor, "unpublishing approved", text, user_id=user_id, event_id=event_id)
    db.session.commit()
    return following


def _latest_run_id(run: Run) -> int | None:
    return db.session.scalar(select(func.max(Run.id)).where(Run.event_id == run.event_id))
