"""Divides a sheet that holds several tables, below or beside each other, into one sheet for each."""

from collections.abc import Iterator
from dataclasses import replace

from portal.programme.spreadsheet.cells.times import START_FIELDS
from portal.programme.spreadsheet.opening.table import Cell, Sheet
from portal.programme.spreadsheet.recognising.cell_guesses import kind_of
from portal.programme.spreadsheet.recognising.grid import is_place, names_a_day
from portal.programme.spreadsheet.recognising.header import find_header
from portal.programme.spreadsheet.recognising.tables import Column
from portal.programme.spreadsheet.words import meanings_of
from portal.text.matching import fold

LONGEST_HEADER = 60  # characters
NAMES = {"name", "first_name", "last_name", "email"}
FEWEST_OF_PEOPLE = 3  # columns
KNOWN = 0.6  # of the cells of a header below another one
ALONE = 1  # cells of a row that is a title


def parts_of(sheet: Sheet) -> list[Sheet]:
    """Each table of the sheet as a sheet that has the others' cells empty, so that rows keep their numbers."""
    first = find_header(sheet)
    if not first:
        return [sheet]
    headers = [first, *_headers_below(sheet, first)]
    tops = [1, *(_top_of(sheet, header) for header in headers[1:])]
    bottoms = [top - 1 for top in tops[1:]] + [len(sheet.rows)]
    found = []
    for header, top, bottom in zip(headers, tops, bottoms, strict=True):
        part = sheet if len(headers) == 1 else _rows(sheet, top, bottom)
        found += _beside(part, header)
    return found


def _headers_below(sheet: Sheet, first: int) -> Iterator[int]:
    """The rows that name columns again, and others than the header above them."""
    before = _texts(sheet.rows[first - 1])
    for number, row in sheet.numbered(first + 2):  # the row below a header may be its second half
        if number not in sheet.hidden_rows and _is_header(row) and _texts(row) != before:
            before = _texts(row)
            yield number


def _texts(row: list[Cell]) -> list[str]:
    return [fold(str(cell)) for cell in row if cell is not None]


def _is_header(row: list[Cell]) -> bool:
    """Whether the row's cells name columns of sessions, of a grid or of people, and say nothing else."""
    filled = [cell for cell in row if cell is not None]
    texts = [cell for cell in filled if isinstance(cell, str) and len(cell) <= LONGEST_HEADER]
    if len(texts) < 2 or len(texts) < len(filled) or not all(map(_may_be_a_header, texts)):
        return False
    columns = [Column(index, text, text, meanings_of(text)) for index, text in enumerate(texts)]
    fields = [{each.field for each in column.meanings if each.kind == "session"} for column in columns]
    of_people = [{each.field for each in column.meanings if each.kind == "person"} for column in columns]
    are_known = sum(bool(column.meanings) for column in columns) >= KNOWN * len(columns)
    if any(each & set(START_FIELDS) for each in fields):
        others = columns[1:] if fields[0] & set(START_FIELDS) else []
        is_grid = bool(others) and all(is_place(each) or names_a_day(each.header) for each in others)
        return is_grid or (are_known and any("title" in each for each in fields))
    return (
        are_known
        and any(each & NAMES for each in of_people)
        and sum(map(bool, of_people)) >= FEWEST_OF_PEOPLE
    )


def _may_be_a_header(text: str) -> bool:
    return kind_of(text) == "text" or names_a_day(text)


def _top_of(sheet: Sheet, header: int) -> int:
    """Where the table of that header begins: with the titles above it, which stand alone in their rows."""
    top = header
    while top > 1 and sum(cell is not None for cell in sheet.rows[top - 2]) <= ALONE:
        top -= 1
    return top


def _rows(sheet: Sheet, top: int, bottom: int) -> Sheet:
    return replace(
        sheet,
        rows=[[]] * (top - 1) + sheet.rows[top - 1 : bottom],
        merged=[area for area in sheet.merged if top <= area.top and area.bottom <= bottom],
        hidden_rows=frozenset(number for number in sheet.hidden_rows if top <= number <= bottom),
    )


def _beside(sheet: Sheet, header: int) -> list[Sheet]:
    """The tables beside each other in these rows: the header begins anew with its first word."""
    row = sheet.rows[header - 1]
    first = next(fold(str(cell)) for cell in row if cell is not None)
    starts = [index for index, cell in enumerate(row) if cell is not None and fold(str(cell)) == first]
    ends = [*starts[1:], max(map(len, sheet.rows))]
    if len(starts) == 1 or not all(
        _is_header(row[start:end]) for start, end in zip(starts, ends, strict=True)
    ):
        return [sheet]
    return [
        replace(
            sheet,
            rows=[[None] * start + each[start:end] if each else each for each in sheet.rows],
            merged=[area for area in sheet.merged if start < area.left and area.right <= end],
            beside=number,
        )
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]
