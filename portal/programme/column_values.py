"""A record of what came in, as the values of its table's columns."""

from dataclasses import fields
from functools import lru_cache

from portal.models import ChoiceKind
from portal.programme.choices import ChoiceKey
from portal.programme.content import SINGLE_CHOICES, ChoiceContent, ContactContent, SessionContent
from portal.programme.merging import Values


def contact_values(contact: ContactContent) -> Values:
    """All that a person came in with; whoever comes in is no longer gone (H1)."""
    return {
        each.name: getattr(contact, each.name)
        for each in fields(contact)
        if each.name not in ("source_id", "absent")
    } | {"removed_at": None}


@lru_cache(maxsize=1_000)
def columns_of(absent: frozenset[str]) -> frozenset[str]:
    """The columns of what a source leaves out of a session (H2); most sessions of a file leave out the same."""
    return frozenset(f"{name}_id" if name in SINGLE_CHOICES else name for name in absent)


def session_values(session: SessionContent, choices: dict[ChoiceKey, int]) -> Values:
    """What a session came in with, but for its tags, people and files, which are rows of their own."""

    def chosen(kind: ChoiceKind, choice: ChoiceContent | None) -> int | None:
        return choices[kind.value, choice.source_id] if choice else None

    return {
        "title": session.title,
        "description": session.description,
        "status": session.status,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "is_public": session.is_public,
        "client_session_id": session.client_session_id,
        "format_id": chosen(ChoiceKind.FORMAT, session.format),
        "room_id": chosen(ChoiceKind.ROOM, session.room),
        "track_id": chosen(ChoiceKind.TRACK, session.track),
        "level_id": chosen(ChoiceKind.LEVEL, session.level),
        "language_id": chosen(ChoiceKind.LANGUAGE, session.language),
        "custom_fields": session.custom_fields,
        "updated_at": session.updated_at,
        "admin_url": session.admin_url,
    }
