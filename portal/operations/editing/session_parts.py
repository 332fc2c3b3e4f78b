"""Writes what hangs on a session: its tags, the people on it, its content (H3)."""

import json
from typing import Any

from sqlalchemy import delete, select

from portal.errors import InvalidFields, Refused
from portal.models import ChoiceKind, Contact, ContentFile, Event, Participant, Session, SessionTag, db, now
from portal.operations.editing.naming import choose_or_add
from portal.operations.editing.people import add_person
from portal.programme.bounds import LONGEST_ADDRESS, MOST_PARTS
from portal.programme.drafts import NEW
from portal.programme.edited import remember_told
from portal.programme.values import flaw_of_text
from portal.text.addresses import web_address
from portal.text.naming import name_of


def write_tags(event: Event, session: Session, wanted: list[str]) -> str:
    """Give the session these tags, in order; returns in words what it has now."""
    query = select(SessionTag.choice_id).where(SessionTag.session_id == session.id)
    before = list(db.session.scalars(query.order_by(SessionTag.position)))
    chosen = [choose_or_add(event, ChoiceKind.TAG, each) for each in wanted]
    after = list(dict.fromkeys(each.id for each in chosen))
    remember_told(session, "tags", before, after)
    db.session.execute(delete(SessionTag).where(SessionTag.session_id == session.id))
    db.session.add_all(
        SessionTag(session_id=session.id, choice_id=each, position=position)
        for position, each in enumerate(after)
    )
    return f"Tags now {', '.join(f'“{each.name}”' for each in chosen) or 'none'}"


def write_people(event: Event, session: Session, wanted: list[list[str]], actor: str) -> str:
    """Give the session these people, in order, making those who are new; returns in words who they are now.

    Each is a contact's UUID or `new:` and a JSON list of first name, last name and e-mail; their role; their status.
    """
    if len(wanted) > MOST_PARTS:
        raise Refused(f"A session has at most {MOST_PARTS} people.", "people")
    query = select(Contact.source_id, Participant.role, Participant.status).join(Contact)
    rows = db.session.execute(
        query.where(Participant.session_id == session.id).order_by(Participant.position, Participant.id)
    )
    before = [tuple(row) for row in rows]
    found = [(_person(event, key, actor), role, status) for key, role, status in wanted]
    after = list(dict.fromkeys((each.id, role, status) for each, role, status in found))
    known = {each.id: each.source_id for each, _, _ in found}
    # By UUID: somebody who is removed and comes back with a later file has another id.
    remember_told(session, "participants", before, [(known[key], *others) for key, *others in after])
    db.session.execute(delete(Participant).where(Participant.session_id == session.id))
    db.session.add_all(
        Participant(session_id=session.id, contact_id=key, role=role, status=status, position=position)
        for position, (key, role, status) in enumerate(after)
    )
    words = [f"{each.name} ({role}, {status})" for each, role, status in found]
    return f"People now {', '.join(words) or 'none'}"


def _person(event: Event, key: str, actor: str) -> Contact:
    if key.startswith(NEW):
        return _new_person(event, key.removeprefix(NEW), actor)
    found = db.session.scalar(select(Contact).where(Contact.event_id == event.id, Contact.source_id == key))
    if found is None:
        raise Refused("Somebody you added is no longer among the people of this event.", "people")
    return found


def _new_person(event: Event, text: str, actor: str) -> Contact:
    first_name, last_name, email = json.loads(text)
    try:
        return add_person(event, {"first_name": first_name, "last_name": last_name, "email": email}, actor)
    except InvalidFields as invalid:
        name = name_of(first_name, last_name, email)
        raise Refused(f"{name} cannot be added. {invalid}", "people") from None


def write_files(session: Session, wanted: list[list[str]]) -> str:
    """Give the session this content, each with a name and an address; returns in words what it has now."""
    if len(wanted) > MOST_PARTS:
        raise Refused(f"A session has at most {MOST_PARTS} addresses.", "files")
    query = select(ContentFile).where(ContentFile.session_id == session.id).order_by(ContentFile.position)
    existing = db.session.scalars(query).all()
    made = {each.url: each.created_at for each in existing}
    before = [(each.name, each.url, each.created_at) for each in existing]
    after = [_file(name, url, made) for name, url in wanted]
    remember_told(session, "files", before, after)
    db.session.execute(delete(ContentFile).where(ContentFile.session_id == session.id))
    db.session.add_all(
        ContentFile(session_id=session.id, name=name, url=url, created_at=created_at, position=position)
        for position, (name, url, created_at) in enumerate(after)
    )
    return f"Content now {', '.join(url for _, url, _ in after) or 'none'}"


def _file(name: str, url: str, made: dict[str, Any]) -> tuple[Any, ...]:
    """A file as it is stored; an address that is new is the newest, which is what a sync sends (D1)."""
    if url in made:
        return name or None, url, made[url]
    address = web_address(url)
    if address is None or len(url) > LONGEST_ADDRESS:
        raise Refused(f"“{url[:80]}” is no web address; enter one as https://example.org.", "files")
    if flaw := flaw_of_text(name):
        raise Refused(f"The name of {address} {flaw}.", "files")
    return name or None, address, made.get(address, now())
