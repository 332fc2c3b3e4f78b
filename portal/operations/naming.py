"""Rename formats, rooms, tags, levels and custom fields, unless they have been synced (C6)."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from portal.errors import Refused
from portal.models import Choice, Contact, Event, Mapping, Session, SessionTag, db
from portal.operations.history import record
from portal.sync.fields import CUSTOM
from portal.sync.loading import LOCKED_BY_SYNC, load_links
from portal.sync.payload import fold

LOCKED = (
    "It has been synced, so its name can no longer be edited. Make a new one, put it on the sessions, "
    "and sync again; the old one stays in ASP."
)
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class NamedList:
    """One of an event's lists; each entry with how many sessions use it."""

    kind: str
    entries: list[tuple[Choice, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of the programme: of its sessions or its people."""

    kind: str  # "session" or "speaker"
    name: str
    used: int
    locked: bool


def list_choices(event: Event) -> list[NamedList]:
    """The event's lists, with how often each entry is used."""
    used = _uses(event)
    choices = db.session.scalars(
        select(Choice).where(Choice.event_id == event.id).order_by(Choice.kind, func.lower(Choice.name))
    )
    lists: dict[str, NamedList] = {}
    for choice in choices:
        lists.setdefault(choice.kind, NamedList(choice.kind)).entries.append((choice, used.get(choice.id, 0)))
    return list(lists.values())


def _uses(event: Event) -> dict[int, int]:
    columns = (Session.format_id, Session.room_id, Session.track_id, Session.level_id, Session.language_id)
    used: dict[int, int] = {}
    for row in db.session.execute(select(*columns).where(Session.event_id == event.id)):
        for choice_id in row:
            if choice_id is not None:
                used[choice_id] = used.get(choice_id, 0) + 1
    tags = db.session.execute(
        select(SessionTag.choice_id, func.count())
        .join(Choice, Choice.id == SessionTag.choice_id)
        .where(Choice.event_id == event.id)
        .group_by(SessionTag.choice_id)
    )
    return used | {choice_id: number for choice_id, number in tags}


def is_locked(choice: Choice) -> bool:
    """Whether the name has been synced (C6)."""
    return choice.kind in LOCKED_BY_SYNC and choice.synced_name is not None


def rename_choice(choice: Choice, name: str, actor: str) -> None:
    """Give an entry of a list another name. Raises Refused with the article's advice once it was synced."""
    name = _checked(name)
    if name == choice.name:
        return
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
    choice.name = name
    record(event.organisation_id, actor, "renamed", text, event_id=event.id)
    db.session.commit()


def list_custom_fields(event: Event) -> list[CustomField]:
    """The custom fields of the event's sessions and people."""
    synced = _synced_custom_fields(event)
    found = []
    for kind, table in (("session", Session), ("speaker", Contact)):
        used: dict[str, int] = {}
        for row in _custom_values(table, event):
            for name in row.custom_fields:
                used[name] = used.get(name, 0) + 1
        found += [
            CustomField(kind, name, number, (kind, name) in synced)
            for name, number in sorted(used.items(), key=lambda item: item[0].casefold())
        ]
    return found


def _custom_values(table: Any, event: Event) -> list[Any]:
    return list(db.session.scalars(select(table).where(table.event_id == event.id)))


def _synced_custom_fields(event: Event) -> set[tuple[str, str]]:
    """Those that are mapped to a slug through which something was pushed."""
    mapping = db.session.scalar(select(Mapping).where(Mapping.event_id == event.id))
    if mapping is None:
        return set()
    links = load_links(mapping)
    pushed = {
        "session": {slug for link in links.sessions.values() for slug in link.pushed},
        "speaker": {slug for link in links.speakers.values() for slug in link.pushed},
    }
    return {
        (row.kind, row.field.removeprefix(CUSTOM))
        for row in mapping.field_mappings
        if row.field.startswith(CUSTOM) and row.slug in pushed[row.kind]
    }


def rename_custom_field(event: Event, kind: str, before: str, name: str, actor: str) -> None:
    """Give a custom field another name on every record and in the mapper. Raises Refused."""
    name = _checked(name)
    fields = {(each.kind, each.name): each for each in list_custom_fields(event)}
    found = fields.get((kind, before))
    if found is None:
        raise Refused(f"There is no custom field “{before}”.")
    if name == before:
        return
    if found.locked:
        raise Refused(f"The custom field “{before}” cannot be renamed. {LOCKED}", "name")
    if (kind, name) in fields:
        raise Refused(f"There is a custom field “{name}” already.", "name")
    table = Session if kind == "session" else Contact
    for row in _custom_values(table, event):
        if before in row.custom_fields:
            row.custom_fields = {
                (name if key == before else key): value for key, value in row.custom_fields.items()
            }
    mapping = db.session.scalar(select(Mapping).where(Mapping.event_id == event.id))
    for mapped in mapping.field_mappings if mapping else []:
        if mapped.kind == kind and mapped.field == CUSTOM + before:
            mapped.field = CUSTOM + name
    text = f"Renamed the custom field “{before}” of {event.name} to “{name}”."
    record(event.organisation_id, actor, "renamed", text, event_id=event.id)
    db.session.commit()


def _checked(name: str) -> str:
    name = name.strip()
    if not name:
        raise Refused("Enter a name.", "name")
    if len(name) > LONGEST_NAME:
        raise Refused(f"A name has at most {LONGEST_NAME} characters.", "name")
    return name
