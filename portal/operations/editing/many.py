"""Change many sessions at once, or move one (H3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal.errors import InvalidFields, Refused
from portal.models import Choice, ChoiceKind, Event, KeptChange, Session, db
from portal.operations.editing.changes import keep_change
from portal.operations.editing.labels import SESSION_LABELS as LABELS
from portal.operations.editing.naming import choose_or_add
from portal.operations.editing.saving import EditedMeanwhile, editing, load_records, look_again, stamp
from portal.operations.editing.session_fields import check_fields, write_fields
from portal.operations.history import record
from portal.operations.queries.drafts import SINGLE_KINDS, draft_of_session
from portal.programme.drafts import Draft, merge_drafts
from portal.text.numbers import count

ADD_TAG, REMOVE_TAG = "add_tag", "remove_tag"


def change_many(
    event: Event, source_ids: Iterable[str], wanted: Mapping[str, str], actor: str
) -> KeptChange | None:
    """Give these sessions a status, room, format, track, level, language; add or take away a tag.

    `wanted` is field → value as drafts hold it, with `add_tag` and `remove_tag`. Returns what was changed, None where
    everything was so already. Raises Refused, InvalidFields.
    """
    if not wanted:
        raise Refused("Choose what is to be changed.")
    with editing(event):
        fields = {name: value for name, value in wanted.items() if name in LABELS}
        check_fields(event, fields, fields)
        fixed = {name: _known(event, name, value) for name, value in wanted.items()}
        sessions = load_records(event, Session, source_ids)
        touched = {*fields, *(("tags",) if {ADD_TAG, REMOVE_TAG} & fixed.keys() else ())}
        stored = {each.source_id: draft_of_session(each, touched) for each in sessions}
        drafts = {key: _with_changes(draft, fixed) for key, draft in stored.items()}
        return _apply(event, sessions, stored, drafts, _in_words(fixed), actor)


def give_client_ids(event: Event, ids: Mapping[str, str], actor: str) -> KeptChange | None:
    """Give sessions, by their UUIDs, these Client Session IDs; one that has one by now keeps it. Raises Refused."""
    with editing(event):
        for client_id in ids.values():
            check_fields(event, {}, {"client_session_id": client_id})
        sessions = [
            each for each in load_records(event, Session, ids) if not (each.client_session_id or "").strip()
        ]
        stored = {each.source_id: draft_of_session(each, ("client_session_id",)) for each in sessions}
        drafts = {each.source_id: {"client_session_id": ids[each.source_id]} for each in sessions}
        return _apply(event, sessions, stored, drafts, "Client Session IDs by a pattern", actor)


def move_session(session: Session, draft: Draft, seen: Mapping[str, str], actor: str) -> KeptChange | None:
    """Give a session the times and the room of a form; `seen` are the marks that the form carries.

    Returns what was changed, None where it was so already. Raises Refused, InvalidFields, and EditedMeanwhile when
    somebody else has moved it since the form was opened.
    """
    event = db.session.get_one(Event, session.event_id)
    with editing(event):
        look_again(session)
        stored = draft_of_session(session)
        merged = merge_drafts(seen, draft, stored)
        if merged.both:
            raise EditedMeanwhile(stored, merged, session.edited_by)
        check_fields(event, {**stored, **merged.changed}, merged.changed)
        if not merged.changed:
            return None
        told = write_fields(event, session, merged.changed, actor)
        stamp(session, actor)
        kept = {name: [stored[name], value] for name, value in merged.changed.items()}
        text = f"“{session.name}”: {'; '.join(told)}"
        return _keep(event, {session.source_id: kept}, text, actor)


def _known(event: Event, name: str, value: str) -> str:
    """The value with a new name put on the event's list, once for all sessions."""
    if name in SINGLE_KINDS:
        return str(choose_or_add(event, name, value).id) if value else ""
    if name in (ADD_TAG, REMOVE_TAG):
        try:
            return str(choose_or_add(event, ChoiceKind.TAG, value).id)
        except Refused as refusal:
            raise InvalidFields({name: str(refusal)}) from None
    return value


def _with_changes(draft: Draft, wanted: Mapping[str, str]) -> Draft:
    """What these changes make of a session, of the fields that they touch."""
    changed: Draft = {name: value for name, value in wanted.items() if name in LABELS}
    if "tags" in draft:
        tags = [each for each in draft["tags"] if each != wanted.get(REMOVE_TAG)]
        added = [wanted[ADD_TAG]] if ADD_TAG in wanted and wanted[ADD_TAG] not in tags else []
        changed["tags"] = tags + added
    return changed


def _apply(
    event: Event,
    sessions: list[Session],
    stored: Mapping[str, Draft],
    drafts: Mapping[str, Draft],
    text: str,
    actor: str,
) -> KeptChange | None:
    """Write what differs, and keep what was there before."""
    kept: dict[str, Any] = {}
    with db.session.no_autoflush:  # else each statement would look through all sessions changed so far
        for session in sessions:
            before = stored[session.source_id]
            changed = {
                name: value for name, value in drafts[session.source_id].items() if value != before[name]
            }
            if changed:
                write_fields(event, session, changed, actor)
                stamp(session, actor)
                kept[session.source_id] = {name: [before[name], value] for name, value in changed.items()}
    return _keep(event, kept, text, actor) if kept else None


def _keep(event: Event, kept: dict[str, Any], text: str, actor: str) -> KeptChange:
    """Keep for a while what was there before, and tell History."""
    number = count(len(kept), "session")
    told = f"{event.name}, {number}: {text}."
    record(event.organisation_id, actor, "sessions changed", told, event_id=event.id)
    return keep_change(event, "session", kept, text, actor)


def _in_words(wanted: Mapping[str, str]) -> str:
    told = []
    for name, value in wanted.items():
        label = {ADD_TAG: "Tag added:", REMOVE_TAG: "Tag taken away:"}.get(name) or f"{LABELS[name]} →"
        is_choice = name in SINGLE_KINDS or name in (ADD_TAG, REMOVE_TAG)
        told.append(f"{label} {_name(value) if is_choice else value.replace('_', ' ')}")
    return "; ".join(told)


def _name(choice_id: str) -> str:
    return f"“{db.session.get_one(Choice, int(choice_id)).name}”" if choice_id else "none"
