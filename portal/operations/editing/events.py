"""Make an event by hand (H3)."""

from datetime import date

from sqlalchemy import exists, select

from portal.errors import InvalidFields
from portal.models import Contact, Event, Organisation, Session, await_turn, db
from portal.operations.editing.saving import editing
from portal.operations.history import record
from portal.programme.bounds import LONGEST_NAME
from portal.programme.values import flaw_of_text, timezones
from portal.text.clock import day_words
from portal.text.matching import trimmed


def create_event(
    organisation: Organisation,
    name: str,
    timezone: str,
    first_day: date | None,
    last_day: date | None,
    actor: str,
) -> Event:
    """An event whose programme is made in the portal; the same one while there is nothing in it, as when the form is
    sent twice. Raises InvalidFields.
    """
    name, timezone = trimmed(name), timezone.strip()
    _check(name, timezone, first_day, last_day)
    await_turn(Organisation, organisation.id)
    if made := _made_before(organisation, name, timezone, first_day):
        db.session.rollback()
        return made
    event = Event(
        organisation_id=organisation.id,
        source="portal",
        name=name,
        timezone=timezone,
        first_day=first_day,
        last_day=last_day or first_day,
    )
    db.session.add(event)
    db.session.flush()
    record(organisation.id, actor, "event made", f"Made the event {name} ({timezone}).", event_id=event.id)
    db.session.commit()
    return event


def _made_before(
    organisation: Organisation, name: str, timezone: str, first_day: date | None
) -> Event | None:
    return db.session.scalar(
        select(Event).where(
            Event.organisation_id == organisation.id,
            Event.source == "portal",
            Event.name == name,
            Event.timezone == timezone,
            Event.first_day == first_day,
            ~exists().where(Session.event_id == Event.id),
            ~exists().where(Contact.event_id == Event.id),
        )
    )


def change_event(event: Event, name: str, first_day: date | None, last_day: date | None, actor: str) -> None:
    """Another name and other days; the timezone changes by a rule of its own (D18). Raises Refused, InvalidFields."""
    with editing(event):
        name = trimmed(name)
        _check(name, event.timezone, first_day, last_day)
        before = event.name
        event.name, event.first_day, event.last_day = name, first_day, last_day or first_day
        text = f"Changed the details of {before}: its name is “{name}”, its days are {_days(event)}."
        record(event.organisation_id, actor, "event changed", text, event_id=event.id)


def _days(event: Event) -> str:
    if event.first_day is None:
        return "those of its sessions"
    if event.last_day in (None, event.first_day):
        return day_words(event.first_day)
    return f"{day_words(event.first_day)} to {day_words(event.last_day)}"


def _check(name: str, timezone: str, first_day: date | None, last_day: date | None) -> None:
    problems = {}
    if not name:
        problems["name"] = "Enter a name."
    elif len(name) > LONGEST_NAME:
        problems["name"] = f"A name has at most {LONGEST_NAME} characters."
    elif flaw := flaw_of_text(name):
        problems["name"] = f"The name {flaw}."
    if timezone not in timezones():
        problems["timezone"] = (
            f"“{timezone}” is no timezone. Choose one from the list." if timezone else "Choose a timezone."
        )
    if last_day and not first_day:
        problems["first_day"] = "Enter the first day too."
    elif first_day and last_day and last_day < first_day:
        problems["last_day"] = "The last day is before the first."
    if problems:
        raise InvalidFields(problems)
