"""Narrows a long list: by what its rows are, with a number for each choice, and cut into pages. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from portal.sync.planning.standing import SyncState

ROWS_PER_PAGE = 100  # G5
WITHOUT = "-"  # the choice of the rows that have none
PROBLEM = "yes"  # the choice of the rows that need somebody

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Facet(Generic[Row]):
    """One thing that a list is narrowed by; `values` are what a row has of it, each once."""

    key: str
    values: Callable[[Row], Collection[str]]


@dataclass(frozen=True, slots=True)
class Narrowed(Generic[Row]):
    """The rows that fit, in their order, and for each facet how many there would be with each of its values."""

    rows: list[Row]
    numbers: dict[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of the rows that fit; `first` and `last` are numbers as people count."""

    rows: list[Row]
    found: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * ROWS_PER_PAGE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def narrow(
    rows: Sequence[Row],
    facets: Sequence[Facet[Row]],
    chosen: Mapping[str, Collection[str]],
    fits: Callable[[Row], bool],
) -> Narrowed[Row]:
    """The rows that fit and have one of the chosen values of each facet; no value chosen means any.

    A value's number is that of the rows which fit everything else: what choosing it would show.
    """
    asked = [(each, frozenset(chosen[each.key])) for each in facets if chosen.get(each.key)]
    fitting: list[Row] = []
    near: dict[str, list[Row]] = {each.key: [] for each, _ in asked}  # those that miss this one facet alone
    for row in rows:
        if not fits(row):
            continue
        missed = [each.key for each, wanted in asked if wanted.isdisjoint(each.values(row))]
        if not missed:
            fitting.append(row)
        elif len(missed) == 1:
            near[missed[0]].append(row)
    numbers = {
        each.key: Counter(chain.from_iterable(map(each.values, chain(fitting, near.get(each.key, ())))))
        for each in facets
    }
    return Narrowed(fitting, numbers)


def by_standing(states: Mapping[str, SyncState]) -> Facet[Any]:
    """How the rows, by their `source_id`, stand towards ASP (E9)."""

    def standing(row: Any) -> tuple[str, ...]:
        found = states.get(row.source_id)
        return (found.standing,) if found else ()

    return Facet("state", standing)


def by_problem(has_problem: Callable[[Row], bool]) -> Facet[Row]:
    """Which rows need somebody."""
    return Facet("problem", lambda row: (PROBLEM,) if has_problem(row) else ())


def nearest_page(page: int, found: int, per_page: int = ROWS_PER_PAGE) -> tuple[int, int]:
    """The page itself where there is one of its number, else the nearest that is; and how many there are."""
    pages = max(1, -(-found // per_page))
    return min(max(page, 1), pages), pages


def cut(rows: Sequence[Row], page: int) -> Page[Row]:
    """The page of the rows; one that is not there is the nearest that is."""
    shown, pages = nearest_page(page, len(rows))
    first = (shown - 1) * ROWS_PER_PAGE
    return Page(list(rows[first : first + ROWS_PER_PAGE]), len(rows), shown, pages)
