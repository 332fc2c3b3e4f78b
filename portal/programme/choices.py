"""Stores the formats, rooms, tracks, levels, languages and tags that a programme chooses from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from portal.models import Choice, ChoiceKind
from portal.programme.content import SINGLE_CHOICES, ChoiceContent, ProgrammeContent
from portal.programme.merging import table_of, update_rows

ChoiceKey = tuple[str, str]  # kind and source id

TOLD = ("name", "colour")  # what a source says of a choice
CHOICE_COLUMNS = (Choice.source_id, Choice.name, Choice.colour, Choice.edited)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A choice whose name the source has changed."""

    kind: str
    before: str
    after: str


def store_choices(
    connection: Connection, event_id: int, content: ProgrammeContent
) -> tuple[dict[ChoiceKey, int], list[Renaming]]:
    """The ids of the event's choices, with those of the content created or brought up to date.

    What the source's own lists say of a choice that is in use outranks what its sessions say.

    A new name of a choice that has been synced is let in here, as it comes from outside (C6); `synced_name` stays,
    so that the sync sees the change.
    """
    table = table_of(Choice)
    query = select(table.c.id, table.c.kind, *(table.c[each.key] for each in CHOICE_COLUMNS))
    rows = connection.execute(query.where(table.c.event_id == event_id)).all()
    existing = {(row.kind, row.source_id): row for row in rows}
    created, renamed = [], []
    changed: dict[int, dict[str, Any]] = {}
    offered = _offered(content)
    offered |= {key: choice for key, choice in content.choices.items() if key in offered or key in existing}
    for (kind, source_id), choice in offered.items():
        row = existing.get((kind, source_id))
        if row is None:
            values: dict[str, Any] = {"name": choice.name, "colour": choice.colour, "edited": {}}
            created.append({"event_id": event_id, "kind": kind, "source_id": source_id, **values})
            continue
        now = settled(stored_choice(row), choice)
        if (row.name, row.colour, row.edited) != (now.name, now.colour, now.edited):
            changed[row.id] = {"name": now.name, "colour": now.colour, "edited": now.edited}
        if row.name != now.name:
            renamed.append(Renaming(kind, row.name, now.name))
    if created:
        connection.execute(table.insert(), created)
        rows = connection.execute(query.where(table.c.event_id == event_id)).all()
    update_rows(connection, table, changed)
    return {(row.kind, row.source_id): row.id for row in rows}, renamed


def stored_choice(row: Row) -> ChoiceContent:
    """A row of an event's lists as it comes in where a source says only which one is meant."""
    values = {"name": row.name, "colour": row.colour, "edited": row.edited}
    return ChoiceContent(source_id=row.source_id, **values, absent=frozenset(TOLD))


def settled(stored: ChoiceContent, told: ChoiceContent) -> ChoiceContent:
    """What becomes of a choice when it is told of again.

    What is not told stays (H2), and what was edited by hand as long as the file says of it what it said before (H3).
    """
    notes = dict(stored.edited)
    values = {}
    for name in TOLD:
        wanted = getattr(told, name)
        if name in told.absent or (name in notes and notes[name] == wanted):
            values[name] = getattr(stored, name)
        else:
            values[name] = wanted
            notes.pop(name, None)
    return replace(stored, **values, edited=notes)


def with_known_choices(
    content: ProgrammeContent, known: Mapping[str, Iterable[ChoiceContent]]
) -> ProgrammeContent:
    """The content with its choices as they will be once it is stored; `known` are those of the event, by kind."""
    stored = {(kind, each.source_id): each for kind, choices in known.items() for each in choices}

    def will_be(kind: str, told: ChoiceContent) -> ChoiceContent:
        before = stored.get((kind, told.source_id))
        return told if before is None else settled(before, told)

    sessions = []
    for session in content.sessions:
        values: dict[str, Any] = {"tags": tuple(will_be(ChoiceKind.TAG.value, each) for each in session.tags)}
        for kind in SINGLE_CHOICES:
            told = getattr(session, kind)
            values[kind] = told and will_be(kind, told)
        sessions.append(replace(session, **values))
    return replace(content, sessions=tuple(sessions))


def _offered(content: ProgrammeContent) -> dict[ChoiceKey, ChoiceContent]:
    """Every choice of the sessions; where two sessions disagree on one, the first is believed."""
    offered: dict[ChoiceKey, ChoiceContent] = {}
    for session in content.sessions:
        single = {
            ChoiceKind.FORMAT: session.format,
            ChoiceKind.ROOM: session.room,
            ChoiceKind.TRACK: session.track,
            ChoiceKind.LEVEL: session.level,
            ChoiceKind.LANGUAGE: session.language,
        }
        for kind, choice in single.items():
            if choice:
                offered.setdefault((kind.value, choice.source_id), choice)
        for tag in session.tags:
            offered.setdefault((ChoiceKind.TAG.value, tag.source_id), tag)
    return offered
