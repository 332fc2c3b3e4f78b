"""Says what is wrong with a record that is sent: every problem at once, each with its field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from asp_local.answers import Problem
from asp_local.kinds import LOCATIONS, SESSIONS, SPEAKERS, STREAMS, Field, Kind, Record, Shape, blank
from asp_local.store import Store

WALL_CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a record may refer to: its site, and for what is inside a seminar that seminar."""

    store: Store
    site: str
    seminar: Record | None = None


def find_problems(
    kind: Kind, sent: Record, surroundings: Surroundings, stored: Record | None
) -> list[Problem]:
    """The problems of a new record (`stored` is None) or of changes to a stored one."""
    problems: list[Problem] = []
    for name in sent:
        if name in kind.read_only():
            problems.append({"field": name, "message": f"{name} cannot be set."})
        elif name not in kind.fields:
            problems.append({"field": name, "message": f"{name} is not a field of a {kind.noun}."})
    for name, each in kind.fields.items():
        if name in sent:
            message = field_problem(name, each, sent[name], surroundings)
        else:
            message = f"{name} is required." if each.required and stored is None else None
        if message:
            problems.append({"field": name, "message": message})
        elif each.shape is Shape.CUSTOM_VALUES and name in sent:
            problems += _custom_problems(sent[name], surroundings)
    if kind is SESSIONS and not any(each["field"] in ("StartTime", "EndTime") for each in problems):
        problems += _order_problems(sent, stored or {})
    return problems


def field_problem(name: str, each: Field, value: Any, surroundings: Surroundings) -> str | None:
    """What is wrong with one value, a value that clears the field included."""
    message = shape_problem(name, each.shape, value)
    if message:
        return message
    if each.required and isinstance(value, str) and not value.strip():
        return f"{name} is required."
    if value == blank(each.shape):
        return None
    check = CHECKS.get(each.shape)
    return check(name, value, surroundings) if check else None


def shape_problem(name: str, shape: Shape, value: Any) -> str | None:
    """What is wrong with the JSON type of a value."""
    description, fits = JSON_TYPES.get(shape, A_TEXT)
    return None if fits(value) else f"{name} must be {description}."


def is_web_address(value: str) -> bool:
    """Whether the text is an http or https URL that a visitor of the website could follow: no name of an intranet."""
    if any(character.isspace() for character in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        return False


def is_wall_clock(value: Any) -> bool:
    """Whether the value is a date and time without an offset, to the second."""
    if not isinstance(value, str) or not WALL_CLOCK.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_list_of(kind: type, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)


def _url_problem(name: str, value: str, _surroundings: Surroundings) -> str | None:
    return None if is_web_address(value) else f"{name} must be an http or https URL."


def _email_problem(name: str, value: str, _surroundings: Surroundings) -> str | None:
    return None if EMAIL.fullmatch(value) else f"{name} must be an e-mail address."


def _time_problem(name: str, value: str, _surroundings: Surroundings) -> str | None:
    return None if is_wall_clock(value) else f"{name} must be a time like 2027-01-30T09:30:00."


def _colour_problem(name: str, value: str, _surroundings: Surroundings) -> str | None:
    return None if COLOUR.fullmatch(value) else f"{name} must be a colour like #1f77b4."


def _session_type_problem(_name: str, value: str, surroundings: Surroundings) -> str | None:
    types = (surroundings.seminar or {}).get("SessionTypes", [])
    known = any(each.get("Name") == value for each in types)
    return None if known else f"{value} is no session type of this seminar."


def _location_problem(_name: str, value: str, surroundings: Surroundings) -> str | None:
    known = surroundings.store.is_inside(LOCATIONS, (surroundings.seminar or {}).get("Uuid", ""), value)
    return None if known else f"{value} is no location of this seminar."


def _streams_problem(_name: str, value: list[str], surroundings: Surroundings) -> str | None:
    seminar = (surroundings.seminar or {}).get("Uuid", "")
    unknown = [each for each in value if not surroundings.store.is_inside(STREAMS, seminar, each)]
    return f"{unknown[0]} is no stream of this seminar." if unknown else None


def _speakers_problem(_name: str, value: list[str], surroundings: Surroundings) -> str | None:
    store, site = surroundings.store, surroundings.site
    unknown = [each for each in value if not store.is_inside(SPEAKERS, site, each)]
    return f"{unknown[0]} is no speaker of this site." if unknown else None


def _custom_problems(values: Mapping[str, Any], surroundings: Surroundings) -> list[Problem]:
    if surroundings.seminar is None:
        return [
            {"field": slug, "message": f"{slug} must be a text."}
            for slug, value in values.items()
            if not isinstance(value, str)
        ]
    types = {each.get("Slug"): each.get("Type") for each in surroundings.seminar["CustomFields"]}
    found = ((slug, _custom_problem(slug, types, value, surroundings)) for slug, value in values.items())
    return [{"field": slug, "message": message} for slug, message in found if message]


def _custom_problem(
    slug: str, types: Mapping[Any, Any], value: Any, surroundings: Surroundings
) -> str | None:
    if slug not in types:
        return f"{slug} is no custom field of this seminar."
    if types[slug] in ("checkbox", "speakerlist"):
        if not _is_list_of(str, value):
            return f"{slug} must be a list of texts."
        return _speakers_problem(slug, value, surroundings) if types[slug] == "speakerlist" else None
    return None if isinstance(value, str) else f"{slug} must be a text."


def _order_problems(sent: Record, stored: Record) -> list[Problem]:
    moved = [name for name in ("EndTime", "StartTime") if name in sent]
    start, end = ((stored | sent).get(name, "") for name in ("StartTime", "EndTime"))
    # A stored time that an editor typed wrong cannot be compared, and is not the sender's fault.
    if not moved or not (is_wall_clock(start) and is_wall_clock(end)):
        return []
    if start[:10] != end[:10]:
        return [{"field": moved[0], "message": "StartTime and EndTime must be on the same date."}]
    if end <= start:
        return [{"field": moved[0], "message": "EndTime must be after StartTime."}]
    return []


A_TEXT = ("a text", lambda value: isinstance(value, str))
A_LIST_OF_UUIDS = ("a list of Uuids", partial(_is_list_of, str))
A_LIST_OF_OBJECTS = ("a list of objects", partial(_is_list_of, dict))
JSON_TYPES: dict[Shape, tuple[str, Callable[[Any], bool]]] = {
    Shape.FLAG: ("true or false", lambda value: isinstance(value, bool)),
    Shape.NUMBER: ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool)),
    Shape.LOCATION: ("a location's Uuid or null", lambda value: value is None or isinstance(value, str)),
    Shape.STREAMS: A_LIST_OF_UUIDS,
    Shape.SPEAKERS: A_LIST_OF_UUIDS,
    Shape.CUSTOM_VALUES: ("an object", lambda value: isinstance(value, dict)),
    Shape.CUSTOM_FIELDS: A_LIST_OF_OBJECTS,
    Shape.SESSION_TYPES: A_LIST_OF_OBJECTS,
}
CHECKS: dict[Shape, Callable[[str, Any, Surroundings], str | None]] = {
    Shape.URL: _url_problem,
    Shape.EMAIL: _email_problem,
    Shape.TIME: _time_problem,
    Shape.COLOUR: _colour_problem,
    Shape.SESSION_TYPE: _session_type_problem,
    Shape.LOCATION: _location_problem,
    Shape.STREAMS: _streams_problem,
    Shape.SPEAKERS: _speakers_problem,
}
