"""Writes a programme in the shape of Sessionboard's API, which `reading` takes in again."""

import json
from datetime import UTC, datetime
from typing import Any

from portal.programme.content import ChoiceContent, ContactContent, ProgrammeContent, SessionContent
from portal.programme.people import CONTACT_KEYS


def write_json(content: ProgrammeContent, identifier: int | str) -> bytes:
    """The programme; `identifier` is the event's id as its source writes it."""
    programme = {
        "event": {"id": identifier, "name": content.name, "timezone": content.timezone},
        "sessions": [_session(each) for each in content.sessions],
        "contacts": [_contact(each) for each in content.contacts],
    }
    return json.dumps(programme, ensure_ascii=False, indent=1).encode()


def _session(session: SessionContent) -> dict[str, Any]:
    return {
        "id": session.source_id,
        "title": session.title,
        "description": session.description,
        "status": session.status,
        "starts_at": _moment(session.starts_at),
        "ends_at": _moment(session.ends_at),
        "is_public": session.is_public,
        "client_session_id": session.client_session_id,
        "format": _choice(session.format),
        "room": _choice(session.room),
        "track": _choice(session.track),
        "level": _choice(session.level),
        "language": _choice(session.language),
        "tags": [_choice(each) for each in session.tags],
        "content": [
            {"name": each.name, "url": each.url, "created_at": _moment(each.created_at)}
            for each in session.files
        ],
        "participants": [
            {
                "contact_id": each.contact_id,
                "participant_role": {"core_role": each.role},
                "status": each.status,
                "sort_order": place,
            }
            for place, each in enumerate(session.participants)
        ],
        "custom_fields": session.custom_fields,
        "updated_at": _moment(session.updated_at),
        "admin_url": session.admin_url,
    }


def _contact(contact: ContactContent) -> dict[str, Any]:
    values = {key: getattr(contact, field) for key, field in CONTACT_KEYS.items()}
    return {"id": contact.source_id, **values, "updated_at": _moment(contact.updated_at)}


def _choice(choice: ChoiceContent | None) -> dict[str, Any] | None:
    return None if choice is None else {"id": choice.source_id, "name": choice.name, "color": choice.colour}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
