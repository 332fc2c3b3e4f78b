"""Brings answers of the API into the shape of a programme file, where the two differ."""

from typing import Any

from portal.programme.sources.sessionboard.client import Record


def in_shape_of_a_file(
    event: Record, sessions: list[Record], speakers: list[Record], fields: list[Record]
) -> Record:
    """`{"event", "sessions", "contacts"}` as `read_programme` takes it."""
    names = {str(each.get("id")): each["name"] for each in fields if isinstance(each.get("name"), str)}
    return {
        "event": event,
        "sessions": [_with_names(with_category(each), names) for each in sessions],
        "contacts": [_with_names(each, names) for each in speakers],
    }


def with_category(session: Record) -> Record:
    """A status may be an object with a name and the category that it is in (D6)."""
    status: Any = session.get("status")
    if not isinstance(status, dict):
        return session
    name = status.get("slug") or status.get("name")
    return {"status_category": status.get("category"), **session, "status": name}


def _with_names(record: Record, names: dict[str, str]) -> Record:
    """Custom fields by their names, where their values stand under the ids of their definitions."""
    values: Any = record.get("custom_fields")
    if not isinstance(values, dict) or not (values.keys() & names.keys()):
        return record
    return {**record, "custom_fields": {names.get(key, key): value for key, value in values.items()}}
