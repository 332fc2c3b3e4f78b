"""The events of an organisation as its first page and an event's details show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, func, select

from portal.models import Contact, Event, Mapping, Organisation, Run, Session, db


@dataclass(frozen=True, slots=True)
class EventSummary:
    """An event with its extent and what became of it in ASP."""

    event: Event
    first_start: datetime | None
    last_end: datetime | None
    sessions: int
    people: int
    mapping: Mapping | None
    last_run: Run | None


def list_events(organisation: Organisation) -> list[EventSummary]:
    """Newest first by their dates; those without a dated session come first of all."""
    events = db.session.scalars(select(Event).where(Event.organisation_id == organisation.id)).all()
    summaries = list(_summaries(list(events)))
    return sorted(
        summaries,
        key=lambda each: (each.first_start is None, each.first_start or each.event.created_at, each.event.id),
        reverse=True,
    )


def summarise_event(event: Event) -> EventSummary:
    return next(_summaries([event]))


def find_extent(event: Event) -> tuple[datetime | None, datetime | None]:
    """When the first session starts and the last one ends."""
    row = _extents([event.id]).get(event.id)
    return (row.first_start, row.last_end) if row else (None, None)


def _summaries(events: list[Event]) -> Iterator[EventSummary]:
    ids = [event.id for event in events]
    extents = _extents(ids)
    people = dict(
        db.session.execute(
            select(Contact.event_id, func.count()).where(Contact.event_id.in_(ids)).group_by(Contact.event_id)
        ).all()
    )
    mappings = {
        mapping.event_id: mapping
        for mapping in db.session.scalars(
            select(Mapping).where(Mapping.event_id.in_(ids), Mapping.removed_at.is_(None))
        )
    }
    newest = select(func.max(Run.id)).where(Run.event_id.in_(ids)).group_by(Run.event_id)
    runs = {run.event_id: run for run in db.session.scalars(select(Run).where(Run.id.in_(newest)))}
    for event in events:
        extent = extents.get(event.id)
        yield EventSummary(
            event=event,
            first_start=extent.first_start if extent else None,
            last_end=extent.last_end if extent else None,
            sessions=extent.sessions if extent else 0,
            people=people.get(event.id, 0),
            mapping=mappings.get(event.id),
            last_run=runs.get(event.id),
        )


def _extents(event_ids: list[int]) -> dict[int, Row]:
    rows = db.session.execute(
        select(
            Session.event_id,
            func.min(Session.starts_at).label("first_start"),
            func.max(func.coalesce(Session.ends_at, Session.starts_at)).label("last_end"),
            func.count().label("sessions"),
        )
        .where(Session.event_id.in_(event_ids))
        .group_by(Session.event_id)
    )
    return {row.event_id: row for row in rows}


def count_statuses(event: Event) -> dict[str, int]:
    """How many sessions have which status."""
    rows = db.session.execute(
        select(Session.status, func.count())
        .where(Session.event_id == event.id)
        .group_by(Session.status)
        .order_by(func.count().desc(), Session.status)
    )
    return dict(rows.all())
