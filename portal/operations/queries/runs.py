"""Runs as lists: the runs of an event or organisation, and what is counted of each (E7)."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal.models import Event, Mapping, Organisation, Outcome, Run, db
from portal.operations.queries.narrowing import nearest_page

RUNS_PER_PAGE = 50
COUNTED = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.SKIPPED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class RunsPage:
    """One page of runs, newest first."""

    runs: list[Run]
    page: int
    pages: int

    @property
    def is_live(self) -> bool:
        """Whether one of them still waits or works."""
        return any(run.is_active for run in self.runs)


def list_runs(organisation: Organisation, event: Event | None, page: int) -> RunsPage:
    """Those of one event, where it is given; a page beyond the last one is the last one."""
    wanted = [Run.organisation_id == organisation.id]
    if event is not None:
        wanted.append(Run.event_id == event.id)
    total = db.session.scalar(select(func.count()).select_from(Run).where(*wanted)) or 0
    shown, pages = nearest_page(page, total, RUNS_PER_PAGE)
    runs = db.session.scalars(
        select(Run)
        .where(*wanted)
        .options(joinedload(Run.event))
        .order_by(Run.id.desc())
        .offset((shown - 1) * RUNS_PER_PAGE)
        .limit(RUNS_PER_PAGE)
    )
    return RunsPage(list(runs), shown, pages)


def newest_by_mapping(*conditions: ColumnElement[bool]) -> dict[int, Run]:
    """The newest of such runs of each mapping, by the mapping's id.

    One from before the mapping was removed and made again may have been for another seminar: it does not count.
    """
    since = Run.queued_at >= Mapping.created_at
    ids = select(func.max(Run.id)).join(Run.mapping).where(*conditions, since).group_by(Run.mapping_id)
    found = db.session.scalars(select(Run).where(Run.id.in_(ids)))
    return {run.mapping_id: run for run in found if run.mapping_id is not None}


def outcomes_by_kind(run: Run) -> dict[str, tuple[int, int]]:
    """How many sessions and people had which outcome, from the run's own counts, which outlive its records."""
    counts: dict[str, Counter[str]] = {
        kind: Counter({name: each for name, each in told.items() if isinstance(each, int)})
        for kind, told in run.counts.items()
        if isinstance(told, dict)
    }
    nothing: Counter[str] = Counter()
    sessions, people = counts.get("sessions", nothing), counts.get("speakers", nothing)
    return {str(each): (sessions[each], people[each]) for each in COUNTED}
