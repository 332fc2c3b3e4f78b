"""Stores the formats, rooms, tracks, levels, languages and tags that a programme chooses from."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from portal.models import Choice, ChoiceKind
from portal.programme.content import ChoiceContent, ProgrammeContent
from portal.programme.merging import table_of, update_rows

ChoiceKey = tuple[str, str]  # kind and source id


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
    query = select(table.c.id, table.c.kind, table.c.source_id, table.c.name, table.c.colour)
    rows = connection.execute(query.where(table.c.event_id == event_id)).all()
    existing = {(row.kind, row.source_id): row for row in rows}
    created, changed, renamed = [], {}, []
    offered = _offered(content)
    offered |= {key: choice for key, choice in content.choices.items() if key in offered or key in existing}
    for (kind, source_id), choice in offered.items():
        row = existing.get((kind, source_id))
        values = {"name": choice.name, "colour": choice.colour}
        if row is None:
            created.append({"event_id": event_id, "kind": kind, "source_id": source_id, **values})
        elif (row.name, row.colour) != (choice.name, choice.colour):
            changed[row.id] = values
        if row is not None and row.name != choice.name:
            renamed.append(Renaming(kind, row.name, choice.name))
    if created:
        connection.execute(table.insert(), created)
        rows = connection.execute(query.where(table.c.event_id == event_id)).all()
    update_rows(connection, table, changed)
    return {(row.kind, row.source_id): row.id for row in rows}, renamed


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
