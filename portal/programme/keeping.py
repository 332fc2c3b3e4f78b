"""Keeps what was edited by hand when the event's file comes again, and tells what both have changed (H3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from portal.models import Base, Contact, ContentFile, Participant, SessionTag
from portal.programme.content import ProgrammeContent
from portal.programme.edited import plain_value
from portal.programme.merging import PORTION, Merged, table_of, update_rows
from portal.text.naming import name_of

Kept = dict[tuple[str, str], frozenset[str]]  # "session" or "person", and the UUID → fields
Parts = dict[int, list[tuple[Any, ...]]]  # a session's id → its ordered rows


@dataclass(frozen=True, slots=True)
class ChangedTwice:
    """A record of which both the file and somebody here have changed fields, named as the record's notes do."""

    kind: str  # "session" or "speaker"
    source_id: str
    name: str
    fields: tuple[str, ...]


def settle_parts(connection: Connection, sessions: Merged, tags: Parts, people: Parts, files: Parts) -> None:
    """Take from what the file wants the parts of sessions that were edited by hand and stay as they are."""
    keys = {sessions.ids[source_id]: each for source_id, each in sessions.settled.items()}
    for name, model, columns, wanted in (
        ("tags", SessionTag, ("choice_id",), tags),
        ("participants", Participant, ("contact_id", "role", "status"), people),
        ("files", ContentFile, ("name", "url", "created_at"), files),
    ):
        noted = [key for key, each in keys.items() if name in each.notes and key in wanted]
        stored = _read_parts(connection, model, columns, noted)
        uuids = _uuids_of(connection, [wanted, stored], noted) if model is Participant else {}
        for key in noted:
            keys[key].settle(name, _listed(wanted[key], uuids), _listed(stored[key], uuids))
            if name in keys[key].kept:
                del wanted[key]


def _read_parts(
    connection: Connection, model: type[Base], columns: Sequence[str], session_ids: list[int]
) -> Parts:
    table = table_of(model)
    found: Parts = defaultdict(list)
    for start in range(0, len(session_ids), PORTION):
        rows = connection.execute(
            select(table.c.session_id, *(table.c[name] for name in columns))
            .where(table.c.session_id.in_(session_ids[start : start + PORTION]))
            .order_by(table.c.session_id, table.c.position)
        )
        for session_id, *values in rows:
            found[session_id].append(tuple(values))
    return found


def _uuids_of(connection: Connection, lists: Sequence[Parts], session_ids: list[int]) -> dict[int, str]:
    """The UUIDs of the people in these lists, as notes name them."""
    people = sorted({row[0] for parts in lists for key in session_ids for row in parts[key]})
    found: dict[int, str] = {}
    for start in range(0, len(people), PORTION):
        query = select(Contact.id, Contact.source_id).where(Contact.id.in_(people[start : start + PORTION]))
        found |= dict(connection.execute(query).all())
    return found


def _listed(rows: list[tuple[Any, ...]], uuids: dict[int, str]) -> list[Any]:
    """The rows as a record's notes have them: a tag is its id alone, a person their UUID."""
    return [plain_value(row[0] if len(row) == 1 else (uuids.get(row[0], row[0]), *row[1:])) for row in rows]


def store_notes(connection: Connection, model: type[Base], merged: Merged) -> None:
    """Write what is known from now on of the fields edited by hand."""
    notes = {merged.ids[source_id]: {"edited": each.notes} for source_id, each in merged.settled.items()}
    update_rows(connection, table_of(model), notes)


def list_kept(sessions: Merged, contacts: Merged) -> Kept:
    """The fields that stay as they were edited here, by their names in what comes in."""
    return {
        (kind, source_id): frozenset(_content_name(name) for name in settled.kept)
        for kind, merged in (("session", sessions), ("person", contacts))
        for source_id, settled in merged.settled.items()
        if settled.kept
    }


def _content_name(name: str) -> str:
    return name if name == "client_session_id" else name.removesuffix("_id")


def list_changed_twice(content: ProgrammeContent, sessions: Merged, contacts: Merged) -> list[ChangedTwice]:
    """The records of which fields were changed on both sides, in the order of the file, by their names here."""
    found = [
        ChangedTwice(
            "session",
            each.source_id,
            settled.both.get("title") or each.title or each.source_id,
            tuple(settled.both),
        )
        for each in content.sessions
        if (settled := sessions.settled.get(each.source_id)) and settled.both
    ]
    for person in content.contacts:
        settled = contacts.settled.get(person.source_id)
        if settled and settled.both:
            first, last = (
                settled.both.get(name, getattr(person, name)) for name in ("first_name", "last_name")
            )
            name = name_of(first, last, person.email, otherwise=person.source_id)
            found.append(ChangedTwice("speaker", person.source_id, name, tuple(settled.both)))
    return found
