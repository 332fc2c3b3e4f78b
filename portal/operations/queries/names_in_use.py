"""Reads an event's lists and custom fields, with their use and whether their names are locked (C6)."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from portal.models import Choice, Contact, Event, Mapping, Session, SessionTag, db
from portal.sync.planning.fields import CUSTOM
from portal.sync.running.loading import LOCKED_BY_SYNC
from portal.sync.running.terms import load_links


@dataclass(frozen=True, slots=True)
class NamedList:
    """One of an event's lists; each entry with how many sessions use it."""

    kind: str
    entries: list[tuple[Choice, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ListedField:
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


def list_custom_fields(event: Event) -> list[ListedField]:
    """The custom fields of the event's sessions and people."""
    synced = _synced_custom_fields(event)
    found = []
    for kind, table in (("session", Session), ("speaker", Contact)):
        used: dict[str, int] = {}
        values = select(table.custom_fields).where(table.event_id == event.id)
        for fields in db.session.scalars(values):
            for name in fields:
                used[name] = used.get(name, 0) + 1
        found += [
            ListedField(kind, name, number, (kind, name) in synced)
            for name, number in sorted(used.items(), key=lambda item: item[0].casefold())
        ]
    return found


def _synced_custom_fields(event: Event) -> set[tuple[str, str]]:
    """Those that are mapped to a slug through which something was pushed."""
    mapping = db.session.scalar(select(Mapping).where(Mapping.event_id == event.id))
    if mapping is None or not any(row.field.startswith(CUSTOM) for row in mapping.field_mappings):
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
