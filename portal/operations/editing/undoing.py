"""Put back what was changed by hand, as far as nobody has changed it since (H3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.errors import Refused
from portal.models import Contact, Event, KeptChange, Session, db, now
from portal.operations.editing.changes import MERGE, contact_of, why_not_undo
from portal.operations.editing.custom_fields import custom_fields_of
from portal.operations.editing.labels import PERSON_LABELS, SESSION_LABELS
from portal.operations.editing.people import write_person
from portal.operations.editing.saving import editing, load_records, look_again, refuse_beyond_limit, stamp
from portal.operations.editing.session_fields import write_fields
from portal.operations.history import record
from portal.operations.queries.drafts import draft_of_person, draft_of_session
from portal.operations.syncing.runs import active_run
from portal.programme.drafts import Draft, mark

RUN_IN_HAND = "A sync of this event is running. Wait until it has ended, then undo it."


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
    is_merge = change.kind == MERGE
    if is_merge and active_run(event) is not None:
        raise Refused(RUN_IN_HAND)
    back, number = 0, 0
    records = "records" if is_merge else KINDS[change.kind].words
    with editing(event):
        look_again(change)
        if reason := why_not_undo(change):
            raise Refused(reason)
        by_kind, gone = _parts_of(change)
        if gone:
            back += _bring_back(event, gone)
            number += 1
        for kind, fields in by_kind.items():
            back += _put_back(event, KINDS[kind], fields, actor)
            number += sum(bool(each) for each in fields.values())
        change.undone_at = now()
        text = f"Undone in {event.name}: {change.text}, {back} of {number} {records}."
        what = "people united" if is_merge else f"{records} changed"
        record(event.organisation_id, actor, what, text, event_id=event.id)
    return back, number - back


def _parts_of(change: KeptChange) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The records that were changed, by their kind, and the entry that a merge took away."""
    if change.kind != MERGE:
        return {change.kind: change.fields}, None
    return {kind: change.fields[kind] for kind in KINDS}, change.fields["gone"]


def _put_back(event: Event, kind: _Kind, fields: Mapping[str, Any], actor: str) -> int:
    """Give the records what they had, where nobody has changed it since; returns how many that were."""
    rows = kind.load(event, fields)
    back = {row.source_id: _untouched(fields[row.source_id], row, kind) for row in rows}
    back = {source_id: values for source_id, values in back.items() if values}
    with db.session.no_autoflush:  # else each statement would look through all that was changed so far
        for row in rows:
            if row.source_id in back:
                kind.write(event, row, back[row.source_id], actor)
                stamp(row, actor)
    return len(back)


def _bring_back(event: Event, row: dict[str, Any]) -> bool:
    """Store the entry again that a merge removed; False where a later file has brought it back already."""
    if load_records(event, Contact, [row["source_id"]]):
        return False
    refuse_beyond_limit(event, Contact, "people")
    db.session.add(contact_of(event, row))
    db.session.flush()
    return True


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
