"""Brings answers of the API into the shape of a programme file, where the two differ."""

from typing import Any

from portal.programme.people import OLDER_LISTS
from portal.programme.sources.sessionboard.client import Record

PENDING = "pending"
WHO = ("contact_id", "contact", "id")


def in_shape_of_a_file(
    event: Record, sessions: list[Record], speakers: list[Record], fields: list[Record]
) -> Record:
    """`{"event", "sessions", "contacts"}` as `read_programme` takes it."""
    names = {str(each.get("id")): each["name"] for each in fields if isinstance(each.get("name"), str)}
    return {
        "event": event,
        "sessions": [_with_names(as_a_file_has_it(each), names) for each in sessions],
        "contacts": [_with_names(each, names) for each in speakers],
    }


def as_a_file_has_it(session: Record) -> Record:
    """The session with its statuses as words, without the gaps that a file may not have.

    A status may be an object with a name and the category that it is in, and one that is null has none yet (D6). A
    participant without a contact is nobody, as where the contact was deleted.
    """
    found = dict(session)
    if "status" in session:
        status: Any = session["status"]
        found["status"] = _word_of(status) or PENDING
        if isinstance(status, dict):
            found.setdefault("status_category", status.get("category"))
    for key in ("participants", *OLDER_LISTS):
        if isinstance(entries := session.get(key), list):
            found[key] = [_with_status(each) for each in entries if not _is_nobody(each)]
    return found


def _word_of(status: Any) -> Any:
    return (status.get("slug") or status.get("name")) if isinstance(status, dict) else status


def _with_status(entry: Any) -> Any:
    if isinstance(entry, dict) and isinstance(entry.get("status"), dict):
        return {**entry, "status": _word_of(entry["status"])}
    return entry


def _is_nobody(entry: Any) -> bool:
    return entry is None or (isinstance(entry, dict) and not any(entry.get(key) for key in WHO))


def _with_names(record: Record, names: dict[str, str]) -> Record:
    """Custom fields by their names, where their values stand under the ids of their definitions."""
    values: Any = record.get("custom_fields")
    if not isinstance(values, dict) or not (values.keys() & names.keys()):
        return record
    return {**record, "custom_fields": {names.get(key, key): value for key, value in values.items()}}
