"""A programme file waits, private to its organisation, while it is looked at; Import alone stores it (H2)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select

from portal.errors import NotFound, Refused
from portal.models import Event, Organisation, Upload, db
from portal.operations.files.changed_twice import tell_changed_twice
from portal.operations.files.column_memory import recall, remember
from portal.operations.files.importing import event_of, one_at_a_time, store_content
from portal.operations.files.looking import (
    JSON,
    look_at_json,
    look_at_sheet,
    options_of,
    read_upload,
    target_of,
)
from portal.operations.files.spreadsheets import SheetReading, store_sheet, target_new
from portal.operations.queries.editable import why_not_edit
from portal.programme.bounds import MOST_RECORDS
from portal.programme.keeping import ChangedTwice
from portal.programme.numbering import parse_pattern
from portal.programme.problems import printable
from portal.programme.reading import read_bytes_of_json
from portal.programme.spreadsheet.opening.decoding import OLDER_NAMES, encoding_named, readings
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.questions import DateOrder, Question
from portal.programme.spreadsheet.recognising.columns import Matching
from portal.programme.spreadsheet.recognising.finding import find_tables
from portal.programme.spreadsheet.recognising.matching import match_columns
from portal.programme.spreadsheet.recognising.tables import Tables
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import CellPlace
from portal.programme.stored import known_event, load_event, no_event
from portal.programme.tallying import Tally
from portal.programme.values import FIRST_YEAR, LAST_YEAR, parse_day
from portal.sync.running.retention import forget_old_uploads
from portal.text.matching import trimmed
from portal.text.numbers import count

MOST_WAITING = 10  # of one organisation
MOST_FIXES = 5_000  # cells of one file that are typed anew
MOST_LEFT_OUT = 2 * MOST_RECORDS  # rows, of sessions and of people
SPREADSHEET = "spreadsheet"


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """The tables of an uploaded spreadsheet, and what each of their columns is taken for."""

    tables: Tables
    matched: dict[int, Matching]
    asks: set[Question]  # those too that were answered
    notes: list[str]
    needs_status: bool  # no column tells the status of a session
    encoding: str | None  # as which the text was read, where the file does not say it
    readings: dict[str, str]  # encoding → the same words in each that fits


@dataclass(frozen=True, slots=True)
class NewEvent:
    """The event that a spreadsheet is to make, as it was typed."""

    name: str = ""
    timezone: str = ""


@dataclass(frozen=True, slots=True)
class FileAnswers:
    """What a person says of a file's days, statuses and IDs, as it was typed; empty where nothing was."""

    order: str = ""
    year: str = ""
    day: str = ""
    number: str = ""
    new_status: str = ""


def keep_upload(
    organisation: Organisation,
    actor: str,
    file_name: str,
    content: bytes,
    event: Event | None,
    new: NewEvent | None = None,
) -> Upload:
    """Keep a file that can be read, for a day. Raises InvalidFile, and Refused for an event that cannot be."""
    forget_old_uploads()
    waiting = select(func.count()).where(Upload.organisation_id == organisation.id)
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Refused(
            f"{MOST_WAITING} files wait already to be imported. Import or discard one of them first.", "file"
        )
    if event is not None and (reason := why_not_edit(event)):
        raise Refused(reason, "file")
    kind = JSON if _is_json(file_name, content) else SPREADSHEET
    with one_at_a_time(organisation.id):
        if kind == JSON:
            told = read_bytes_of_json(content, partial(known_event, organisation.id))
            event_of(organisation.id, event, told)
            choices = {}
        else:
            choices = _first_choices(find_tables(read_workbook(content)), event, new or NewEvent())
    upload = Upload(
        organisation_id=organisation.id,
        event_id=event.id if event else None,
        actor=actor,
        name=printable(trimmed(file_name)) or "programme",
        kind=kind,
        content=content,
        choices=choices,
    )
    db.session.add(upload)
    db.session.commit()
    return upload


def _first_choices(tables: Tables, event: Event | None, new: NewEvent) -> dict[str, Any]:
    """What is said of a spreadsheet before anybody has looked at it: its new event, or what the last one was like."""
    if event is None:
        target = target_new(new.name, new.timezone)
        return {"name": target.name, "timezone": target.timezone}
    known = recall(event, tables)
    return {**known, "is_remembered": True} if known else {}


def _is_json(file_name: str, content: bytes) -> bool:
    """By its name or its beginning: browsers and mail programs rename files."""
    return file_name.lower().endswith(".json") or (
        content[:100].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
        and b"\0" not in content[:100]
    )


def describe_columns(upload: Upload, chosen: Mapping[str, str | None] | None = None) -> ChosenColumns:
    """The columns as they stand, or as they were `chosen` and not kept, for a person to change."""
    target = target_of(upload)
    stored = load_event(target.event) if target.event else no_event(target.name, target.timezone)
    options = replace(options_of(upload.choices, target), custom_names=stored.custom_names)
    if chosen is not None:
        options = replace(options, columns=chosen)
    with one_at_a_time(upload.organisation_id):
        workbook = read_workbook(upload.content, options.encoding)
        draft = read_draft(workbook, options)
    guessed = workbook.encoding if workbook.encoding in OLDER_NAMES else None
    return ChosenColumns(
        tables=draft.tables,
        matched=draft.matched,
        asks=draft.asks | {each for each in Question if upload.choices.get(each)},
        notes=draft.notes,
        needs_status="status" not in draft.columns.values() and bool(draft.tables.sessions),
        encoding=guessed,
        readings=readings(upload.content) if guessed else {},
    )


def choose_encoding(upload: Upload, encoding: str) -> None:
    """Read the file anew with these letters; what was said of its headers is forgotten.

    Raises Refused, and InvalidFile for a file that is not written so.
    """
    if encoding_named(encoding) != encoding:
        raise Refused("Choose one of the ways in which the letters may be written.", "encoding")
    find_tables(read_workbook(upload.content, encoding))
    upload.choices = {**upload.choices, "encoding": encoding, "columns": {}, "fixes": []}
    db.session.commit()


def choose_columns(upload: Upload, columns: Mapping[str, str | None], told: FileAnswers) -> None:
    """Keep what was said of the file. Raises Refused for a field that does not exist, and for an unusable pattern."""
    match_columns(find_tables(read_workbook(upload.content, upload.choices.get("encoding"))), columns)
    if told.order and told.order not in set(DateOrder):
        raise Refused("Choose whether the day or the month comes first.", "order")
    if told.year and not _is_year(told.year):
        raise Refused("Write the year with four digits, as 2027.", "year")
    if told.day and parse_day(told.day) is None:
        raise Refused("Write the day as 2027-03-04.", "day")
    if told.number and parse_pattern(told.number) is None:
        raise Refused("Write the pattern of the IDs with one {number}, as S-{number:03}.", "number")
    upload.choices = {**upload.choices, "columns": dict(columns), **asdict(told)}
    db.session.commit()


def _is_year(text: str) -> bool:
    return text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR


def mend_upload(
    upload: Upload, fixes: Mapping[CellPlace, str], left_out: list[tuple[str, int]], bring_back: bool = False
) -> None:
    """Keep what was typed for bad cells, and which rows are left out. Raises Refused for far too many (G5)."""
    known = {
        CellPlace(sheet, row, column): text for sheet, row, column, text in upload.choices.get("fixes", [])
    }
    known = {**known, **fixes}
    before = [] if bring_back else [tuple(each) for each in upload.choices.get("left_out", [])]
    rows = {*before, *left_out}
    if len(known) > MOST_FIXES or len(rows) > MOST_LEFT_OUT:
        raise Refused("That is too much to be fixed here. Fix it in the file, and upload that again.")
    upload.choices = {
        **upload.choices,
        "fixes": [[*place, text] for place, text in known.items()],
        "left_out": sorted(rows),
    }
    db.session.commit()


def import_upload(
    upload: Upload, actor: str, seen: str, confirm_timezone: bool = False, file_counts: bool = False
) -> tuple[int, str]:
    """Store the upload as it was seen; returns the event's id and what happened, in words.

    Where a field was changed here as well, what stands here stays, unless the `file_counts` (H3).

    Raises Refused while rows have errors, and when the event has changed since it was looked at; NotFound when the
    file was brought in, or discarded, in the same moment.
    """
    upload_id = upload.id
    with one_at_a_time(upload.organisation_id):
        if db.session.get(Upload, upload_id, populate_existing=True) is None:
            raise NotFound("This file was brought in already, or discarded. Nothing was done twice.")
        reading = None if upload.kind == JSON else read_upload(upload)
        look = look_at_sheet(reading) if reading else look_at_json(upload)
        if look.bad_rows:
            raise Refused("Some rows have problems: fix them, or leave them out.")
        if look.fingerprint != seen:
            raise Refused("The event has changed since you looked. Look at this again, then import.")
        if reading:
            imported = _import_sheet(upload, reading, actor, file_counts)
        else:
            imported = _import_json(upload, look.event, actor, confirm_timezone, file_counts)
        _forget(upload_id)
    told = tell_changed_twice(imported.changed_twice)
    return imported.event_id, (
        f"{imported.name} was imported: {count(imported.sessions.received, 'session', 'sessions')}, "
        f"{count(imported.people.received, 'person', 'people')}.{f' {told}' if told else ''}"
    )


class _Imported(NamedTuple):
    event_id: int
    name: str
    sessions: Tally
    people: Tally
    changed_twice: list[ChangedTwice]


def _import_json(
    upload: Upload, event: Event | None, actor: str, confirm_timezone: bool, file_counts: bool
) -> _Imported:
    content = read_bytes_of_json(upload.content, partial(known_event, upload.organisation_id))
    stored = store_content(upload.organisation_id, content, actor, confirm_timezone, event, file_counts)
    event = stored.event
    return _Imported(event.id, event.name, stored.sessions, stored.contacts, stored.changed_twice)


def _import_sheet(upload: Upload, reading: SheetReading, actor: str, file_counts: bool) -> _Imported:
    """Its columns are remembered by its headers as the next file is read, before anybody says its encoding."""
    content, choices = upload.content, upload.choices  # read now: it may be discarded before the end
    stored = store_sheet(
        upload.organisation_id, reading, actor, check=False, skip_bad_rows=False, file_counts=file_counts
    )
    tables = find_tables(read_workbook(content)) if choices.get("encoding") else reading.draft.tables
    remember(stored.event_id, tables, choices)
    return _Imported(
        stored.event_id, stored.event_name, stored.sessions, stored.contacts, stored.changed_twice
    )


def discard_upload(upload: Upload) -> None:
    """Forget the file."""
    _forget(upload.id)


def _forget(upload_id: int) -> None:
    db.session.execute(delete(Upload).where(Upload.id == upload_id))
    db.session.commit()
