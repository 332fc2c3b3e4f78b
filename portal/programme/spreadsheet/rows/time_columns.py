"""What the columns of days and times tell together, whatever a single row says."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time, tzinfo

from portal.programme.spreadsheet.cells.durations import Unit, unit_of
from portal.programme.spreadsheet.cells.times import END_FIELDS, START_FIELDS
from portal.programme.spreadsheet.cells.zones import zone_of_header, zone_of_titles
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.recognising.columns import Matching
from portal.programme.spreadsheet.recognising.tables import Column, Table

OF_HOURS = re.compile(r"\b(h|hrs?|hours?|std|stunden|heures?|horas?|ore|uur|uren)\b", re.IGNORECASE)


def unit_of_durations(table: Table, matching: Matching) -> tuple[Unit, bool]:
    """What bare numbers count in the column of durations, and whether its header says so."""
    for column in table.columns:
        target = matching[column.key]
        if target and target.field == "duration":
            told = OF_HOURS.search(column.header) is not None
            return Unit.HOURS if told else unit_of(table.cells(column)), told
    return Unit.MINUTES, True


def clocks_of(table: Table, columns: Mapping[str, list[Column]]) -> Iterator[Cell]:
    """The cells in which times of day stand."""
    for name in (*START_FIELDS, *END_FIELDS):
        for column in columns.get(name, []):
            yield from table.cells(column)


def fields_of_moments(table: Table, columns: Mapping[str, list[Column]]) -> list[str]:
    """The fields in which a 0:00 is a time: other cells of theirs tell times, or an export wrote them."""
    return [
        name
        for name in ("starts_at", "ends_at")
        if "sessionboard_id" in columns
        or any(
            isinstance(cell, datetime) and cell.time() != time()
            for column in columns.get(name, [])
            for cell in table.cells(column)
        )
    ]


def zones_of(table: Table, columns: Mapping[str, list[Column]]) -> dict[str, tzinfo | str]:
    """The zones, or their letters, that headers name for the times of their fields; "": that titles name for all."""
    told = {
        name: zone_of_header(columns[name][0].header)
        for name in (*START_FIELDS, *END_FIELDS)
        if name in columns
    }
    told[""] = zone_of_titles(str(cell) for _, cells in table.titles() for cell in cells if cell is not None)
    return {name: zone for name, zone in told.items() if zone}
