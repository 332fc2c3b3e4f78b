"""The agenda: every session of an event with what a list shows of it, and what cannot be true of the timetable.

It is read once for each version of the programme, in a fixed number of queries, and remembered.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.cache import current_cache
from portal.models import Category, Choice, ChoiceKind, Contact, Event, Participant, Session, SessionTag, db
from portal.programme.conflicts import Conflict, Slot, find_conflicts, shared_numbers
from portal.programme.statuses import category_of, told_categories
from portal.sync.running.versions import programme_version
from portal.text.naming import name_of
from portal.text.searching import searchable

# The colours of tracks that have none of their own, in the order of the event's tracks.
PALETTE = (
    "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
    "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A participant as a list names them."""

    source_id: str
    name: str
    role: str
    status: str


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    colour: str | None


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One session; its times are those of the event's clock. `stream` is its track, else its first tag."""

    source_id: str
    title: str | None
    status: str
    category: Category | None
    starts_at: datetime | None
    ends_at: datetime | None
    updated_at: datetime | None
    client_session_id: str | None
    room: str | None
    format: str | None
    track: str | None
    level: str | None
    language: str | None
    people: list[Person]
    tags: list[Tag]
    stream: Tag | None
    words: str  # searched: title, people, room, format, tags, client session ID

    @property
    def day(self) -> date | None:
        return self.starts_at.date() if self.starts_at else None


@dataclass(frozen=True, slots=True)
class Agenda:
    """All sessions of an event by time, those without a date last."""

    rows: tuple[AgendaRow, ...]
    by_id: dict[str, AgendaRow]
    conflicts: tuple[Conflict, ...]
    clashes: dict[str, list[Conflict]]  # by each session that has a part in it
    shared: dict[str, int]  # D17: how many others have the same client session ID
    people: dict[str, str]  # names by id, of those who are on a session

    def has_problem(self, row: AgendaRow) -> bool:
        """Whether something about the session itself is wrong, whatever a sync would make of it."""
        return row.source_id in self.clashes or row.source_id in self.shared


def load_agenda(event: Event) -> Agenda:
    """The event's agenda as it stands now."""
    name, version = ("agenda", event.id), programme_version(event)
    kept: Agenda | None = current_cache().find(name, version)
    if kept is None:
        kept = _read(event)
        current_cache().keep(name, version, kept, len(kept.rows))
    return kept


def _read(event: Event) -> Agenda:
    told = told_categories(event.id)
    rows = _rows(event, told)
    taking_place = [row for row in rows if row.category is not Category.DECLINED]
    slots = [_slot(row, told) for row in taking_place]
    conflicts = find_conflicts(slots, ZoneInfo(event.timezone), event.first_day, event.last_day)
    clashes: dict[str, list[Conflict]] = defaultdict(list)
    for each in conflicts:
        clashes[each.id].append(each)
        if each.other is not None:
            clashes[each.other].append(each)
    return Agenda(
        rows=tuple(rows),
        by_id={row.source_id: row for row in rows},
        conflicts=tuple(conflicts),
        clashes=dict(clashes),
        shared=shared_numbers((row.source_id, row.client_session_id) for row in taking_place),
        people={person.source_id: person.name for row in rows for person in row.people},
    )


def _slot(row: AgendaRow, told: Mapping[str, str]) -> Slot:
    people = tuple(
        person.source_id for person in row.people if category_of(person.status, told) is not Category.DECLINED
    )
    return Slot(row.source_id, row.starts_at, row.ends_at, row.room, people)


def _rows(event: Event, told: Mapping[str, str]) -> list[AgendaRow]:
    choices = _choices(event)
    people = list_participants(event)
    tags: dict[int, list[Tag]] = defaultdict(list)
    for link in db.session.execute(
        select(SessionTag.session_id, SessionTag.choice_id)
        .join(Session, Session.id == SessionTag.session_id)
        .where(Session.event_id == event.id)
        .order_by(SessionTag.session_id, SessionTag.position)
    ):
        if (tag := choices.get(link.choice_id)) is not None:
            tags[link.session_id].append(tag)
    columns = (
        "id source_id title status starts_at ends_at updated_at client_session_id "
        "room_id format_id track_id level_id language_id"
    ).split()
    sessions = db.session.execute(
        select(*(getattr(Session, column) for column in columns))
        .where(Session.event_id == event.id)
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.ends_at, Session.title, Session.id)
    )
    zone = ZoneInfo(event.timezone)
    return [
        _row(row, zone, choices, category_of(row.status, told), people.get(row.id, []), tags.get(row.id, []))
        for row in sessions
    ]


def _choices(event: Event) -> dict[int, Tag]:
    """The event's lists by id: names, and the colours of tags and tracks."""
    query = select(Choice.id, Choice.name, Choice.colour, Choice.kind).where(Choice.event_id == event.id)
    found: dict[int, Tag] = {}
    tracks = 0
    for choice in db.session.execute(query.order_by(Choice.id)):
        colour = choice.colour
        if choice.kind == ChoiceKind.TRACK:
            colour = colour or PALETTE[tracks % len(PALETTE)]
            tracks += 1
        found[choice.id] = Tag(choice.name, colour)
    return found


def _row(
    session: Any,
    zone: ZoneInfo,
    choices: Mapping[int, Tag],
    category: Category | None,
    people: list[Person],
    tags: list[Tag],
) -> AgendaRow:
    def name_in(choice_id: int | None) -> str | None:
        choice = choices.get(choice_id) if choice_id is not None else None
        return choice.name if choice is not None else None

    room, format = name_in(session.room_id), name_in(session.format_id)
    searched = [session.title, room, format, session.client_session_id]
    searched += [person.name for person in people] + [tag.name for tag in tags]
    return AgendaRow(
        source_id=session.source_id,
        title=session.title,
        status=session.status,
        category=category,
        starts_at=session.starts_at.astimezone(zone) if session.starts_at else None,
        ends_at=session.ends_at.astimezone(zone) if session.ends_at else None,
        updated_at=session.updated_at,
        client_session_id=session.client_session_id,
        room=room,
        format=format,
        track=name_in(session.track_id),
        level=name_in(session.level_id),
        language=name_in(session.language_id),
        people=people,
        tags=tags,
        stream=choices.get(session.track_id) or (tags[0] if tags else None),
        words=searchable(" ".join(each for each in searched if each)),
    )


def list_participants(event: Event, session: Session | None = None) -> dict[int, list[Person]]:
    """The participants by their session's id, in order; of one session alone when it is given."""
    query = (
        select(
            Participant.session_id,
            Participant.role,
            Participant.status,
            Contact.source_id,
            Contact.first_name,
            Contact.last_name,
            Contact.email,
        )
        .join(Contact, Contact.id == Participant.contact_id)
        .where(Contact.event_id == event.id)
        .order_by(Participant.session_id, Participant.position, Participant.id)
    )
    if session is not None:
        query = query.where(Participant.session_id == session.id)
    people: dict[int, list[Person]] = defaultdict(list)
    for row in db.session.execute(query):
        name = name_of(row.first_name, row.last_name, row.email)
        people[row.session_id].append(Person(row.source_id, name, row.role, row.status))
    return people
