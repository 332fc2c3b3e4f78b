"""Remove a session or a person by hand, and say before what becomes of their record in ASP (H3, D9)."""

from sqlalchemy import delete, select

from portal.models import Contact, ContentFile, Event, Link, LinkKind, Participant, Session, SessionTag, db
from portal.operations.editing.saving import editing, look_again, stamp
from portal.operations.editing.session_fields import write_fields
from portal.operations.history import record
from portal.operations.queries.drafts import draft_of_session
from portal.programme.edited import remember_told
from portal.programme.statuses import GONE
from portal.sync.running.terms import mapping_of
from portal.text.numbers import count

COMES_BACK = "The next file that has it brings it back."


def what_becomes_of_session(session: Session) -> list[str]:
    """What removing does, in sentences."""
    event = db.session.get_one(Event, session.event_id)
    if not is_linked(event, LinkKind.SESSION, session.source_id):
        told = ["It was never sent to ASP. It is removed for good, and its people stay in the event."]
        return told + ([COMES_BACK] if event.source == "file" else [])
    mapping = mapping_of(event)
    return [
        f"It was sent to ASP, where nothing is ever deleted. Here it counts as no longer accepted, with the status "
        f"“{GONE}”; with another status it is back.",
        "The next sync unpublishes its record in ASP."
        if mapping and mapping.unpublish_sessions
        else "Its record in ASP stays as it is; remove it there by hand.",
    ]


def what_becomes_of_person(contact: Contact) -> list[str]:
    """What removing does, in sentences."""
    event = db.session.get_one(Event, contact.event_id)
    number = len(sessions_of(contact))
    sessions = count(number, "session")
    told = [f"They are taken off {sessions}." if number else "They are on no session."]
    if not is_linked(event, LinkKind.SPEAKER, contact.source_id):
        told.append("They were never sent to ASP, and are removed from the event for good.")
        return told + ([COMES_BACK] if event.source == "file" else [])
    mapping = mapping_of(event)
    return [
        *told,
        "They were sent to ASP, where nothing is ever deleted: they stay among the people of the event.",
        "The next sync unpublishes their record in ASP."
        if mapping and mapping.unpublish_speakers
        else "Their record in ASP stays as it is; remove it there by hand.",
    ]


def remove_session(session: Session, actor: str) -> bool:
    """Do what `what_becomes_of_session` tells; returns whether the session is gone for good. Raises Refused."""
    event = db.session.get_one(Event, session.event_id)
    with editing(event):
        look_again(session)
        source_id = session.source_id
        text = f"Removed the session “{session.name}” from {event.name}."
        linked = is_linked(event, LinkKind.SESSION, session.source_id)
        if linked:
            remember_told(session, "status", session.status, GONE)
            session.status = GONE
            stamp(session, actor)
            text += " It was sent to ASP, so it is kept as no longer accepted."
        else:
            for part in (SessionTag, Participant, ContentFile):
                db.session.execute(delete(part).where(part.session_id == session.id))
            db.session.delete(session)
        record(event.organisation_id, actor, "session removed", text, event_id=event.id, session_id=source_id)
    return not linked


def remove_person(contact: Contact, actor: str) -> bool:
    """Do what `what_becomes_of_person` tells; returns whether they are gone for good. Raises Refused."""
    event = db.session.get_one(Event, contact.event_id)
    with editing(event):
        look_again(contact)
        source_id = contact.source_id
        name = contact.name
        for session in sessions_of(contact):
            people = draft_of_session(session, ("people",))["people"]
            others = [each for each in people if each[0] != contact.source_id]
            write_fields(event, session, {"people": others}, actor)
            stamp(session, actor)
        linked = is_linked(event, LinkKind.SPEAKER, contact.source_id)
        if not linked:
            db.session.flush()
            db.session.delete(contact)
        text = f"Removed the person “{name}” from {event.name}."
        text += " They were sent to ASP, so they are kept, on no session." if linked else ""
        record(event.organisation_id, actor, "person removed", text, event_id=event.id, contact_id=source_id)
    return not linked


def sessions_of(contact: Contact) -> list[Session]:
    """The sessions that a person is on, in whatever role."""
    theirs = select(Participant.session_id).where(Participant.contact_id == contact.id)
    return list(db.session.scalars(select(Session).where(Session.id.in_(theirs)).order_by(Session.id)))


def is_linked(event: Event, kind: str, source_id: str) -> bool:
    """Whether the record is known to be in ASP, by any mapping of the organisation."""
    query = select(Link.id).where(
        Link.organisation_id == event.organisation_id, Link.kind == kind, Link.key == source_id
    )
    return db.session.scalar(query.limit(1)) is not None
