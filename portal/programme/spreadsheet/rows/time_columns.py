"""What the columns of days and times tell together, whatever a single row says."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time

from portal.programme.spreadsheet.cells.times import END_FIELDS, START_FIELDS
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.recognising.columns import Matching
from portal.programme.spreadsheet.recognising.tables import Column, Table

OF_HOURS = re.compile(r"\b(h|hrs?|hours?|std|stunden|heures?|horas?|ore|uur|uren)\b", re.IGNORECASE)


def counts_hours(table: Table, matching: Matching) -> bool:
    """Whether the header of the durations says that their numbers are hours."""
    return any(
        target and target.field == "duration" and OF_HOURS.search(column.header)
        for column in table.columns
        for target in [matching[column.key]]
    )


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
