"""Guesses what a column holds by its cells, where its header says nothing."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import lru_cache
from itertools import islice

from portal.programme.spreadsheet.cells.dates import read_range
from portal.programme.spreadsheet.cells.days import Unreadable
from portal.programme.spreadsheet.cells.names import is_nobody, looks_like_a_name
from portal.programme.spreadsheet.cells.several import split_people
from portal.programme.spreadsheet.cells.times import START_FIELDS
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.questions import DateOrder
from portal.programme.spreadsheet.recognising.fields import PEOPLE_ROLES, Target
from portal.programme.spreadsheet.recognising.tables import Column, Table

LOOKED_AT = 200  # cells of a column
MOST = 0.8  # of them must be of one kind
LONGEST_LIST = 1_000  # characters that name people
SHORTEST_TITLE, LONGEST_TITLE = 5, 150  # characters on average
FIRST_OF_EAST_ASIA = "\u2e80"
OF_KIND = {  # what the first and the second column of times fill
    "moment": ("starts_at", "ends_at"),
    "day": ("date",),
    "clock": ("start_time", "end_time"),
    "range": ("time_range",),
}

CLOCKS = ("clock", "range")
BESIDE_A_DAY = {"date"}  # what may be known already where the times of day are not


def kind_of(cell: Cell) -> str | None:
    """Whether the cell is a day, a time of day, both, a range, an address or a text; None for all else."""
    match cell:
        case datetime():
            return "day" if cell.time() == time(0) else "moment"
        case date():
            return "day"
        case time():
            return "clock"
        case str():
            return _kind_of_text(cell)
    return None


@lru_cache(maxsize=10_000)
def _kind_of_text(text: str) -> str:
    if " " not in text and "@" in text[1:-1]:
        return "address"
    text = text.rstrip(")")
    if len(text) > 60 or not any(map(str.isdigit, text)):
        return "text"
    try:
        begun, ended = read_range(text, DateOrder.DAY_FIRST, 2000)
    except Unreadable:
        return "text"
    if ended.clock is not None:
        return "range"
    return "moment" if begun.day and begun.clock is not None else "day" if begun.day else "clock"


def _main_kind(cells: Iterable[Cell]) -> str | None:
    """The kind of most of the cells."""
    kinds = [kind_of(cell) for cell in islice(cells, LOOKED_AT)]
    return next(
        (kind for kind in dict.fromkeys(kinds) if kind and kinds.count(kind) >= MOST * len(kinds)), None
    )


def guess_times(table: Table, open_columns: list[Column], taken: set[str]) -> Iterator[tuple[int, Target]]:
    """The place of each column of days or times, and what it holds; `taken` are the fields that others fill."""
    kinds = {column.index: _main_kind(_below_headings(table, column)) for column in open_columns}
    for kind, fields in OF_KIND.items():
        if taken & (set(START_FIELDS) - (BESIDE_A_DAY if kind in CLOCKS else set())):
            continue
        columns = [column for column in open_columns if kinds[column.index] == kind]
        for column, field in zip(columns, fields, strict=False):
            yield column.index, Target("session", field)


def _below_headings(table: Table, column: Column) -> Iterator[Cell]:
    """The cells of a column without the days that stand alone in their rows."""
    for _, row in table.records():
        if column.index < len(row) and row[column.index] is not None and not _is_heading(row):
            yield row[column.index]


def _is_heading(row: list[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None]
    return len(filled) == 1 and kind_of(filled[0]) == "day"


def guess_by_cells(table: Table, open_columns: list[Column], taken: set[str]) -> Iterator[tuple[int, Target]]:
    """The same of all columns that their cells tell."""
    yield from guess_times(table, open_columns, taken)
    kinds = {column.index: _main_kind(table.cells(column)) for column in open_columns}
    texts = [column for column in open_columns if kinds[column.index] == "text"]
    people = next((column for column in texts if _names_people(table, column)), None)
    if "title" not in taken:
        titles = [column for column in texts if column is not people and _differs(table, column)]
        if titles:
            yield titles[0].index, Target("session", "title")
    if people and not taken & set(PEOPLE_ROLES):
        yield people.index, Target("session", "speakers")


def _differs(table: Table, column: Column) -> bool:
    """Whether hardly any two cells say the same, and none is long, as with titles."""
    texts = [str(cell) for cell in islice(table.cells(column), LOOKED_AT)]
    length = sum(map(_length, texts)) / len(texts) if texts else 0
    return len(set(texts)) >= MOST * len(texts) and SHORTEST_TITLE <= length <= LONGEST_TITLE


def _length(text: str) -> int:
    """How long a text reads: a letter of East Asia says as much as two others."""
    return len(text) + sum(letter >= FIRST_OF_EAST_ASIA for letter in text)


def _names_people(table: Table, column: Column) -> bool:
    cells = [str(cell) for cell in islice(table.cells(column), LOOKED_AT)]
    if any(len(cell) > LONGEST_LIST for cell in cells):
        return False
    names = [
        name for cell in cells for name in split_people(cell, None, lambda name: False) if not is_nobody(name)
    ]
    return bool(names) and sum(map(looks_like_a_name, names)) >= MOST * len(names)
