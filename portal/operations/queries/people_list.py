"""The people of an event as they are asked for: searched, narrowed, in an order, a page of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.cache import current_cache
from portal.models import Contact, Event, Participant, db
from portal.operations.queries.narrowing import WITHOUT, Facet, Page, by_problem, by_standing, cut, narrow
from portal.sync.planning.standing import SyncState, would_fail
from portal.sync.running.versions import programme_version
from portal.text.matching import fold, trimmed
from portal.text.naming import name_of
from portal.text.searching import searchable

PEOPLE_FACETS = ("state", "role", "acceptance", "company", "problem")
PEOPLE_SORTS = {"name": "Name", "sessions": "Most sessions", "problem": "What needs you first"}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the event's list; `roles` and `acceptances` are those of the sessions they are on."""

    source_id: str
    name: str
    email: str | None
    job: str
    company: str | None
    sessions: int
    roles: tuple[str, ...]
    acceptances: tuple[str, ...]
    missing: tuple[str, ...]  # what a sync needs and they lack (D7)
    words: str  # searched: name, e-mail, job and company


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A page of the people that fit, how many there would be with each other choice, and how many there are."""

    page: Page[PersonRow]
    numbers: dict[str, Counter[str]]
    total: int


def _load_people(event: Event) -> tuple[PersonRow, ...]:
    """Everybody of the event by name, as it stands now; read once for each version of the programme."""
    name, version = ("people", event.id), programme_version(event)
    kept: tuple[PersonRow, ...] | None = current_cache().find(name, version)
    if kept is None:
        kept = _read(event)
        current_cache().keep(name, version, kept, len(kept))
    return kept


def list_people(
    event: Event,
    states: Mapping[str, SyncState],
    chosen: Mapping[str, Collection[str]],
    search: str = "",
    sort: str = "name",
    page: int = 1,
) -> PeopleList:
    """The people who fit the search and the choices, by facet; a sort that is not offered counts as name."""
    rows, needle = _load_people(event), searchable(search)
    narrowed = narrow(rows, _facets(states), chosen, lambda row: needle in row.words)
    keys: dict[str, Callable[[PersonRow], Any]] = {
        "sessions": lambda row: -row.sessions,
        "problem": lambda row: not _has_problem(row, states),
    }
    in_order = sorted(narrowed.rows, key=keys[sort]) if sort in keys else narrowed.rows
    return PeopleList(cut(in_order, page), narrowed.numbers, len(rows))


def find_people(event: Event, search: str, most: int) -> list[PersonRow]:
    """The first who fit, by name before those who fit by their address or company alone; nobody without a search."""
    needle = searchable(search)
    if not needle:
        return []
    found = [row for row in _load_people(event) if needle in row.words]
    return sorted(found, key=lambda row: needle not in searchable(row.name))[:most]


def find_alike(event: Event, contact: Contact, most: int) -> list[PersonRow]:
    """The others of the event who have the same e-mail or the same name: perhaps they are one person (D13)."""
    email = fold(contact.email or "")
    name = searchable(name_of(contact.first_name, contact.last_name, None))
    named = contact.first_name or contact.last_name
    return [
        row
        for row in _load_people(event)
        if row.source_id != contact.source_id
        and ((email and fold(row.email or "") == email) or (named and searchable(row.name) == name))
    ][:most]


def _facets(states: Mapping[str, SyncState]) -> list[Facet[PersonRow]]:
    return [
        by_standing(states),
        Facet("role", lambda row: row.roles or (WITHOUT,)),
        Facet("acceptance", lambda row: row.acceptances or (WITHOUT,)),
        Facet("company", lambda row: (row.company or WITHOUT,)),
        by_problem(lambda row: _has_problem(row, states)),
    ]


def _has_problem(row: PersonRow, states: Mapping[str, SyncState]) -> bool:
    """Whether a sync would fail with them, or would once they take part in a session (D7)."""
    return bool(row.missing) or would_fail(states, row.source_id)


def _read(event: Event) -> tuple[PersonRow, ...]:
    parts: dict[int, list[Any]] = defaultdict(list)
    for part in db.session.execute(
        select(Participant.contact_id, Participant.session_id, Participant.role, Participant.status)
        .join(Contact, Contact.id == Participant.contact_id)
        .where(Contact.event_id == event.id)
        .order_by(Participant.id)
    ):
        parts[part.contact_id].append(part)
    people = db.session.execute(
        select(
            Contact.id,
            Contact.source_id,
            Contact.first_name,
            Contact.last_name,
            Contact.email,
            Contact.job_title,
            Contact.company_name,
        ).where(Contact.event_id == event.id)
    )
    rows = [_row(person, parts[person.id]) for person in people]
    return tuple(sorted(rows, key=lambda row: (searchable(row.name), row.source_id)))


def _row(person: Any, parts: list[Any]) -> PersonRow:
    name = name_of(person.first_name, person.last_name, person.email)
    job = ", ".join(part for part in (person.job_title, person.company_name) if part)
    needed = {"first name": person.first_name, "last name": person.last_name, "e-mail": person.email}
    return PersonRow(
        source_id=person.source_id,
        name=name,
        email=person.email,
        job=job,
        company=person.company_name,
        sessions=len({part.session_id for part in parts}),
        roles=tuple(dict.fromkeys(part.role for part in parts)),
        acceptances=tuple(dict.fromkeys(part.status for part in parts)),
        missing=tuple(label for label, value in needed.items() if not trimmed(value or "")),
        words=searchable(f"{name} {person.email or ''} {job}"),
    )
