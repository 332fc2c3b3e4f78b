"""Imports a programme of the JSON shape into an organisation (H2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from portal.config import current_settings
from portal.errors import Refused
from portal.models import Event, Organisation, db
from portal.operations.editing.timezones import question_of_move
from portal.operations.files.changed_twice import tell_changed_twice
from portal.operations.history import record
from portal.operations.queries.editable import why_not_edit
from portal.operations.seats import take_seat
from portal.programme.content import ProgrammeContent
from portal.programme.sources.json_file import JsonFile
from portal.programme.stored import known_event
from portal.programme.storing import StoredProgramme, event_of_source, store_programme
from portal.programme.tallying import Tally

SEAT_WITHIN = 30.0  # seconds


@contextmanager
def one_at_a_time(organisation_id: int) -> Iterator[None]:
    """Reading a file needs much memory: each organisation reads one. Raises Refused when another is being read."""
    seat = take_seat(f"import-{organisation_id}", 1, SEAT_WITHIN)
    if seat is None:
        raise Refused("Another import of your organisation is at work. Try again when it is done.", "file")
    try:
        yield
    finally:
        seat.free()


def import_programme(
    organisation: Organisation,
    path: Path,
    actor: str,
    confirm_timezone: bool = False,
    event: Event | None = None,
) -> StoredProgramme:
    """Read, check and store the file, into the event that it names unless one is given; all or nothing.

    Raises InvalidFile for a file that is no programme, and Refused when the event's timezone would change
    under synced sessions and nobody has confirmed it (D18).
    """
    with one_at_a_time(organisation.id):
        content = _read(organisation, path)
        event = event_of(organisation.id, event, content)
        return store_content(organisation.id, content, actor, confirm_timezone, event)


class Checked(NamedTuple):
    """What importing a file would do; the event is named as the command line names it."""

    event: int | str
    event_name: str
    sessions: Tally
    contacts: Tally


def check_programme(
    organisation: Organisation, path: Path, confirm_timezone: bool = False, event: Event | None = None
) -> Checked:
    """What importing the file would do; nothing is stored. Raises InvalidFile and Refused as above."""
    with one_at_a_time(organisation.id):
        content = _read(organisation, path)
        try:
            event = event_of(organisation.id, event, content)
            _refuse_unasked_move(event, content, confirm_timezone)
            stored = store_programme(organisation.id, content, event=event)
            return Checked(stored.identifier, stored.event.name, stored.sessions, stored.contacts)
        finally:
            db.session.rollback()


def _read(organisation: Organisation, path: Path) -> ProgrammeContent:
    stored = partial(known_event, organisation.id)
    return JsonFile(path, current_settings().import_max_bytes, stored).content()


def event_of(organisation_id: int, chosen: Event | None, content: ProgrammeContent) -> Event | None:
    """The event that a JSON file goes to. Raises Refused when it is of another event than the chosen one."""
    named = event_of_source(organisation_id, content.event_source_id)
    if chosen is None:
        if named is not None and (reason := why_not_edit(named)):
            raise Refused(reason, "file")
        return named
    if (named and named.id != chosen.id) or (named is None and chosen.source_id):
        raise Refused(
            f"This file is of the event “{content.name}” ({content.event_source_id}), not of “{chosen.name}”.",
            "file",
        )
    return chosen


def store_content(
    organisation_id: int,
    content: ProgrammeContent,
    actor: str,
    confirm_timezone: bool,
    event: Event | None,
    file_counts: bool = False,
) -> StoredProgramme:
    """Store the programme and commit. Raises Refused as above."""
    try:
        event = event or event_of_source(organisation_id, content.event_source_id)
        if event is not None and (reason := why_not_edit(event)):  # H1
            raise Refused(reason, "file")
        former_timezone = event.timezone if event else content.timezone
        _refuse_unasked_move(event, content, confirm_timezone)
        stored = store_programme(organisation_id, content, event=event, file_counts=file_counts)
        text = _describe(stored)
        if former_timezone != content.timezone:
            text += f" Its timezone changed from {former_timezone} to {content.timezone}."
        record(organisation_id, actor, "imported", text, event_id=stored.event.id)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    return stored


def _refuse_unasked_move(event: Event | None, content: ProgrammeContent, confirmed: bool) -> None:
    question = question_about(event, content)
    if question and not confirmed:  # D18
        raise Refused(question, "confirm_timezone")


def question_about(event: Event | None, content: ProgrammeContent) -> str | None:
    """What is asked before the event's timezone changes; None where nothing is (D18)."""
    if event is None or event.timezone == content.timezone:
        return None
    return question_of_move(event, content.timezone, content)


def _describe(stored: StoredProgramme) -> str:
    return (
        f"Imported {stored.event.name}: {stored.sessions.words('session')} and "
        f"{stored.contacts.words('person', 'people')}."
        f"{f' {told}' if (told := tell_changed_twice(stored.changed_twice)) else ''}"
    )
