"""Programmes in the shape of Sessionboard's API, as small as a test needs them."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.errors import InvalidFile
from portal.models import Base, Organisation, db
from portal.programme.content import ProgrammeContent
from portal.programme.reading import read_programme
from portal.programme.storing import StoredProgramme, store_programme

DEMO = Path(__file__).parents[2] / "demo"
SESSION = "00000000-0000-4000-8000-00000000000{}"
PERSON = "00000000-0000-4000-9000-00000000000{}"
ROOM = {"id": "r1", "name": "B421"}
TAGS = [{"id": "t1", "name": "Beta", "color": "#111111"}, {"id": "t2", "name": "Alpha"}]
FILES = [
    {"name": "Old", "url": "https://example.org/1", "created_at": "2027-01-01T10:00:00Z"},
    {"name": "New", "url": "https://example.org/2"},
]


def session_entry(number: int = 1, **overrides: Any) -> dict[str, Any]:
    return {
        "id": SESSION.format(number),
        "title": f"Session {number}",
        "status": "accepted",
        "starts_at": "2027-10-30T09:30:00.000Z",
        "ends_at": "2027-10-30T10:00:00.000Z",
        "participants": [],
    } | overrides


def contact_entry(number: int = 1, **overrides: Any) -> dict[str, Any]:
    return {
        "id": PERSON.format(number),
        "first_name": "Ada",
        "last_name": f"Number {number}",
        "email": f"person{number}@example.org",
    } | overrides


def participant_entry(number: int = 1, **overrides: Any) -> dict[str, Any]:
    return {"contact_id": PERSON.format(number)} | overrides


def unnamed(problems: list[str]) -> list[str]:
    """The problems without the names of their records, which other tests look at."""
    return [each.partition(" – in “")[0] for each in problems]


def programme_of(*sessions: Any, contacts: Any = (), **event: Any) -> dict[str, Any]:
    return {
        "event": {"id": 7, "name": "Small Conf", "timezone": "Europe/Paris"} | event,
        "sessions": list(sessions),
        "contacts": list(contacts),
    }


def read(*sessions: Any, contacts: Any = (), **event: Any) -> ProgrammeContent:
    return read_programme(programme_of(*sessions, contacts=contacts, **event))


def problems_of(data: Any) -> list[str]:
    """What reading the programme complains of, once it is refused."""
    with pytest.raises(InvalidFile) as caught:
        read_programme(data)
    return unnamed(caught.value.problems)


def problems_of_session(**overrides: Any) -> list[str]:
    return problems_of(programme_of(session_entry(**overrides)))


def write(folder: Path, data: Any) -> Path:
    path = folder / "programme.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def full_session(number: int = 1, **overrides: Any) -> dict[str, Any]:
    return session_entry(
        number,
        **{
            "room": ROOM,
            "tags": TAGS,
            "content": FILES,
            "participants": [participant_entry(2), participant_entry(1, status="declined")],
            "custom_fields": {"Size": 1},
            "updated_at": "2026-11-01T09:00:00Z",
        }
        | overrides,
    )


def contacts() -> list[dict[str, Any]]:
    return [contact_entry(1), contact_entry(2)]


def store(organisation: Organisation, *sessions: Any, people: Any = None, **event: Any) -> StoredProgramme:
    content = read(*sessions, contacts=contacts() if people is None else people, **event)
    stored = store_programme(organisation.id, content)
    db.session.commit()
    return stored


def count(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model))
