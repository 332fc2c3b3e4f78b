"""Brings answers of the API into the shape of a programme file, where the two differ.

What a file is refused for is read here where it can only mean one thing, as nobody can correct what a program over
there writes: a number for a text and a text for a number, an empty list for nothing, a name for what has one.
"""

import re
from typing import Any

from portal.programme.people import CONTACT_KEYS, OLDER_LISTS
from portal.programme.sources.sessionboard.client import Record

PENDING = "pending"
WHO = ("contact_id", "contact", "id")
PEOPLE_LISTS = ("participants", *OLDER_LISTS)
OBJECTS = ("format", "room", "track", "level", "language")
LISTS = {"tags": "name", "content": "url"}  # and what a text among their entries is
ORDERS = ("sort_order", "order")
NOT_TEXTS = ("custom_fields", "updated_at", "admin_url")
TEXTS = ("title", "description", *(key for key in CONTACT_KEYS if key not in NOT_TEXTS))
NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
FLAGS: dict[Any, bool] = {1: True, 0: False, "1": True, "0": False, "true": True, "false": False}
NAMES = ("name", "label", "field_name")  # of a custom field beside its value
IDS = ("id", "field_id", "custom_field_id")


def in_shape_of_a_file(
    event: Record, sessions: list[Record], speakers: list[Record], fields: list[Record]
) -> Record:
    """`{"event", "sessions", "contacts"}` as `read_programme` takes it."""
    names = {str(each.get("id")): each["name"] for each in fields if isinstance(each.get("name"), str)}
    return {
        "event": event,
        "sessions": [_with_names(as_a_file_has_it(each), names) for each in sessions],
        "contacts": [_with_names(_with_texts(each), names) for each in speakers],
    }


def as_a_file_has_it(session: Record) -> Record:
    """The session with its statuses as words, without the gaps that a file may not have.

    A status may be an object with a name and the category that it is in, and one that is null has none yet (D6). A
    participant without a contact is nobody, as where the contact was deleted.
    """
    found = _with_texts(session)
    if "status" in session:
        status: Any = session["status"]
        found["status"] = _word_of(status) or PENDING
        if isinstance(status, dict):
            found.setdefault("status_category", status.get("category"))
    for key in OBJECTS:
        if key in found:
            found[key] = _object(found[key])
    for key, meaning in LISTS.items():
        if key in found:
            found[key] = _list(found[key], meaning)
    for key in PEOPLE_LISTS:
        if isinstance(entries := session.get(key), list):
            found[key] = [_participant(each) for each in entries if not _is_nobody(each)]
        elif entries in ({}, ""):
            found[key] = None
    if isinstance(flag := found.get("is_public"), int | str):
        found["is_public"] = FLAGS.get(flag, flag)
    return found


def _with_texts(record: Record) -> Record:
    """The record with texts where numbers stand for them, and no custom fields where their list is empty."""
    found = {**record, **{key: str(record[key]) for key in TEXTS if type(record.get(key)) in (int, float)}}
    if record.get("custom_fields") in ([], ""):
        found["custom_fields"] = None
    return found


def _object(value: Any) -> Any:
    return {"name": value} if value and isinstance(value, str) else value or None


def _list(value: Any, meaning: str) -> Any:
    if not isinstance(value, list):
        return value or None
    return [{meaning: each} if isinstance(each, str) else each for each in value]


def _word_of(status: Any) -> Any:
    return (status.get("slug") or status.get("name")) if isinstance(status, dict) else status


def _participant(entry: Any) -> Any:
    if not isinstance(entry, dict):
        return entry
    found = _with_texts(entry)
    if isinstance(entry.get("status"), dict):
        found["status"] = _word_of(entry["status"])
    if "participant_role" in entry:
        role = entry["participant_role"]
        found["participant_role"] = {"slug": role} if role and isinstance(role, str) else role or None
    for key in ORDERS:
        if isinstance(order := entry.get(key), str):
            found[key] = float(order) if NUMBER.fullmatch(order) else order or None
    if isinstance(contact := entry.get("contact"), dict):
        found["contact"] = _with_texts(contact)
    return found


def _is_nobody(entry: Any) -> bool:
    return entry is None or (isinstance(entry, dict) and not any(entry.get(key) for key in WHO))


def _with_names(record: Record, names: dict[str, str]) -> Record:
    """Custom fields by their names, where their values stand under the ids of their definitions, or in a list."""
    values: Any = record.get("custom_fields")
    if isinstance(values, list):
        values = _by_name(values, names)
    elif not isinstance(values, dict) or not values.keys() & names.keys():
        return record
    else:
        values = {names.get(key, key): value for key, value in values.items()}
    return {**record, "custom_fields": values}


def _by_name(listed: list[Any], names: dict[str, str]) -> Any:
    """The values of a list whose entries name their fields or have their ids; else the list as it is."""
    found = {}
    for each in listed:
        if not isinstance(each, dict) or "value" not in each:
            return listed
        told = (each[key] for key in NAMES if isinstance(each.get(key), str))
        known = (names[str(each[key])] for key in IDS if str(each.get(key)) in names)
        name = next(told, None) or next(known, None)
        if name is None:
            return listed
        found[name] = each["value"]
    return found
