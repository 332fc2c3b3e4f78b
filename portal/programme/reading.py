"""Reads a programme in the shape of Sessionboard's API, from a file or from anything else that has it."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from portal.errors import InvalidFile
from portal.programme.bounds import LONGEST_HTML, check_number
from portal.programme.content import ChoiceContent, FileContent, KnownEvent, ProgrammeContent, SessionContent
from portal.programme.entry import Entry
from portal.programme.json_reading import load_json, parse_json
from portal.programme.other_kinds import EXPORTED
from portal.programme.people import People, read_participants, told_roles
from portal.programme.problems import SHOWN_LENGTH, Problems, printable, shown
from portal.programme.statuses import category_told
from portal.programme.values import parse_colour, timezones
from portal.text.matching import fold, trimmed

SHAPE = "an object with event, sessions and contacts, as Sessionboard gives them"
SESSION_KEYS = {
    "status": "status",
    "title": "title",
    "description": "description",
    "starts_at": "starts_at",
    "ends_at": "ends_at",
    "is_public": "is_public",
    "client_session_id": "client_session_id",
    "format": "format",
    "room": "room",
    "track": "track",
    "level": "level",
    "language": "language",
    "tags": "tags",
    "content": "files",
    "custom_fields": "custom_fields",
    "updated_at": "updated_at",
    "admin_url": "admin_url",
}

FindEvent = Callable[[str], KnownEvent | None]  # what is stored of an event, by its source's id


def nothing_known(_event_source_id: str) -> None:
    return None


def read_json(path: Path, max_bytes: int, stored: FindEvent = nothing_known) -> ProgrammeContent:
    """The programme in the file. Raises InvalidFile with every problem when it is not one (H2)."""
    return read_programme(load_json(path, max_bytes), stored=stored)


def read_bytes_of_json(content: bytes, stored: FindEvent) -> ProgrammeContent:
    """The programme in the bytes of a file. Raises InvalidFile (H2)."""
    return read_programme(parse_json(content), stored=stored)


def read_programme(
    data: Any, known: Collection[str] = frozenset(), stored: FindEvent = nothing_known
) -> ProgrammeContent:
    """The programme in `{"event": …, "sessions": […], "contacts": […]}`. Raises InvalidFile (H2).

    Contacts whose ids are `known` may take part without being in it. Of an event that is `stored` name, timezone and
    contacts may be absent: they stay as they are.
    """
    if not isinstance(data, dict):
        raise InvalidFile(f"The file holds {shown(data)}, not {SHAPE}. {EXPORTED}")
    if "event" not in data:
        held = ", ".join(f"“{printable(key[:SHOWN_LENGTH])}”" for key in list(data)[:5]) or "nothing"
        missing = [f"{key}: missing" for key in ("event", "sessions") if key not in data]
        raise InvalidFile(f"The file holds {held}, and no “event”: it is not {SHAPE}. {EXPORTED}", missing)
    problems = Problems(data)
    root = Entry(data, "", problems)
    event_source_id, name, timezone, people_stored = _read_event(root, stored)
    if data.get("sessions") is None:
        root.refuse("sessions", "missing")
    for kind in ("sessions", "contacts"):
        received = data.get(kind)
        check_number(len(received) if isinstance(received, list) else 0, kind)
    # Sessionboard's call for sessions filters the abstracts out; a file may hold them.
    sessions = [each for each in root.entries("sessions") if not each.flag("is_abstract", default=False)]
    people = People(root.entries("contacts"), sessions, people_stored.union(known))
    contents = _read_sessions(sessions, people)
    problems.raise_if_any()
    return ProgrammeContent(
        event_source_id=event_source_id,
        name=name,
        timezone=timezone,
        sessions=contents,
        contacts=tuple(people.contents.values()),
        without_status={
            content.source_id: f"{session.place}.status"
            for session, content in zip(sessions, contents, strict=True)
            if "status" in content.absent
        },
        categories=_read_categories(sessions),
    )


def _read_categories(sessions: list[Entry]) -> dict[str, str]:
    """What the source says that its statuses mean, where it says so (D6)."""
    told = {}
    for session in sessions:
        status, category = session.lower_name("status"), session.data.get("status_category")
        if status and isinstance(category, str) and (found := category_told(category)):
            told[status] = found.value
    return told


def _read_event(root: Entry, stored: FindEvent) -> tuple[str, str, str, frozenset[str]]:
    place = "event"
    data = root.data.get("event")
    if not isinstance(data, dict):
        root.refuse(place, "missing" if data is None else f"{shown(data)} is not an object")
        return "", "", "", frozenset()
    event = Entry(data, place, root.problems)
    source_id = event.name_or_number("id")
    before = stored(source_id) if source_id else None
    values = {"id": source_id, "name": event.name("name"), "timezone": event.name("timezone")}
    if before is not None:
        unsaid = {"name": before.name, "timezone": before.timezone}
        values |= {key: value for key, value in unsaid.items() if key not in data}
    for key, value in values.items():
        if value is None and _is_blank(data.get(key)):
            event.refuse(key, "missing")
    timezone = values["timezone"]
    if timezone and timezone not in timezones():
        event.refuse("timezone", f"{shown(timezone)} is no timezone: write it as Europe/Paris")
    people = before.people if before is not None else frozenset()
    return source_id or "", values["name"] or "", timezone or "", people


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not trimmed(value))


def _read_sessions(sessions: list[Entry], people: People) -> tuple[SessionContent, ...]:
    contents: dict[str, SessionContent] = {}
    places: dict[str, str] = {}
    for session in sessions:
        identifier = session.uuid("id")
        if identifier in places:
            session.refuse("id", f"{shown(identifier)} is the id of {places[identifier]} too")
            continue
        content = _read_session(session, identifier or "", people)
        if identifier:
            places[identifier] = session.place
            contents[identifier] = content
    return tuple(contents.values())


def _read_session(session: Entry, identifier: str, people: People) -> SessionContent:
    status = session.lower_name("status")
    if status is None and "status" in session.data and _is_blank(session.data["status"]):
        session.refuse("status", "missing")
    return SessionContent(
        source_id=identifier,
        status=status or "",
        title=session.name("title"),
        description=session.text("description", LONGEST_HTML),
        starts_at=session.moment("starts_at"),
        ends_at=session.moment("ends_at"),
        is_public=session.flag("is_public", default=True),
        client_session_id=session.name_or_number("client_session_id"),
        format=read_choice(session.entry("format")),
        room=read_choice(session.entry("room")),
        track=read_choice(session.entry("track")),
        level=read_choice(session.entry("level")),
        language=read_choice(session.entry("language")),
        tags=_read_tags(session),
        participants=read_participants(session, people),
        files=_read_files(session),
        custom_fields=session.custom_fields(),
        updated_at=session.moment("updated_at"),
        admin_url=session.web_address("admin_url"),
        absent=session.absent(SESSION_KEYS),
        told_roles=told_roles(session),
    )


def read_choice(entry: Entry | None) -> ChoiceContent | None:
    """A format, room, track, level, language or tag; None where there is none, or it has no name."""
    if entry is None:
        return None
    source_id = entry.name_or_number("id")
    name = entry.name("name")
    if name is None:
        return None
    colour = parse_colour(entry.data.get("color"))
    absent = entry.absent({"color": "colour"})
    return ChoiceContent(source_id=source_id or fold(name), name=name, colour=colour, absent=absent)


def _read_tags(session: Entry) -> tuple[ChoiceContent, ...]:
    tags: dict[str, ChoiceContent] = {}
    for entry in session.entries("tags", gaps=True):
        tag = read_choice(entry)
        if tag:
            tags.setdefault(tag.source_id, tag)
    return tuple(tags.values())


def _read_files(session: Entry) -> tuple[FileContent, ...]:
    files = []
    for entry in session.entries("content", gaps=True):
        url = entry.text("url")
        if url:
            content = FileContent(url=url, name=entry.text("name"), created_at=entry.moment("created_at"))
            files.append(content)
    return tuple(files)
