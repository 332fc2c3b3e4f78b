"""Define custom fields of an event, and write their values (H3)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from portal.errors import InvalidFields, Refused
from portal.models import Contact, CustomField, Event, Session, db
from portal.operations.editing.naming import LONGEST_TYPED
from portal.operations.editing.saving import editing
from portal.operations.history import record
from portal.operations.queries.custom_fields import list_shown_fields
from portal.programme.custom import (
    MOST_FIELDS,
    MOST_OPTIONS,
    FieldType,
    ShownField,
    as_day,
    flaw_of_value,
    stored_value,
)
from portal.programme.definitions import list_defined_fields
from portal.programme.edited import CUSTOM, remember_told
from portal.programme.values import flaw_of_text
from portal.text.clock import day_words
from portal.text.matching import trimmed

KINDS = {"session": "sessions", "speaker": "people"}


def define_field(
    event: Event, kind: str, name: str, type_: str, options: list[str], actor: str
) -> CustomField:
    """A new custom field of the event's sessions or people, or another type of one. Raises InvalidFields."""
    name = trimmed(name)
    options = list(dict.fromkeys(each for each in map(trimmed, options) if each))
    with editing(event):
        _check(name, type_, options)
        defined = list_defined_fields(event.id, kind)
        field = next((each for each in defined if each.name == name), None)
        if field is None:
            if len(defined) >= MOST_FIELDS:
                raise Refused(f"An event has at most {MOST_FIELDS} custom fields of {KINDS[kind]}.")
            last = db.session.scalar(
                select(func.max(CustomField.position)).where(CustomField.event_id == event.id)
            )
            field = CustomField(event_id=event.id, kind=kind, name=name, position=(last or 0) + 1)
            db.session.add(field)
        field.type, field.options = type_, options if type_ == FieldType.CHOICE else []
        text = f"Defined the custom field “{name}” ({type_}) of the {KINDS[kind]} of {event.name}."
        record(event.organisation_id, actor, "field defined", text, event_id=event.id)
    return field


def remove_field(event: Event, field: CustomField, actor: str) -> None:
    """Forms no longer offer the field; the values that records have stay."""
    with editing(event):
        text = f"Took the custom field “{field.name}” from the forms of {event.name}; its values stay."
        db.session.delete(field)
        record(event.organisation_id, actor, "field removed", text, event_id=event.id)


def _check(name: str, type_: str, options: list[str]) -> None:
    problems = {}
    if not name or len(name) > LONGEST_TYPED:
        problems["name"] = f"Enter a name of at most {LONGEST_TYPED} characters."
    elif flaw := flaw_of_text(name):
        problems["name"] = f"The name {flaw}."
    if type_ not in set(FieldType):
        problems["type"] = "Choose a type from the list."
    if type_ == FieldType.CHOICE and not 1 <= len(options) <= MOST_OPTIONS:
        problems["options"] = f"Enter 1 to {MOST_OPTIONS} choices, one a line."
    elif any(len(each) > LONGEST_TYPED or flaw_of_text(each) for each in options):
        problems["options"] = f"A choice has at most {LONGEST_TYPED} characters, and no control characters."
    if problems:
        raise InvalidFields(problems)


def custom_fields_of(kind: str, row: Session | Contact) -> dict[str, ShownField]:
    """The custom fields that the record's form shows, by their names among a draft's fields."""
    return {each.key: each for each in list_shown_fields(row.event_id, kind, row.custom_fields or {})}


def check_custom(fields: Mapping[str, ShownField], changed: Mapping[str, Any]) -> dict[str, str]:
    """A message for each changed custom field that cannot be stored."""
    return {
        key: f"{field.name} {flaw}."
        for key, field in fields.items()
        if key in changed and (flaw := flaw_of_value(field, changed[key]))
    }


def write_custom(row: Session | Contact, field: ShownField, typed: str) -> str:
    """Write a custom field, keep what its file says of it, and tell in words what has changed."""
    before, after = (row.custom_fields or {}).get(field.name), stored_value(field, typed)
    remember_told(row, CUSTOM + field.name, before, after)
    others = {name: value for name, value in (row.custom_fields or {}).items() if name != field.name}
    row.custom_fields = others if after is None else {**others, field.name: after}
    return f"{field.name} {_told(before, field.type)} → {_told(after, field.type)}"


def _told(value: Any, type_: str) -> str:
    if value is None:
        return "none"
    if type_ == FieldType.DATE and (day := as_day(value)):
        return day_words(day)
    return "yes" if value is True else "no" if value is False else f"“{str(value)[:200]}”"
