"""Take in what Sessionboard's webhook sends: its record at once, then a sync (H1)."""

import logging
import threading
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select, update

from portal.errors import InvalidFile
from portal.models import Contact, Event, Organisation, PulledEvent, Session, await_turn, db, now
from portal.operations.queries.editable import FROM_SESSIONBOARD
from portal.operations.sources.wanting import want_sync
from portal.programme.hearing import is_older
from portal.programme.reading import read_programme
from portal.programme.removing import remove_contacts, remove_sessions
from portal.programme.sources.sessionboard.messages import HookMessage, What, read_message
from portal.programme.statuses import GONE
from portal.programme.storing import store_programme

log = logging.getLogger(__name__)

# In this process. They take turns at the database in any case, and SQLite lets those that wait for it try again after
# longer and longer pauses; here the next one begins at once.
ONE_AT_A_TIME = threading.Lock()

TABLES: dict[str, type[Session] | type[Contact]] = {"session": Session, "contact": Contact}


def receive_message(organisation_id: int, body: Any) -> bool:
    """Take the message in; returns whether anything is to be synced now that was not before.

    What is not understood changes nothing, nor do doubles and messages that a later one has overtaken.
    """
    message = read_message(body)
    if message is None:
        return False
    with ONE_AT_A_TIME:
        changed = [_receive(event_id, message) for event_id in _events(organisation_id, message)]
    return any(changed)


def _events(organisation_id: int, message: HookMessage) -> list[int]:
    """The events that the message is about, as far as they are taken in."""
    ours = select(Event.id).where(Event.organisation_id == organisation_id, Event.source == FROM_SESSIONBOARD)
    if message.event_id is not None:
        return list(db.session.scalars(ours.where(Event.source_id == message.event_id)))
    table = TABLES[message.kind]
    having = select(table.event_id).where(table.source_id == message.record_id)
    return list(db.session.scalars(ours.where(Event.id.in_(having))))


def _receive(event_id: int, message: HookMessage) -> bool:
    event = db.session.get_one(Event, event_id)
    # Of two messages about one record, the later one sees what the first has stored.
    await_turn(Organisation, event.organisation_id)
    # Their clock may run ahead of ours; a moment in the future would overtake whatever comes until then.
    moment = min(message.moment or now(), now())
    try:
        changed = not _is_overtaken(event, message, moment) and _apply(event, message, moment)
        pull = message.what is What.ELSEWHERE
    except InvalidFile as problem:
        # By itself it cannot be taken in, as when somebody takes part who was not sent: a pull brings it.
        db.session.rollback()
        log.info("A message about event %s waits for a pull: %s", event_id, problem)
        changed, pull = False, True
    if changed or pull:
        want_sync(db.session.get_one(Event, event_id), pull=pull)
    db.session.commit()
    return changed or pull


def _apply(event: Event, message: HookMessage, moment: datetime) -> bool:
    """Store what the message says; whether anything is other than before. Raises InvalidFile."""
    if message.what is What.ELSEWHERE:
        return False
    if message.what is What.DELETED:
        remove = remove_sessions if message.kind == "session" else remove_contacts
        changed = remove(event.id, [message.record_id]) > 0
    else:
        changed = _store(event, message)
    table = TABLES[message.kind]
    db.session.execute(
        update(table)
        .where(table.event_id == event.id, table.source_id == message.record_id)
        .values(heard_at=moment)
        .execution_options(synchronize_session=False)
    )
    return changed


def _store(event: Event, message: HookMessage) -> bool:
    programme = {
        "event": {"id": event.source_id, "name": event.name, "timezone": event.timezone},
        "sessions": [message.record] if message.kind == "session" else [],
        "contacts": [message.record] if message.kind == "contact" else [],
    }
    known = select(Contact.source_id).where(
        Contact.event_id == event.id, Contact.source_id.in_(message.people())
    )
    content = replace(read_programme(programme, frozenset(db.session.scalars(known))), partly=True)
    stored = store_programme(event.organisation_id, content, FROM_SESSIONBOARD)
    return any(each.created or each.updated for each in (stored.sessions, stored.contacts))


def _is_overtaken(event: Event, message: HookMessage, moment: datetime) -> bool:
    """Whether something later is known of the record already."""
    table = TABLES[message.kind]
    query = select(table).where(table.event_id == event.id, table.source_id == message.record_id)
    record = cast(Session | Contact | None, db.session.scalar(query))
    if record is None:
        return False
    if record.heard_at is not None and moment < record.heard_at:
        return True
    if message.what is not What.CHANGED:
        return False
    if record.status == GONE if isinstance(record, Session) else record.removed_at is not None:
        # Only what was sent later brings back what a message or a pull has found to be gone.
        found_at = record.heard_at or db.session.scalar(
            select(PulledEvent.pulled_at).where(PulledEvent.event_id == event.id)
        )
        return found_at is not None and moment <= found_at
    return is_older(message.updated_at, record.updated_at, is_gone=False)
