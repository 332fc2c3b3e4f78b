"""Whether a session's fields can be stored as a form has them, and writing them (H3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.errors import InvalidFields
from portal.models import Choice, Event, Session, db
from portal.operations.editing.custom_fields import check_custom, write_custom
from portal.operations.editing.labels import SESSION_LABELS as LABELS
from portal.operations.editing.naming import choose_or_add
from portal.operations.editing.session_parts import write_files, write_people, write_tags
from portal.operations.queries.drafts import SINGLE_KINDS, list_offered, list_roles
from portal.programme.bounds import LONGEST_NAME
from portal.programme.custom import ShownField
from portal.programme.edited import remember_told
from portal.programme.values import flaw_of_text, parse_moment
from portal.text.clock import clock_words
from portal.text.html import LONGEST as LONGEST_TEXT
from portal.text.html import html_of

PARTS = ("tags", "people", "files")


def check_fields(
    event: Event,
    draft: Mapping[str, Any],
    changed: Mapping[str, Any],
    custom: Mapping[str, ShownField] | None = None,
) -> None:
    """Raises InvalidFields with a message for each field that cannot be stored."""
    problems = {
        name: f"{LABELS[name]} {flaw}."
        for name in ("title", "client_session_id", "description")
        if name in changed and (flaw := _flaw(changed[name], name))
    }
    if "title" in changed and not changed["title"]:
        problems["title"] = "Enter a title."
    if "status" in changed and changed["status"] not in list_offered(event).statuses:
        problems["status"] = "Choose a status from the list."
    if "people" in changed:
        problems |= _check_people(event, changed["people"])
    timed = {"starts_at", "ends_at"} & changed.keys() and draft["starts_at"] and draft["ends_at"]
    if timed and draft["ends_at"] <= draft["starts_at"]:
        problems["ends_at"] = "The end is not after the start. If it ends on another day, say which."
    problems |= check_custom(custom or {}, changed)
    if problems:
        raise InvalidFields(problems)


def _check_people(event: Event, people: list[list[str]]) -> dict[str, str]:
    roles, statuses = list_roles(event), list_offered(event).statuses
    if all(role in roles and status in statuses for _, role, status in people):
        return {}
    return {"people": "Choose a role and an acceptance from the list for everybody."}


def _flaw(text: str, name: str) -> str | None:
    longest = LONGEST_TEXT if name == "description" else LONGEST_NAME
    if len(text) > longest:
        return f"has more than {longest:,} characters"
    if flaw := flaw_of_text(text):
        return flaw
    found = html_of(text) if name == "description" else None
    return found.lost[0] if found and found.text is None else None


def write_fields(
    event: Event,
    session: Session,
    changed: Mapping[str, Any],
    actor: str,
    custom: Mapping[str, ShownField] | None = None,
) -> list[str]:
    """Write these fields; returns in words what has changed. What the event's file says of them is kept (H3)."""
    told = []
    for name, value in changed.items():
        if name in PARTS:
            told.append(_write_part(event, session, name, value, actor))
            continue
        if custom and name in custom:
            told.append(write_custom(session, custom[name], value))
            continue
        column = f"{name}_id" if name in SINGLE_KINDS else name
        before = getattr(session, column)
        after = _stored_value(event, name, value)
        remember_told(session, column, before, after)
        setattr(session, column, after)
        told.append(_in_words(event, name, before, after))
    return told


def _write_part(event: Event, session: Session, name: str, value: Any, actor: str) -> str:
    if name == "tags":
        return write_tags(event, session, value)
    return write_people(event, session, value, actor) if name == "people" else write_files(session, value)


def _stored_value(event: Event, name: str, value: Any) -> Any:
    if name in SINGLE_KINDS:
        return choose_or_add(event, name, value).id if value else None
    if name in ("starts_at", "ends_at"):
        return parse_moment(value) if value else None
    if name == "description":
        return html_of(value).text or None
    return value if name in ("status", "is_public") else value or None


def _in_words(event: Event, name: str, before: Any, after: Any) -> str:
    if name == "description":
        return "Description changed"
    was, will = _told(event, name, before), _told(event, name, after)
    if isinstance(before, datetime) and isinstance(after, datetime):  # the same day is told once
        day = was.partition(", ")[0]
        will = will.removeprefix(f"{day}, ")
    return f"{LABELS[name]} {was} → {will}"


def _told(event: Event, name: str, value: Any) -> str:
    if value is None:
        return "none"
    if name in SINGLE_KINDS:
        return f"“{db.session.get_one(Choice, value).name}”"
    if isinstance(value, datetime):
        return clock_words(value, ZoneInfo(event.timezone))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”"
