"""Writes tables as CSV and as Excel workbooks, so that no text is taken for a formula."""

import csv
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from portal.programme.spreadsheet.cells.continued import CONTINUED
from portal.programme.spreadsheet.writing.exported import ExportTable, Value
from portal.text.cells import FORMULA, guard, guard_guarded

LONGEST_IN_EXCEL = 32_767  # characters of a cell
MOMENT = "yyyy-mm-dd hh:mm"
MOMENT_WITH_SECONDS = "yyyy-mm-dd hh:mm:ss"


def write_csv(table: ExportTable) -> bytes:
    """The table in UTF-8 with a BOM, as Excel opens it by itself."""
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([guard(column.header) for column in table.columns])
    writer.writerows([_text(value) for value in row] for row in table.rows)
    return stream.getvalue().encode("utf-8-sig")


def _text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    return guard(value) if value else ""


def write_excel(tables: list[ExportTable]) -> bytes:
    """A workbook with a sheet for each table: header frozen, columns as wide as they are read, times as times."""
    book = Workbook(write_only=True)
    for each in tables:
        table = _with_continued(each)
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for place, column in enumerate(table.columns, 1):
            sheet.column_dimensions[get_column_letter(place)].width = column.width
        sheet.append([_header(sheet, column.header) for column in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _header(sheet: Any, text: str) -> Any:
    cell = _cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = MOMENT_WITH_SECONDS if value.second else MOMENT
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub(_replaced, value)
    cell = WriteOnlyCell(sheet, guard_guarded(text))
    cell.data_type = "s"  # never a formula
    if text.startswith(tuple(FORMULA)):
        cell.quotePrefix = True
    if "\n" in text:
        cell.alignment = Alignment(vertical="top", wrap_text=len(text) < 500)
    return cell


def _replaced(found: Any) -> str:
    return " " if found[0] in "\x0b\x0c" else ""


def _with_continued(table: ExportTable) -> ExportTable:
    """Texts that no cell of Excel holds go on in columns beside theirs."""
    pieces = [_pieces_of_column(table, place) for place in range(len(table.columns))]
    if max(pieces) == 1:
        return table
    columns = [
        column._replace(header=column.header + (CONTINUED if piece else ""))
        for column, number in zip(table.columns, pieces, strict=True)
        for piece in range(number)
    ]
    rows = []
    for row in table.rows:
        cells: list[Value] = []
        for value, number in zip(row, pieces, strict=True):
            parts = _cut(value) if isinstance(value, str) else [value]
            cells += [*parts, *[None] * (number - len(parts))]
        rows.append(cells)
    return ExportTable(table.name, columns, rows)


def _pieces_of_column(table: ExportTable, place: int) -> int:
    return max((len(_cut(value)) for row in table.rows if isinstance(value := row[place], str)), default=1)


def _cut(text: str) -> list[str]:
    """The text in pieces that a cell holds, none of which begins or ends with white space."""
    pieces = []
    while len(text) >= LONGEST_IN_EXCEL:
        cut = LONGEST_IN_EXCEL - 1  # one less, for an apostrophe
        while cut > 1 and not (text[cut - 1 : cut + 1].isalnum()):
            cut -= 1
        cut = cut if cut > 1 else LONGEST_IN_EXCEL - 1
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]
