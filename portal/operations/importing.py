"""Imports a programme file into an organisation (H2)."""

from pathlib import Path

from portal.config import current_settings
from portal.errors import Refused
from portal.models import Organisation, db
from portal.operations.history import record
from portal.operations.queries.drafts import why_not_edit
from portal.operations.seats import take_seat
from portal.operations.timezones import question_of_move
from portal.programme.reading import read_json
from portal.programme.storing import StoredProgramme, find_event, store_programme

SEAT_WITHIN = 30.0  # seconds


def import_programme(
    organisation: Organisation, path: Path, actor: str, confirm_timezone: bool = False
) -> StoredProgramme:
    """Read, check and store the file; all or nothing.

    Raises InvalidFile for a file that is no programme, and Refused when the event's timezone would change
    under synced sessions and nobody has confirmed it (D18).
    """
    organisation_id = organisation.id
    seat = take_seat(f"import-{organisation_id}", 1, SEAT_WITHIN)  # each needs much memory
    if seat is None:
        raise Refused("Another import of your organisation is at work. Try again when it is done.", "file")
    try:
        content = read_json(path, current_settings().import_max_bytes)
        event = find_event(organisation_id, content.event_source_id)
        if event is not None and (reason := why_not_edit(event)):  # H1
            raise Refused(reason, "file")
        former_timezone = event.timezone if event else content.timezone
        moves = event is not None and former_timezone != content.timezone
        question = question_of_move(event, content.timezone) if event and moves else None
        if question and not confirm_timezone:  # D18
            raise Refused(question, "confirm_timezone")
        stored = store_programme(organisation_id, content)
        text = _describe(stored)
        if moves:
            text += f" Its timezone changed from {former_timezone} to {content.timezone}."
        record(organisation_id, actor, "imported", text, event_id=stored.event.id)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    finally:
        seat.free()
    return stored


def _describe(stored: StoredProgramme) -> str:
    sessions, contacts = stored.sessions, stored.contacts
    return (
        f"Imported {stored.event.name}: {_count(sessions.received, 'session', 'sessions')}"
        f" and {_count(contacts.received, 'person', 'people')}"
        f" ({sessions.created} and {contacts.created} new)."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
