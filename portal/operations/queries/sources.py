"""Where an organisation's programmes come from: what the card and the pages of an event show (H1)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.models import Event, Organisation, PulledEvent, Source, db
from portal.operations.queries.editable import FROM_SESSIONBOARD


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """An event that is pulled, and when its programme was last brought up to date."""

    event: Event
    pulled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the card of Sessionboard shows."""

    source: Source | None
    taken: list[TakenEvent]


def describe_source(organisation: Organisation) -> SourceState:
    """The organisation's source and its events, in the order of their names."""
    source = db.session.scalar(select(Source).where(Source.organisation_id == organisation.id))
    rows = db.session.execute(
        select(Event, PulledEvent.pulled_at)
        .outerjoin(PulledEvent, PulledEvent.event_id == Event.id)
        .where(Event.organisation_id == organisation.id, Event.source == FROM_SESSIONBOARD)
        .order_by(Event.name, Event.id)
    )
    return SourceState(source, [TakenEvent(event, pulled_at) for event, pulled_at in rows])
