"""Finds the tables of a workbook: those that list sessions, one that lists people, and what is left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.programme.spreadsheet.cells import unguard
from portal.programme.spreadsheet.continued import join_continued
from portal.programme.spreadsheet.header import find_header
from portal.programme.spreadsheet.table import Cell, Sheet, Workbook
from portal.programme.spreadsheet.words import Meaning, meanings_of
from portal.text.matching import fold

SAMPLES = 3
SAMPLE_LENGTH = 80
PERSON_NAMES = {"name", "first_name", "last_name", "email"}


@dataclass(slots=True)
class Column:
    """A column with a header, or with values under an empty one."""

    index: int  # from 0
    header: str  # as the file has it
    key: str  # the same, told apart from others: “track (2)”
    meanings: tuple[Meaning, ...]
    samples: list[str] = field(default_factory=list)  # its first different values, shortened
    is_of_lines: bool = False  # one value per line, as an export writes them


@dataclass(slots=True)
class Table:
    """A sheet from its header on."""

    kind: str  # session or person
    sheet: Sheet
    header_row: int
    columns: list[Column]

    def records(self) -> Iterator[tuple[int, list[Cell]]]:
        """The rows below the header that are visible, with their numbers."""
        for number, row in self.sheet.numbered(self.header_row + 1):
            if number not in self.sheet.hidden_rows:
                yield number, row

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

    @property
    def all(self) -> list[Table]:
        return [*self.sessions, *([self.people] if self.people else [])]

    @property
    def main(self) -> Table:
        """The table whose columns are asked about first."""
        return self.all[0]


def find_tables(workbook: Workbook) -> Tables:
    """The tables of the workbook; sheets with the headers of the main one go on where it ends."""
    found = [table for sheet in workbook.sheets if (table := _table(sheet))]
    notes = [f"The sheet “{name}” is hidden and was left out." for name in workbook.hidden_sheets]
    if not found:
        # Nothing looks like a header: the first row is taken for one, so that a person can say what it holds.
        sheet = next(sheet for sheet in workbook.sheets if any(sheet.rows))
        found = [_table_at(sheet, next(number for number, row in sheet.numbered() if row))]
    best = max(found, key=_session_score)
    people = [table for table in found if _is_of_people(table)]
    if _session_score(best) < 1 and people:
        sessions = []
    else:
        sessions = [table for table in found if table is best or _headers(table) == _headers(best)]
    listed = next((table for table in people if table not in sessions), None)
    for table in sessions:
        table.kind = "session"
    if listed:
        listed.kind = "person"
    used = [*sessions, *([listed] if listed else [])]
    for sheet in workbook.sheets:
        if any(sheet.rows) and not any(table.sheet is sheet for table in used):
            notes.append(f"The sheet “{sheet.name}” lists neither sessions nor people and was left out.")
    for table in used:
        hidden = sum(1 for number in table.sheet.hidden_rows if number > table.header_row)
        if hidden:
            rows = "1 hidden row" if hidden == 1 else f"{hidden:,} hidden rows"
            place = f" of the sheet “{table.sheet.name}”" if table.sheet.name else ""
            notes.append(f"{rows}{place} {'was' if hidden == 1 else 'were'} left out.")
    return Tables(sessions, listed, notes)


def _table(sheet: Sheet) -> Table | None:
    row = find_header(sheet)
    return _table_at(sheet, row) if row else None


def _table_at(sheet: Sheet, header_row: int) -> Table:
    join_continued(sheet, header_row)
    header = sheet.rows[header_row - 1]
    table = Table("session", sheet, header_row, [])
    width = max((len(row) for _, row in sheet.numbered(header_row)), default=0)
    seen: dict[str, int] = {}
    for index in range(width):
        cell = header[index] if index < len(header) else None
        text = "" if cell is None else unguard(str(cell))
        column = Column(index, text, text or f"Column {letters(index)}", meanings_of(text))
        column.is_of_lines = "(one per line)" in fold(text)
        column.samples = _samples(table.cells(column))
        if not text and not column.samples:
            continue
        seen[column.key] = seen.get(column.key, 0) + 1
        if seen[column.key] > 1:
            column.key = f"{column.key} ({seen[column.key]})"
        table.columns.append(column)
    return table


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


def _fields(table: Table, kind: str) -> set[str]:
    """The fields that columns may mean, where no other kind of record lays claim to them."""
    return {
        meanings[0].field
        for column in table.columns
        if (meanings := [each for each in column.meanings if each.kind == kind])
        and all(each.kind in (kind, "left_out") for each in column.meanings)
    }


def _session_score(table: Table) -> float:
    named = {each.field for column in table.columns for each in column.meanings if each.kind == "session"}
    certain = _fields(table, "session") - {"title"}
    return len(certain) * (2 if "title" in named else 1) - (0 if "title" in named else 1)


def _is_of_people(table: Table) -> bool:
    named = {each.field for column in table.columns for each in column.meanings if each.kind == "person"}
    return bool(named & PERSON_NAMES) and len(named) >= 2


def _headers(table: Table) -> list[str]:
    return [column.header.lower() for column in table.columns]
