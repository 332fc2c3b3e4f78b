"""Make a session by hand, and edit one (H3)."""

from collections.abc import Iterable, Mapping
from uuid import uuid4

from sqlalchemy import func, select

from portal.models import Event, Session, db
from portal.operations.editing.changes import both_sides, keep_change
from portal.operations.editing.custom_fields import custom_fields_of
from portal.operations.editing.labels import SESSION_LABELS as LABELS
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
from portal.operations.editing.session_fields import check_fields, write_fields
from portal.operations.history import record
from portal.operations.queries.drafts import draft_of_session, empty_session_draft
from portal.programme.drafts import Draft
from portal.programme.values import parse_uuid

TELLING = ("title", "client_session_id", "status", "starts_at", "ends_at")  # stored as they are typed


def create_session(
    event: Event, draft: Draft, actor: str, new_id: str | None = None
) -> tuple[Session, Saved]:
    """A new session of the event, once for each `new_id`. Raises Refused, InvalidFields."""
    before = empty_session_draft(event)
    with editing(event):
        if made := made_before(event, Session, new_id):
            refuse_another(made.name, draft, draft_of_session(made, TELLING), TELLING)
            return made, Saved([])
        refuse_beyond_limit(event, Session, "sessions")
        session = Session(
            event_id=event.id,
            source_id=parse_uuid(new_id) or str(uuid4()),
            status=draft["status"],
            custom_fields={},
        )
        custom = custom_fields_of("session", session)
        check_fields(event, draft, draft, custom)
        db.session.add(session)
        db.session.flush()
        changed = {name: value for name, value in draft.items() if value != before[name]}
        write_fields(event, session, changed, actor, custom)
        session.edited = {}  # no file has said anything of it
        stamp(session, actor)
        text = f"Made the session “{session.title}” of {event.name}."
        record(
            event.organisation_id,
            actor,
            "session made",
            text,
            event_id=event.id,
            session_id=session.source_id,
        )
        warnings = _shared_id(session)
    return session, Saved(name_fields(LABELS, changed, custom), warnings=warnings)


def save_session(
    session: Session, draft: Draft, seen: Mapping[str, str], actor: str, theirs: Iterable[str] = ()
) -> Saved:
    """Write what the form has changed since it was opened; `seen` are the marks that it carries.

    Raises Refused, InvalidFields, and EditedMeanwhile when somebody else has changed the same fields to other values;
    of those in `theirs` it is known by then that what is stored counts.
    """
    event = db.session.get_one(Event, session.event_id)
    warnings: list[str] = []
    change = None
    with editing(event):
        look_again(session)
        stored = draft_of_session(session)
        merged = merge_with_stored(session, stored, seen, draft, theirs)
        custom = custom_fields_of("session", session)
        check_fields(event, {**stored, **merged.changed}, merged.changed, custom)
        if merged.changed:
            name = session.name
            told = write_fields(event, session, merged.changed, actor, custom)
            stamp(session, actor)
            text = f"Edited the session “{name}” of {event.name}: {'; '.join(told)}."
            record(
                event.organisation_id,
                actor,
                "session edited",
                text,
                event_id=event.id,
                session_id=session.source_id,
            )
            db.session.flush()
            kept = {session.source_id: both_sides(stored, draft_of_session(session))}
            change = keep_change(event, "session", kept, f"“{name}”: {'; '.join(told)}", actor)
            warnings = _shared_id(session) if "client_session_id" in merged.changed else []
    return tell_saved(LABELS, merged, custom, warnings, change)


def _shared_id(session: Session) -> list[str]:  # D17
    others = db.session.scalar(
        select(func.count())
        .select_from(Session)
        .where(
            Session.event_id == session.event_id,
            Session.id != session.id,
            Session.client_session_id == session.client_session_id,
        )
    )
    if not others or not session.client_session_id:
        return []
    have = "another session has" if others == 1 else f"{others} other sessions have"
    return [f"{have.capitalize()} the Client Session ID “{session.client_session_id}” too. Both will sync."]
