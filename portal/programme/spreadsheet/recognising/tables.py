"""The tables of a workbook: those that list sessions, one that lists people, and what is left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time

from portal.programme.spreadsheet.cells.continued import join_continued
from portal.programme.spreadsheet.opening.table import Cell, Sheet
from portal.programme.spreadsheet.recognising.header_groups import below_group, groups_of
from portal.programme.spreadsheet.words import Meaning, meanings_of
from portal.text.cells import unguard
from portal.text.matching import fold

SAMPLES = 3
SAMPLE_LENGTH = 80


@dataclass(slots=True)
class Column:
    """A column with a header, or with values under an empty one."""

    index: int  # from 0
    header: str  # as the file has it
    key: str  # the same, told apart from others: “track (2)”
    meanings: tuple[Meaning, ...]
    above: str = ""  # what stands above the header, over this column and its neighbours: “Day 1”
    samples: list[str] = field(default_factory=list)  # its first different values, shortened
    is_of_lines: bool = False  # one value per line, as an export writes them


@dataclass(slots=True)
class Table:
    """A sheet from its header on."""

    kind: str  # session or person
    sheet: Sheet
    header_row: int
    columns: list[Column]
    is_of_links: bool = False  # each row puts somebody of another sheet on a session

    def records(self) -> Iterator[tuple[int, list[Cell]]]:
        """The rows below the header that are visible, with their numbers."""
        for number, row in self.sheet.numbered(self.header_row + 1):
            if number not in self.sheet.hidden_rows:
                yield number, row

    def titles(self) -> Iterator[tuple[int, list[Cell]]]:
        """The visible rows above the header."""
        for number, row in self.sheet.numbered():
            if number >= self.header_row:
                return
            if number not in self.sheet.hidden_rows:
                yield number, row

    def uncalculated(self, number: int, row: list[Cell]) -> list[Column]:
        """The columns that hold a formula without a stored value in this row."""
        return [
            column
            for column in self.columns
            if (number, column.index + 1) in self.sheet.uncalculated
            and (column.index >= len(row) or row[column.index] is None)
        ]

    def cells(self, column: Column) -> Iterator[Cell]:
        """What the column holds; empty cells are left out."""
        for _, row in self.records():
            if column.index < len(row) and row[column.index] is not None:
                yield row[column.index]


@dataclass(slots=True)
class Tables:
    """What of a workbook is read, and in words what is not."""

    sessions: list[Table]
    people: Table | None
    notes: list[str]
    links: Table | None = None

    @property
    def all(self) -> list[Table]:
        return [*self.sessions, *(each for each in (self.people, self.links) if each)]

    @property
    def main(self) -> Table:
        """The table whose columns are asked about first."""
        return self.all[0]


def table_at(sheet: Sheet, header_row: int) -> Table:
    """The table whose header stands in that row; 0: it has none."""
    header: list[Cell] = []
    above: list[Cell] = []
    if header_row:
        join_continued(sheet, header_row)
        header = sheet.rows[header_row - 1]
        above = [_header_text(cell) or None for cell in sheet.rows[header_row - 2]] if header_row > 1 else []
    table = Table("session", sheet, header_row, [])
    width = max((len(row) for _, row in sheet.numbered(header_row or 1)), default=0)
    groups = groups_of(above, width)
    seen: dict[str, int] = {}
    for index in range(width):
        cell = header[index] if index < len(header) else None
        text = below_group(groups[index], _header_text(cell))
        column = Column(index, text, text or f"Column {letters(index)}", meanings_of(text), groups[index])
        if sheet.beside > 1:
            column.key += f" ({sheet.beside})"
        column.is_of_lines = "(one per line)" in fold(text)
        column.samples = _samples(table.cells(column))
        if not text and not column.samples:
            continue
        seen[column.key] = seen.get(column.key, 0) + 1
        if seen[column.key] > 1:
            column.key = f"{column.key} ({seen[column.key]})"
        table.columns.append(column)
    return table


def _header_text(cell: Cell) -> str:
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()
    return "" if cell is None else unguard(str(cell))


def letters(index: int) -> str:
    """The column's name in a spreadsheet program: A, B, … AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _samples(cells: Iterator[Cell]) -> list[str]:
    found: dict[str, None] = {}
    for cell in cells:
        text = " ".join(str(cell).split())
        found.setdefault(text if len(text) <= SAMPLE_LENGTH else text[: SAMPLE_LENGTH - 1] + "…")
        if len(found) == SAMPLES:
            break
    return list(found)
