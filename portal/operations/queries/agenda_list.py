"""The agenda as it is asked for: searched, narrowed, in an order, a page of it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.operations.queries.agenda import Agenda, AgendaRow
from portal.operations.queries.narrowing import (
    ROWS_PER_PAGE,
    WITHOUT,
    Facet,
    Page,
    by_problem,
    by_standing,
    cut,
    narrow,
)
from portal.sync.planning.standing import Standing, SyncState, would_fail
from portal.text.searching import searchable

FACETS = ("status", "state", "day", "room", "track", "tag", "format", "problem")
SORTS = {
    "time": "Time",
    "title": "Title",
    "room": "Room",
    "changed": "Changed last",
    "problem": "What needs you first",
}
# What needs somebody, most urgent first; what is not named comes after.
URGENCY = (Standing.FAILED, Standing.WOULD_BE_UNPUBLISHED, Standing.CHANGED, Standing.WAITING)


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """The sessions of one day; `day` is None for those without a date."""

    day: date | None
    rows: list[AgendaRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AgendaList:
    """A page of the sessions that fit, and how many there would be with each other choice."""

    page: Page[AgendaRow]
    numbers: dict[str, Counter[str]]
    days: list[AgendaDay]  # those of the page, where it is in the order of time
    fitting: list[AgendaRow]


def list_agenda(
    agenda: Agenda,
    states: Mapping[str, SyncState],
    chosen: Mapping[str, Collection[str]],
    search: str,
    sort: str = "time",
    page: int = 1,
) -> AgendaList:
    """The sessions that fit the search and the choices, by facet; a sort that is not offered counts as time."""
    needle = searchable(search)
    narrowed = narrow(agenda.rows, _facets(agenda, states), chosen, lambda row: needle in row.words)
    by_time = sort not in SORTS or sort == "time"
    in_order = narrowed.rows if by_time else sorted(narrowed.rows, key=_key(sort, agenda, states))
    shown = cut(in_order, page)
    return AgendaList(shown, narrowed.numbers, _by_day(shown.rows) if by_time else [], narrowed.rows)


def _by_day(rows: Iterable[AgendaRow]) -> list[AgendaDay]:
    """Rows in the order of time, those of a day together."""
    days: list[AgendaDay] = []
    for row in rows:
        if not days or days[-1].day != row.day:
            days.append(AgendaDay(row.day))
        days[-1].rows.append(row)
    return days


def pages_of_hours(rows: Iterable[AgendaRow]) -> dict[int, int]:
    """The hours in which something begins, each with the page that it begins on; `rows` are those of one day."""
    pages: dict[int, int] = {}
    for place, row in enumerate(rows):
        if row.starts_at is not None:
            pages.setdefault(row.starts_at.hour, place // ROWS_PER_PAGE + 1)
    return pages


def _facets(agenda: Agenda, states: Mapping[str, SyncState]) -> list[Facet[AgendaRow]]:
    return [
        Facet("status", lambda row: (row.status,)),
        by_standing(states),
        Facet("day", lambda row: (row.day.isoformat() if row.day else WITHOUT,)),
        Facet("room", lambda row: (row.room or WITHOUT,)),
        Facet("track", lambda row: (row.track or WITHOUT,)),
        Facet("tag", lambda row: dict.fromkeys(tag.name for tag in row.tags) or (WITHOUT,)),
        Facet("format", lambda row: (row.format or WITHOUT,)),
        by_problem(lambda row: agenda.has_problem(row) or would_fail(states, row.source_id)),
    ]


def _key(sort: str, agenda: Agenda, states: Mapping[str, SyncState]) -> Callable[[AgendaRow], Any]:
    """What rows are compared by; those that are equal in it stay in the order of time."""

    def urgency(row: AgendaRow) -> int:
        state = states.get(row.source_id)
        if agenda.has_problem(row):
            return 0
        return URGENCY.index(state.standing) if state and state.standing in URGENCY else len(URGENCY)

    keys: dict[str, Callable[[AgendaRow], Any]] = {
        "title": lambda row: searchable(row.title or ""),
        "room": lambda row: (row.room is None, searchable(row.room or "")),
        "changed": lambda row: -row.updated_at.timestamp() if row.updated_at else 0.0,
        "problem": urgency,
    }
    return keys[sort]
