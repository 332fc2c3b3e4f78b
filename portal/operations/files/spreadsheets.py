"""Imports a programme from a spreadsheet (H2): read, recognised, looked at, stored; all or nothing."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from portal.errors import InvalidFields, InvalidFile, Refused
from portal.models import Category, Event, Organisation, Status, db
from portal.operations.files.changed_twice import tell_changed_twice
from portal.operations.files.column_memory import choices_of, recall, remember, with_choices
from portal.operations.files.importing import one_at_a_time
from portal.operations.history import record
from portal.operations.queries.editable import why_not_edit
from portal.programme.bounds import LONGEST_NAME, check_number
from portal.programme.keeping import ChangedTwice
from portal.programme.spreadsheet.cells.status_words import meant_category
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.opening.table import Workbook
from portal.programme.spreadsheet.questions import Question
from portal.programme.spreadsheet.recognising.finding import find_tables
from portal.programme.spreadsheet.records.identity import Identified, identify
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import CellProblem, Draft, Options
from portal.programme.statuses import STANDARD, told_categories
from portal.programme.stored import StoredEvent, load_event, no_event
from portal.programme.storing import StoredProgramme, event_of_source, store_programme
from portal.programme.tallying import Tally
from portal.programme.values import timezones
from portal.text.matching import trimmed
from portal.text.numbers import count


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Where a spreadsheet goes: an event of the organisation, or a new one of this name and timezone."""

    event: Event | None
    name: str
    timezone: str


def target_event(event: Event) -> ImportTarget:
    """Raises Refused for an event that is not edited here (H1)."""
    if reason := why_not_edit(event):
        raise Refused(reason)
    return ImportTarget(event, event.name, event.timezone)


def target_new(name: str, timezone: str) -> ImportTarget:
    """Raises InvalidFields for a name that no event can have, and for a timezone that does not exist."""
    name, problems = trimmed(name), {}
    if not name:
        problems["name"] = "Enter a name for the new event."
    elif len(name) > LONGEST_NAME:
        problems["name"] = f"An event’s name has at most {LONGEST_NAME} characters."
    if timezone not in timezones():
        said = f"“{timezone}” is no timezone. Write" if timezone else "Enter its timezone:"
        problems["timezone"] = f"{said} region and city, as Europe/Paris."
    if problems:
        raise InvalidFields(problems)
    return ImportTarget(None, name, timezone)


@dataclass(frozen=True, slots=True)
class SheetImport:
    """What a spreadsheet did, or would do."""

    event: int | str | None  # as the command line names it
    event_id: int
    event_name: str
    sessions: Tally
    contacts: Tally
    columns: dict[str, str | None]
    problems: list[CellProblem]
    notes: list[str]
    is_stored: bool
    skipped: int  # rows with an error
    asks: Collection[Question] = ()
    sorted_statuses: dict[str, Category] = field(default_factory=dict)
    changed_twice: list[ChangedTwice] = field(default_factory=list)  # H3

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "event": self.event,
            "sessions": self.sessions.as_json(),
            "contacts": self.contacts.as_json(),
            "columns": self.columns,
            "problems": [each.as_json() for each in self.problems],
            "notes": self.notes,
        }


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What a spreadsheet says, and what that means for the event; nothing is stored yet."""

    target: ImportTarget
    draft: Draft
    stored: StoredEvent
    identified: Identified


def read_sheet(workbook: Workbook, target: ImportTarget, options: Options) -> SheetReading:
    """Read the sheets and find the records that they speak of.

    Raises InvalidFile for a workbook that lists nothing, and Refused for columns that it does not have.
    """
    stored = load_event(target.event) if target.event else no_event(target.name, target.timezone)
    draft = read_draft(workbook, replace(options, custom_names=stored.custom_names))
    _refuse_nothing(draft)
    identified = identify(draft, stored, options)
    draft.let_rows_go()
    check_number(len(identified.content.sessions), "sessions")
    check_number(len(identified.content.contacts), "people")
    return SheetReading(target, draft, stored, identified)


def import_spreadsheet(
    organisation: Organisation,
    content: bytes,
    target: ImportTarget,
    options: Options,
    actor: str,
    *,
    check: bool = False,
    skip_bad_rows: bool = False,
) -> SheetImport:
    """Bring the file into the event. Nothing is stored with `check`, or when a row is bad and none may be skipped.

    Raises InvalidFile and Refused as above.
    """
    with one_at_a_time(organisation.id):
        workbook = read_workbook(content)
        tables = find_tables(workbook)
        known = recall(target.event, tables) if target.event else {}
        options = with_choices(options, known)
        if options.encoding:
            workbook = read_workbook(content, options.encoding)
        reading = read_sheet(workbook, target, options)
        if known:
            reading.draft.notes.append("The columns were read as in the last file with these headers.")
        found = store_sheet(organisation.id, reading, actor, check=check, skip_bad_rows=skip_bad_rows)
        if found.is_stored and any(choices_of(options).values()):
            remember(found.event_id, tables, choices_of(options))
            db.session.commit()
        return found


def store_sheet(
    organisation_id: int,
    reading: SheetReading,
    actor: str,
    *,
    check: bool,
    skip_bad_rows: bool,
    file_counts: bool = False,
) -> SheetImport:
    """Store what was read and commit; with `check`, and where a bad row is in the way, count only."""
    identified, event = reading.identified, reading.target.event
    holds_any = bool(identified.content.sessions or identified.content.contacts)
    keeps = holds_any and not check and (skip_bad_rows or not identified.left_out)
    try:
        stored = _store(organisation_id, reading.target, identified, file_counts)
        sorted_statuses = _sort_statuses(stored.event, identified)
        found = _summary(reading.draft, identified, stored, keeps, sorted_statuses)
        if keeps:
            record(organisation_id, actor, "imported", _described(found), event_id=stored.event.id)
            db.session.commit()
        else:
            found = found if event else replace(found, event=None)
            db.session.rollback()
    except Exception:
        db.session.rollback()
        raise
    return found


def _refuse_nothing(draft: Draft) -> None:
    if not draft.sessions and not draft.people and not any(each.is_error for each in draft.problems):
        raise InvalidFile(
            "The file lists no session and nobody: no row below its header has a title or a name. "
            "Is the column with the titles matched to “title”?"
        )


def _store(
    organisation_id: int, target: ImportTarget, identified: Identified, file_counts: bool
) -> StoredProgramme:
    content = identified.content
    if target.event is None:
        content = replace(content, event_source_id=_free_id(organisation_id, target.name))
    return store_programme(organisation_id, content, event=target.event, file_counts=file_counts)


def _free_id(organisation_id: int, name: str) -> str:
    """An id for a new event, made of its name."""
    plain = "-".join(re.findall(r"[^\W_]+", name.lower()))[:100] or "event"
    wanted, number = plain, 1
    while event_of_source(organisation_id, wanted):
        number += 1
        wanted = f"{plain}-{number}"
    return wanted


def _sort_statuses(event: Event, identified: Identified) -> dict[str, Category]:
    """Sort the statuses whose words mean the same everywhere, unless somebody has sorted them already (D6)."""
    told = told_categories(event.id)
    words = {each.status for each in identified.content.sessions} - told.keys() - STANDARD.keys()
    found = {word: category for word in sorted(words) if (category := meant_category(word))}
    db.session.add_all(
        Status(event_id=event.id, name=word, category=category.value) for word, category in found.items()
    )
    return found


def _summary(
    draft: Draft,
    identified: Identified,
    stored: StoredProgramme,
    keeps: bool,
    sorted_statuses: dict[str, Category],
) -> SheetImport:
    notes = draft.notes + identified.notes
    notes += [
        f"The status “{word}” counts as {category.value}." for word, category in sorted_statuses.items()
    ]
    notes += [told] if (told := tell_changed_twice(stored.changed_twice)) else []
    sessions, contacts = stored.sessions, stored.contacts
    if not draft.lists_sessions:
        sessions = replace(sessions, missing=0)
    if not draft.lists_people:
        contacts = replace(contacts, missing=0)
    return SheetImport(
        event=stored.as_json()["event"],
        event_id=stored.event.id,
        event_name=stored.event.name,
        sessions=sessions,
        contacts=contacts,
        columns=draft.columns,
        problems=sorted(identified.problems, key=lambda each: (each.place.sheet, each.place.row)),
        notes=notes,
        is_stored=keeps,
        skipped=identified.left_out,
        asks=draft.asks,
        sorted_statuses=sorted_statuses,
        changed_twice=stored.changed_twice,
    )


def _described(found: SheetImport) -> str:
    text = (
        f"Imported {found.event_name} from a spreadsheet: {found.sessions.words('session')} and "
        f"{found.contacts.words('person', 'people')}."
    )
    if found.skipped:
        text += f" {count(found.skipped, 'row with problems was', 'rows with problems were')} left out."
    return f"{text} {told}" if (told := tell_changed_twice(found.changed_twice)) else text


def events_named(organisation: Organisation, name: str) -> int:
    """How many events of the organisation have that name."""
    query = select(Event.id).where(Event.organisation_id == organisation.id, Event.name == trimmed(name))
    return len(db.session.scalars(query).all())
