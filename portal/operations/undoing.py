"""Put back what was changed by hand, as far as nobody has changed it since (H3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.errors import Refused
from portal.models import Contact, Event, KeptChange, Session, db, now
from portal.operations.changes import why_not_undo
from portal.operations.custom_fields import custom_fields_of
from portal.operations.editing import editing, load_records, stamp
from portal.operations.history import record
from portal.operations.people import LABELS as PERSON_LABELS
from portal.operations.people import write_person
from portal.operations.queries.drafts import draft_of_person, draft_of_session
from portal.operations.session_fields import LABELS as SESSION_LABELS
from portal.operations.session_fields import write_fields
from portal.programme.drafts import Draft, mark


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the records of a kind are found, read and written."""

    words: str
    load: Callable[[Event, Iterable[str]], Sequence[Any]]
    read: Callable[[Any, Mapping[str, Any]], Draft]
    write: Callable[[Event, Any, Draft, str], object]


def undo_change(change: KeptChange, actor: str) -> tuple[int, int]:
    """Put back what was changed; returns how many records went back, and how many somebody has changed since.

    Raises Refused when it is too late, or when what a session had is gone.
    """
    event = db.session.get_one(Event, change.event_id)
    kind = KINDS[change.kind]
    with editing(event):
        db.session.refresh(change)
        if reason := why_not_undo(change):
            raise Refused(reason)
        rows = kind.load(event, change.fields)
        back = {row.source_id: _untouched(change.fields[row.source_id], row, kind) for row in rows}
        back = {source_id: fields for source_id, fields in back.items() if fields}
        with db.session.no_autoflush:  # else each statement would look through all that was changed so far
            for row in rows:
                if row.source_id in back:
                    kind.write(event, row, back[row.source_id], actor)
                    stamp(row, actor)
        change.undone_at = now()
        text = f"Undone in {event.name}: {change.text}, {len(back)} of {len(change.fields)} {kind.words}."
        record(event.organisation_id, actor, f"{kind.words} changed", text, event_id=event.id)
    return len(back), len(change.fields) - len(back)


def _untouched(fields: Mapping[str, Any], row: Session | Contact, kind: _Kind) -> Draft:
    """What the fields were before, of those that are still as they were left."""
    stored = kind.read(row, fields)
    return {
        name: before
        for name, (before, after) in fields.items()
        if name in stored and mark(stored[name]) == mark(after)
    }


def _load_sessions(event: Event, source_ids: Iterable[str]) -> Sequence[Session]:
    return load_records(event, Session, source_ids)


def _load_people(event: Event, source_ids: Iterable[str]) -> Sequence[Contact]:
    return load_records(event, Contact, source_ids)


def _read_session(session: Session, fields: Mapping[str, Any]) -> Draft:
    has_custom = any(name not in SESSION_LABELS for name in fields)
    return draft_of_session(session, None if has_custom else fields)


def _read_person(contact: Contact, _: Mapping[str, Any]) -> Draft:
    return draft_of_person(contact)


def _write_session(event: Event, session: Session, fields: Draft, actor: str) -> None:
    has_custom = any(name not in SESSION_LABELS for name in fields)
    custom = custom_fields_of("session", session) if has_custom else None
    write_fields(event, session, fields, actor, custom)


def _write_person(_: Event, contact: Contact, fields: Draft, __: str) -> None:
    has_custom = any(name not in PERSON_LABELS for name in fields)
    write_person(contact, fields, custom_fields_of("speaker", contact) if has_custom else {})


KINDS = {
    "session": _Kind("sessions", _load_sessions, _read_session, _write_session),
    "speaker": _Kind("people", _load_people, _read_person, _write_person),
}
