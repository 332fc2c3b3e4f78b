"""The organisation's History as it is asked for: searched, narrowed, a page of it (G2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, Text, cast, func, or_, select, true

from portal.models import Contact, Event, HistoryEntry, Organisation, Session, db
from portal.operations.queries.narrowing import ROWS_PER_PAGE, WITHOUT, Page, nearest_page
from portal.text.searching import searchable

FACETS = {"kind": HistoryEntry.kind, "by": HistoryEntry.actor, "event": cast(HistoryEntry.event_id, Text)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a history is to be shown: words, the chosen values of each facet, days of a timezone."""

    search: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class HistoryList:
    """A page of the entries that fit, newest first, and how many there would be with each other choice.

    `events` are the names of the organisation's events by their ids; `existing` are the records that are still there,
    as their event's id and their own.
    """

    page: Page[HistoryEntry]
    numbers: dict[str, Counter[str]]
    total: int
    events: dict[int, str]
    existing: set[tuple[int, str]]


def list_history(organisation: Organisation, wanted: Wanted, zone: tzinfo) -> HistoryList:
    """The days that are wanted begin and end by the clock of `zone`."""
    own = HistoryEntry.organisation_id == organisation.id
    fitting = [own, *_of_days(wanted, zone)]
    if needle := searchable(wanted.search):
        fitting.append(HistoryEntry.words.contains(needle, autoescape=True))
    narrowed = {name: _chosen(name, wanted.chosen.get(name, ())) for name in FACETS}
    numbers = {
        name: _count(name, [*fitting, *(each for other, each in narrowed.items() if other != name)])
        for name in FACETS
    }
    fitting += narrowed.values()
    found = db.session.scalar(select(func.count()).select_from(HistoryEntry).where(*fitting)) or 0
    shown, pages = nearest_page(wanted.page, found)
    entries = db.session.scalars(
        select(HistoryEntry)
        .where(*fitting)
        .order_by(HistoryEntry.created_at.desc(), HistoryEntry.id.desc())
        .offset((shown - 1) * ROWS_PER_PAGE)
        .limit(ROWS_PER_PAGE)
    ).all()
    names = select(Event.id, Event.name).where(Event.organisation_id == organisation.id)
    return HistoryList(
        Page(list(entries), found, shown, pages),
        numbers,
        db.session.scalar(select(func.count()).select_from(HistoryEntry).where(own)) or 0,
        {row.id: row.name for row in db.session.execute(names)},
        _existing(entries),
    )


def _of_days(wanted: Wanted, zone: tzinfo) -> list[ColumnElement[bool]]:
    bounds: list[ColumnElement[bool]] = []
    if wanted.first_day is not None:
        bounds.append(HistoryEntry.created_at >= datetime.combine(wanted.first_day, time.min, zone))
    if wanted.last_day is not None:
        after = wanted.last_day + timedelta(days=1)
        bounds.append(HistoryEntry.created_at < datetime.combine(after, time.min, zone))
    return bounds


def _chosen(name: str, values: Sequence[str]) -> ColumnElement[bool]:
    column = FACETS[name]
    if not values:
        return true()
    is_one_of = column.in_(values)
    return or_(is_one_of, column.is_(None)) if WITHOUT in values else is_one_of


def _count(name: str, fitting: Sequence[ColumnElement[bool]]) -> Counter[str]:
    column = FACETS[name]
    rows = db.session.execute(select(column, func.count()).where(*fitting).group_by(column))
    return Counter({value if value is not None else WITHOUT: number for value, number in rows})


def _existing(entries: Sequence[HistoryEntry]) -> set[tuple[int, str]]:
    """Which of the records that the entries tell of are still there, so that they can be links."""
    found: set[tuple[int, str]] = set()
    for table, named in ((Session, HistoryEntry.session_id), (Contact, HistoryEntry.contact_id)):
        ids = {getattr(entry, named.key) for entry in entries} - {None}
        if ids:
            events = {entry.event_id for entry in entries}
            rows = db.session.execute(
                select(table.event_id, table.source_id).where(
                    table.source_id.in_(ids), table.event_id.in_(events)
                )
            )
            found.update((row.event_id, row.source_id) for row in rows)
    return found
