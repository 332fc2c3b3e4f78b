"""Runs, as lists and one by one with what became of every record (E7)."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.models import Event, Organisation, Outcome, Run, RunRecord, db
from portal.operations.queries.search import folded

RUNS_PER_PAGE = 50
RECORDS_PER_PAGE = 200
# What needs somebody's attention comes first.
ORDER = {
    outcome: place
    for place, outcome in enumerate(
        (
            Outcome.FAILED,
            Outcome.WARNING,
            Outcome.CREATED,
            Outcome.UPDATED,
            Outcome.SKIPPED,
            Outcome.UNCHANGED,
        )
    )
}


@dataclass(frozen=True, slots=True)
class RunsPage:
    """One page of runs, newest first."""

    runs: list[Run]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """One page of a run's records that fit, and how many there are of each outcome."""

    rows: list[RunRecord]
    counts: dict[str, int]
    total: int
    found: int
    page: int
    pages: int


def list_runs(organisation: Organisation, event: Event | None = None, page: int = 1) -> RunsPage:
    wanted = [Run.organisation_id == organisation.id]
    if event is not None:
        wanted.append(Run.event_id == event.id)
    total = db.session.scalar(select(func.count()).select_from(Run).where(*wanted)) or 0
    pages = max(1, -(-total // RUNS_PER_PAGE))
    shown = min(max(page, 1), pages)
    runs = db.session.scalars(
        select(Run)
        .where(*wanted)
        .options(joinedload(Run.event))
        .order_by(Run.id.desc())
        .offset((shown - 1) * RUNS_PER_PAGE)
        .limit(RUNS_PER_PAGE)
    )
    return RunsPage(list(runs), shown, pages)


def list_records(run: Run, outcome: str = "", search: str = "", page: int = 1) -> RecordsPage:
    records = db.session.scalars(select(RunRecord).where(RunRecord.run_id == run.id)).all()
    counts = Counter(record.outcome for record in records)
    needle = folded(search)
    fitting = [
        record
        for record in records
        if (not outcome or record.outcome == outcome)
        and (not needle or needle in folded(f"{record.name} {record.reason or ''} {record.source_id}"))
    ]
    fitting.sort(
        key=lambda each: (ORDER.get(Outcome(each.outcome), 9), each.kind, folded(each.name), each.id)
    )
    pages = max(1, -(-len(fitting) // RECORDS_PER_PAGE))
    shown = min(max(page, 1), pages)
    first = (shown - 1) * RECORDS_PER_PAGE
    ordered = {str(each): counts[each] for each in ORDER if counts[each]}
    return RecordsPage(
        fitting[first : first + RECORDS_PER_PAGE], ordered, len(records), len(fitting), shown, pages
    )


def count_outcomes(run: Run) -> dict[str, int]:
    """How many records of any kind had which outcome, from the run's own counts, which outlive its records."""
    totals: Counter[str] = Counter()
    for counts in run.counts.values():
        if isinstance(counts, dict):
            totals.update({name: number for name, number in counts.items() if isinstance(number, int)})
    return {
        str(outcome): totals[outcome]
        for outcome in (
            Outcome.CREATED,
            Outcome.UPDATED,
            Outcome.UNCHANGED,
            Outcome.SKIPPED,
            Outcome.FAILED,
        )
    }
