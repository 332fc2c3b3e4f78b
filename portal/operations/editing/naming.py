"""Rename formats, rooms, tags, levels and custom fields, unless they have been synced (C6)."""

from uuid import uuid4

from sqlalchemy import select, update

from portal.errors import Refused
from portal.models import Choice, ChoiceKind, CustomField, Event, db
from portal.operations.editing.saving import editing, look_again
from portal.operations.history import record
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.names_in_use import is_locked, list_custom_fields
from portal.programme.definitions import rename_field
from portal.programme.drafts import NEW, name_and_colour
from portal.programme.edited import remember_told
from portal.programme.values import flaw_of_text, parse_colour
from portal.text.matching import fold, trimmed
from portal.text.numbers import whole_number

LOCKED = (
    "It has been synced, so its name can no longer be edited. Make a new one, put it on the sessions, "
    "and sync again; the old one stays in ASP."
)
NO_COLOUR = "Write a colour as #3550d4."
LONGEST_TYPED = 200  # characters of a name that is typed here; a file may bring longer ones


def rename_choice(choice: Choice, name: str, actor: str) -> None:
    """Give an entry of a list another name. Raises Refused with the article's advice once it was synced."""
    name = _checked(name)
    if name == choice.name:
        return
    if reason := why_not_edit(db.session.get_one(Event, choice.event_id)):  # H1
        raise Refused(reason, "name")
    if is_locked(choice):
        raise Refused(f"The {choice.kind} “{choice.name}” cannot be renamed. {LOCKED}", "name")
    others = db.session.scalars(
        select(Choice).where(
            Choice.event_id == choice.event_id, Choice.kind == choice.kind, Choice.id != choice.id
        )
    )
    if any(fold(other.name) == fold(name) for other in others):
        raise Refused(f"There is a {choice.kind} “{name}” already.", "name")
    event = db.session.get_one(Event, choice.event_id)
    text = f"Renamed the {choice.kind} “{choice.name}” of {event.name} to “{name}”."
    remember_told(choice, "name", choice.name, name)
    choice.name = name
    record(event.organisation_id, actor, "renamed", text, event_id=event.id)
    db.session.commit()


def colour_tag(tag: Choice, colour: str, actor: str) -> bool:
    """Give a tag another colour, or none; a synced one too, as its stream follows (D1). Raises Refused."""
    event = db.session.get_one(Event, tag.event_id)
    wanted = checked_colour(colour)
    with editing(event):
        look_again(tag)
        if wanted == tag.colour:
            return False
        text = f"Gave the tag “{tag.name}” of {event.name} the colour {wanted or 'none'}."
        remember_told(tag, "colour", tag.colour, wanted)
        tag.colour = wanted
        record(event.organisation_id, actor, "tag coloured", text, event_id=event.id)
    return True


def checked_colour(colour: str) -> str | None:
    """The colour as it is stored; None for none. Raises Refused."""
    found = parse_colour(colour)
    if trimmed(colour) and found is None:
        raise Refused(NO_COLOUR, "colour")
    return found


def add_choice(event: Event, kind: str, name: str, colour: str, actor: str) -> Choice:
    """A new entry of a list, or the colour of a tag that is there. Raises Refused."""
    wanted = checked_colour(colour) if kind == ChoiceKind.TAG else None
    with editing(event):
        name = _checked(name)
        known = db.session.scalars(select(Choice).where(Choice.event_id == event.id, Choice.kind == kind))
        if wanted is None and any(fold(each.name) == fold(name) for each in known):
            raise Refused(f"There is a {kind} “{name}” already.", "name")
        choice = choose_or_add(event, kind, NEW + name)
        if wanted and wanted != choice.colour:
            remember_told(choice, "colour", choice.colour, wanted)
            choice.colour = wanted
        text = f"Added the {kind} “{choice.name}” to the lists of {event.name}."
        record(event.organisation_id, actor, "name added", text, event_id=event.id)
    return choice


def choose_or_add(event: Event, kind: str, wanted: str) -> Choice:
    """The entry of the event's list with this id, or with the name after `new:`, which is added where it is missing;
    a new tag may have its colour before its name.

    Within the caller's transaction. Raises Refused at the list's field.
    """
    if not wanted.startswith(NEW):
        found = db.session.get(Choice, whole_number(wanted, 9, otherwise=0))
        if found is None or (found.event_id, found.kind) != (event.id, kind):
            raise Refused(f"Choose a {kind} from the list.", kind)
        return found
    choices = db.session.scalars(select(Choice).where(Choice.event_id == event.id, Choice.kind == kind)).all()
    name, colour = name_and_colour(wanted) if kind == ChoiceKind.TAG else (wanted.removeprefix(NEW), None)
    try:
        name = _checked(name)
    except Refused as refusal:
        raise Refused(str(refusal), kind) from None
    found = next((each for each in choices if fold(each.name) == fold(name)), None)
    if found is None:
        taken = {each.source_id for each in choices}
        source_id = fold(name) if fold(name) not in taken else str(uuid4())
        found = Choice(event_id=event.id, kind=kind, source_id=source_id, name=name, colour=colour)
        db.session.add(found)
        db.session.flush()
    return found


def rename_custom_field(event: Event, kind: str, before: str, name: str, actor: str) -> None:
    """Give a custom field another name on every record and in the mapper. Raises Refused."""
    name = _checked(name)
    fields = {(each.kind, each.name): each for each in list_custom_fields(event)}
    found = fields.get((kind, before))
    if found is None:
        raise Refused(f"There is no custom field “{before}”.")
    if name == before:
        return
    if reason := why_not_edit(event):  # H1
        raise Refused(reason, "name")
    if found.locked:
        raise Refused(f"The custom field “{before}” cannot be renamed. {LOCKED}", "name")
    if (kind, name) in fields:
        raise Refused(f"There is a custom field “{name}” already.", "name")
    rename_field(event.id, kind, before, name)
    db.session.execute(
        update(CustomField)
        .where(CustomField.event_id == event.id, CustomField.kind == kind, CustomField.name == before)
        .values(name=name)
    )
    text = f"Renamed the custom field “{before}” of {event.name} to “{name}”."
    record(event.organisation_id, actor, "renamed", text, event_id=event.id)
    db.session.commit()


def _checked(name: str) -> str:
    name = trimmed(name)
    if not name:
        raise Refused("Enter a name.", "name")
    if flaw := flaw_of_text(name):
        raise Refused(f"The name {flaw}.", "name")
    if len(name) > LONGEST_TYPED:
        raise Refused(f"A name has at most {LONGEST_TYPED} characters.", "name")
    return name
