"""Make a person by hand, and edit one (H3)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from portal.errors import InvalidFields
from portal.models import Contact, Event, db
from portal.operations.editing.changes import both_sides, keep_change
from portal.operations.editing.custom_fields import check_custom, custom_fields_of, write_custom
from portal.operations.editing.labels import PERSON_LABELS as LABELS
from portal.operations.editing.saving import (
    Saved,
    editing,
    look_again,
    made_before,
    merge_with_stored,
    name_fields,
    refuse_another,
    refuse_beyond_limit,
    stamp,
    tell_saved,
)
from portal.operations.history import record
from portal.operations.queries.drafts import draft_of_person
from portal.programme.bounds import LONGEST_ADDRESS, LONGEST_NAME
from portal.programme.custom import ShownField
from portal.programme.drafts import Draft
from portal.programme.edited import remember_told
from portal.programme.values import MASKED, flaw_of_text, is_masked, parse_uuid
from portal.text.addresses import web_address
from portal.text.html import LONGEST as LONGEST_TEXT
from portal.text.html import html_of

ADDRESSES = ("website", "headshot", "facebook_url", "linkedin_url", "twitter_url")
NAMING = ("first_name", "last_name", "email")
TELLING = (*NAMING, "honorific", "job_title", "company_name", "mobile_phone")  # stored as they are typed


def create_person(
    event: Event, draft: Mapping[str, str], actor: str, new_id: str | None
) -> tuple[Contact, Saved]:
    """A new person of the event, once for each `new_id`. Raises Refused, InvalidFields."""
    with editing(event):
        if made := made_before(event, Contact, new_id):
            refuse_another(made.name, draft, draft_of_person(made), TELLING)
            return made, Saved([])
        contact = add_person(event, draft, actor, new_id)
        warnings = _shared_email(contact)
    return contact, Saved(name_fields(LABELS, [name for name in draft if draft[name]], {}), warnings=warnings)


def add_person(event: Event, draft: Mapping[str, str], actor: str, new_id: str | None = None) -> Contact:
    """The same within the caller's change of the programme. Raises InvalidFields."""
    refuse_beyond_limit(event, Contact, "people")
    contact = Contact(
        event_id=event.id, source_id=parse_uuid(new_id) or str(uuid4()), custom_fields={}, edited={}
    )
    custom = custom_fields_of("speaker", contact)
    check_person(draft, draft, custom)
    write_person(contact, draft, custom)
    contact.edited = {}  # no file has said anything of them
    stamp(contact, actor)
    db.session.add(contact)
    db.session.flush()
    text = f"Made the person “{contact.name}” of {event.name}."
    record(event.organisation_id, actor, "person made", text, event_id=event.id, contact_id=contact.source_id)
    return contact


def save_person(
    contact: Contact, draft: Draft, seen: Mapping[str, str], actor: str, theirs: Iterable[str] = ()
) -> Saved:
    """Write what the form has changed since it was opened; as `save_session` does, with the same refusals."""
    event = db.session.get_one(Event, contact.event_id)
    warnings: list[str] = []
    change = None
    with editing(event):
        look_again(contact)
        stored = draft_of_person(contact)
        merged = merge_with_stored(contact, stored, seen, draft, theirs)
        custom = custom_fields_of("speaker", contact)
        check_person({**stored, **merged.changed}, merged.changed, custom)
        if merged.changed:
            name = contact.name
            told = write_person(contact, merged.changed, custom)
            stamp(contact, actor)
            text = f"Edited the person “{name}” of {event.name}: {'; '.join(told)}."
            record(
                event.organisation_id,
                actor,
                "person edited",
                text,
                event_id=event.id,
                contact_id=contact.source_id,
            )
            kept = {contact.source_id: both_sides(stored, draft_of_person(contact))}
            change = keep_change(event, "speaker", kept, f"“{name}”: {'; '.join(told)}", actor)
            warnings = _shared_email(contact) if "email" in merged.changed else []
    return tell_saved(LABELS, merged, custom, warnings, change)


def check_person(
    draft: Mapping[str, str], changed: Mapping[str, str], custom: Mapping[str, ShownField]
) -> None:
    """Raises InvalidFields with a message for each changed field that cannot be stored."""
    problems = {
        name: f"{LABELS[name]} {flaw}."
        for name, text in changed.items()
        if name in LABELS and (flaw := _flaw(name, text))
    }
    problems |= check_custom(custom, changed)
    if not any(draft.get(name) for name in NAMING):
        problems["first_name"] = "Enter a name or an e-mail address."
    if problems:
        raise InvalidFields(problems)


def _flaw(name: str, text: str) -> str | None:
    longest = LONGEST_TEXT if name == "biography" else LONGEST_ADDRESS if name in ADDRESSES else LONGEST_NAME
    if len(text) > longest:
        return f"has more than {longest:,} characters"
    if flaw := flaw_of_text(text):
        return flaw
    if text and name in ADDRESSES and web_address(text) is None:  # D2b
        return "is no web address; enter one as https://example.org"
    if name == "biography" and (found := html_of(text)).text is None:
        return found.lost[0]
    return _flaw_of_email(text) if text and name == "email" else None


def _flaw_of_email(text: str) -> str | None:
    if is_masked(text):
        return MASKED
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        return f"is no address: {str(error).rstrip('.')}"
    return None


def write_person(contact: Contact, changed: Mapping[str, Any], custom: Mapping[str, ShownField]) -> list[str]:
    """Write these fields; returns in words what has changed. What the event's file says of them is kept (H3)."""
    return [_write(contact, name, value, custom) for name, value in changed.items()]


def _write(contact: Contact, name: str, value: Any, custom: Mapping[str, ShownField]) -> str:
    if name in custom:
        return write_custom(contact, custom[name], value)
    before, after = getattr(contact, name), _stored_value(name, value)
    remember_told(contact, name, before, after)
    setattr(contact, name, after)
    if name == "biography":
        return "Biography changed"
    return f"{LABELS[name]} {_told(before)} → {_told(after)}"


def _stored_value(name: str, value: str) -> str | None:
    if name == "biography":
        return html_of(value).text or None
    return (web_address(value) if name in ADDRESSES and value else value) or None


def _told(value: str | None) -> str:
    return f"“{value}”" if value else "none"


def _shared_email(contact: Contact) -> list[str]:  # D13
    if not contact.email:
        return []
    others = db.session.scalars(
        select(Contact).where(
            Contact.event_id == contact.event_id,
            Contact.id != contact.id,
            func.lower(Contact.email) == contact.email.lower(),
        )
    ).all()
    if not others:
        return []
    names = ", ".join(sorted({each.name for each in others}))
    return [
        f"{names} {'has' if len(others) == 1 else 'have'} the same e-mail. With the same name they are one speaker "
        f"in ASP; with different names the sync refuses them."
    ]
