"""Writes an event's programme as a file, which comes in again unchanged."""

import re
from typing import NamedTuple

from portal.errors import Refused
from portal.models import Event
from portal.operations.files.formats import ExportFormat
from portal.operations.seats import take_seat
from portal.programme.json_writing import write_json
from portal.programme.spreadsheet.writing.exported import people_table, sessions_table
from portal.programme.spreadsheet.writing.files import write_csv, write_excel
from portal.programme.stored import load_event
from portal.programme.storing import identifier_of

AT_ONCE = 1  # of one organisation (G5)
SEAT_WITHIN = 5.0  # seconds


class ExportFile(NamedTuple):
    """A file to hand out."""

    name: str
    content: bytes


def export_programme(event: Event, written_as: ExportFormat, people: bool) -> ExportFile:
    """The event's sessions, or with `people` the people alone; a workbook and JSON hold both.

    Raises Refused when too many of the organisation are being written: a large one takes the processor for long.
    """
    seat = take_seat(f"export-{event.organisation_id}", AT_ONCE, SEAT_WITHIN)
    if seat is None:
        raise Refused("Other exports of your organisation are at work. Try again when they are done.")
    try:
        return _export(event, written_as, people)
    finally:
        seat.free()


def _export(event: Event, written_as: ExportFormat, people: bool) -> ExportFile:
    content = load_event(event, living=True).content
    if written_as is ExportFormat.JSON:
        written = write_json(content, identifier_of(event))
    elif written_as is ExportFormat.CSV:
        written = write_csv(people_table(content) if people else sessions_table(content))
    else:
        tables = [people_table(content)] if people else [sessions_table(content), people_table(content)]
        written = write_excel(tables)
    name = "-".join(re.findall(r"\w+", event.name))[:80] or "event"
    kind = "people" if people else "agenda"
    return ExportFile(f"{name}-{kind}.{written_as.value}", written)
