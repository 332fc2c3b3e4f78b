"""The statuses of an event's sessions and people, and what each means (D6)."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.models import Category, Event, Participant, Session, db
from portal.operations.queries.events import count_statuses
from portal.programme.statuses import FIXED, category_of, told_categories


@dataclass(frozen=True, slots=True)
class EventStatus:
    """A status, its category (None: nobody has sorted it), and how many sessions and participants have it."""

    name: str
    category: Category | None
    sessions: int
    people: int

    @property
    def is_fixed(self) -> bool:
        """Whether its meaning cannot be changed."""
        return self.name in FIXED


def list_statuses(event: Event) -> list[EventStatus]:
    """Those in use, the most frequent first."""
    sessions = count_statuses(event)
    people = dict(
        db.session.execute(
            select(Participant.status, func.count())
            .join(Session, Session.id == Participant.session_id)
            .where(Session.event_id == event.id)
            .group_by(Participant.status)
        ).all()
    )
    told = told_categories(event.id)
    found = [
        EventStatus(name, category_of(name, told), sessions.get(name, 0), people.get(name, 0))
        for name in sessions.keys() | people.keys()
    ]
    return sorted(found, key=lambda each: (-each.sessions, -each.people, each.name))
