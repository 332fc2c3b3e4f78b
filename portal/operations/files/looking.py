"""Looks at what an uploaded programme file would do, before anything is stored (H2)."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from portal.models import Event, Upload, db
from portal.operations.files.changed_twice import has_edits, tell_changed_twice
from portal.operations.files.importing import event_of, one_at_a_time, question_about
from portal.operations.files.spreadsheets import (
    ImportTarget,
    SheetReading,
    read_sheet,
    target_event,
    target_new,
)
from portal.programme.choices import with_known_choices
from portal.programme.comparing import MISSING, PERSON, SESSION, Comparison, compare_programmes
from portal.programme.content import ProgrammeContent
from portal.programme.keeping import Kept
from portal.programme.numbering import parse_pattern
from portal.programme.reading import read_bytes_of_json
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.questions import DateOrder, Question
from portal.programme.spreadsheet.rows.drafts import CellPlace, CellProblem, Options
from portal.programme.stored import known_event, load_event, no_event
from portal.programme.storing import store_programme

JSON = "json"


@dataclass(frozen=True, slots=True)
class Look:
    """What importing an upload would do."""

    event: Event | None
    event_name: str
    timezone: str
    comparison: Comparison
    problems: list[CellProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    question: str | None = None  # about the timezone (D18)
    asks: Collection[Question] = ()
    changed_twice: str | None = (
        None  # what was changed here and in the file, and stays unless the file counts (H3)
    )

    @property
    def bad_rows(self) -> list[tuple[str, int]]:
        """Sheet and row of every row with an error, in order."""
        return sorted({(each.place.sheet, each.place.row) for each in self.problems if each.is_error})

    @property
    def changes_nothing(self) -> bool:
        return not any(each.outcome != MISSING for each in self.comparison.changes)

    @property
    def fingerprint(self) -> str:
        """Another one when the event, or the file's reading, has become another."""
        told = [
            (each.kind, each.outcome, each.name, sorted(each.fields.items()))
            for each in self.comparison.changes
        ]
        return hashlib.blake2b(repr((told, self.bad_rows)).encode(), digest_size=16).hexdigest()


def look_at(upload: Upload) -> Look:
    """What importing the upload would do now. Raises InvalidFile and Refused."""
    with one_at_a_time(upload.organisation_id):
        return look_at_json(upload) if upload.kind == JSON else look_at_sheet(read_upload(upload))


def look_at_json(upload: Upload) -> Look:
    """Of a file of the JSON shape. Raises InvalidFile, and Refused for a file of another event."""
    content = read_bytes_of_json(upload.content, partial(known_event, upload.organisation_id))
    event = event_of(upload.organisation_id, upload.event, content)
    stored = load_event(event) if event else no_event(content.name, content.timezone)
    notes = []
    if event and event.name != content.name:
        notes.append(f"The event’s name changes from “{event.name}” to “{content.name}”.")
    if event and event.timezone != content.timezone:
        notes.append(f"The event’s timezone changes from {event.timezone} to {content.timezone}.")
    stays = _what_stays(event, content)
    return Look(
        event=event,
        event_name=content.name,
        timezone=content.timezone,
        comparison=compare_programmes(
            stored.content, with_known_choices(content, stored.choices), stays.kept
        ),
        notes=notes,
        changed_twice=stays.told,
        question=question_about(event, content),
    )


@dataclass(frozen=True, slots=True)
class Stays:
    """What was edited here and stays as it is although the file says otherwise (H3)."""

    kept: Kept = field(default_factory=dict)
    told: str | None = None  # of what the file has changed as well


def _what_stays(event: Event | None, content: ProgrammeContent) -> Stays:
    """Try the import out, and take it back: only storing decides what stays."""
    if event is None or not has_edits(event):
        return Stays()
    try:
        stored = store_programme(event.organisation_id, content, event=event)
        return Stays(stored.kept, tell_changed_twice(stored.changed_twice))
    finally:
        db.session.rollback()


def look_at_sheet(reading: SheetReading) -> Look:
    """The same for a spreadsheet: if it lists no sessions, or no people, none of those count as missing."""
    stays = _what_stays(reading.target.event, reading.identified.content)
    comparison = compare_programmes(reading.stored.content, reading.identified.content, stays.kept)
    silent = [
        kind
        for kind, is_listed in ((SESSION, reading.draft.lists_sessions), (PERSON, reading.draft.lists_people))
        if not is_listed
    ]
    changes = [each for each in comparison.changes if not (each.outcome == MISSING and each.kind in silent)]
    return Look(
        event=reading.target.event,
        event_name=reading.target.name,
        timezone=reading.target.timezone,
        comparison=replace(comparison, changes=changes),
        problems=reading.identified.problems,
        notes=reading.draft.notes + reading.identified.notes,
        changed_twice=stays.told,
        asks=reading.draft.asks,
    )


def read_upload(upload: Upload) -> SheetReading:
    """What the uploaded spreadsheet says. Raises InvalidFile and Refused."""
    target = target_of(upload)
    options = options_of(upload.choices, target)
    return read_sheet(read_workbook(upload.content, options.encoding), target, options)


def target_of(upload: Upload) -> ImportTarget:
    """Where the upload goes. Raises Refused for an event that is not edited here any more."""
    choices = upload.choices
    return target_event(upload.event) if upload.event else target_new(choices["name"], choices["timezone"])


def options_of(choices: Mapping[str, Any], target: ImportTarget) -> Options:
    """What was said of a file on the pages."""
    return Options(
        timezone=target.timezone,
        encoding=choices.get("encoding") or None,
        order=DateOrder(choices["order"]) if choices.get("order") else None,
        year=int(choices["year"]) if choices.get("year") else None,
        day=date.fromisoformat(choices["day"]) if choices.get("day") else None,
        columns=choices.get("columns", {}),
        fixes={CellPlace(sheet, row, column): text for sheet, row, column, text in choices.get("fixes", [])},
        new_status=choices.get("new_status") or None,
        numbering=parse_pattern(choices["number"]) if choices.get("number") else None,
        left_out=frozenset((sheet, row) for sheet, row in choices.get("left_out", [])),
    )
