"""The agenda: every session of an event by day, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.models import Choice, ChoiceKind, Contact, Event, Participant, Session, SessionTag, db
from portal.operations.queries.search import folded


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
    """One session; its times are those of the event's clock."""

    source_id: str
    title: str | None
    status: str
    starts_at: datetime | None
    ends_at: datetime | None
    room: str | None
    format: str | None
    people: list[Person]
    tags: list[Tag]

    def matches(self, search: str) -> bool:
        """Whether the folded words stand in title, people, room, format or tags."""
        names = [person.name for person in self.people] + [tag.name for tag in self.tags]
        return search in folded(" ".join([self.title or "", self.room or "", self.format or "", *names]))


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """The sessions of one day; `day` is None for those without a date."""

    day: date | None
    rows: list[AgendaRow] = field(default_factory=list)


def list_agenda(event: Event, search: str = "", status: str = "") -> list[AgendaDay]:
    """The sessions that fit, by day and time; those without a date last."""
    needle = folded(search)
    rows = [
        row
        for row in _all_rows(event)
        if (not status or row.status == status) and (not needle or row.matches(needle))
    ]
    return _by_day(rows)


def _by_day(rows: Iterable[AgendaRow]) -> list[AgendaDay]:
    days: dict[date | None, AgendaDay] = {}
    for row in rows:
        day = row.starts_at.date() if row.starts_at else None
        days.setdefault(day, AgendaDay(day)).rows.append(row)
    undated = days.pop(None, None)
    return [*days.values(), undated] if undated else list(days.values())


def _all_rows(event: Event) -> list[AgendaRow]:
    zone = ZoneInfo(event.timezone)
    choices = {
        choice.id: choice
        for choice in db.session.execute(
            select(Choice.id, Choice.name, Choice.colour, Choice.kind).where(Choice.event_id == event.id)
        )
    }
    names = {identity: choice.name for identity, choice in choices.items()}
    people = list_participants(event)
    tags: dict[int, list[Tag]] = defaultdict(list)
    for link in db.session.execute(
        select(SessionTag.session_id, SessionTag.choice_id)
        .join(Session, Session.id == SessionTag.session_id)
        .where(Session.event_id == event.id)
        .order_by(SessionTag.session_id, SessionTag.position)
    ):
        choice = choices.get(link.choice_id)
        if choice is not None and choice.kind == ChoiceKind.TAG:
            tags[link.session_id].append(Tag(choice.name, choice.colour))
    rows = [
        AgendaRow(
            source_id=session.source_id,
            title=session.title,
            status=session.status,
            starts_at=session.starts_at.astimezone(zone) if session.starts_at else None,
            ends_at=session.ends_at.astimezone(zone) if session.ends_at else None,
            room=names.get(session.room_id),
            format=names.get(session.format_id),
            people=people.get(session.id, []),
            tags=tags.get(session.id, []),
        )
        for session in db.session.execute(
            select(
                Session.id,
                Session.source_id,
                Session.title,
                Session.status,
                Session.starts_at,
                Session.ends_at,
                Session.room_id,
                Session.format_id,
            )
            .where(Session.event_id == event.id)
            .order_by(Session.starts_at, Session.ends_at, Session.title, Session.id)
        )
    ]
    return rows


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


def name_of(first_name: str | None, last_name: str | None, email: str | None) -> str:
    """How a person is named in a list, whatever is known of them."""
    return " ".join(part for part in (first_name, last_name) if part) or email or "Without a name"
