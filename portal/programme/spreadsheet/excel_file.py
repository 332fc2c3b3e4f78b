"""Reads Excel workbooks (XLSX): values as they were stored, nothing calculated, no macro run."""

from datetime import time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from portal.errors import InvalidFile
from portal.programme.spreadsheet.package import NO_WORKBOOK, Package, SheetParts
from portal.programme.spreadsheet.table import Cell, Range, Sheet, Workbook, cut_row, text_cell

DAY = timedelta(days=1)
FIRST_OF_OLDER = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and workbooks with a password


def read_excel(content: bytes) -> Workbook:
    """The visible sheets of the workbook. Raises InvalidFile when it is none, or too large."""
    if content.startswith(FIRST_OF_OLDER):
        raise InvalidFile(
            "The workbook has a password, or is of the older kind .xls. "
            "Open it and save it as XLSX without a password."
        )
    package = Package(content)
    parts = package.look()
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        try:
            read = _read(workbook, parts)
            read.counts_from_1904 = package.counts_from_1904
            return read
        finally:
            workbook.close()
    except InvalidFile:
        raise
    except Exception as error:
        raise InvalidFile(f"{NO_WORKBOOK}: {error}.") from None
    except BaseException as error:  # the reader is written in Rust; its panics are no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise InvalidFile(f"{NO_WORKBOOK}: it is damaged.") from None


def _read(workbook: CalamineWorkbook, parts: dict[str, SheetParts]) -> Workbook:
    sheets, hidden = [], []
    for about in workbook.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet or about.name not in parts:
            continue
        if about.visible is not SheetVisibleEnum.Visible:
            hidden.append(about.name)
            continue
        found = workbook.get_sheet_by_name(about.name)
        left: list[Any] = [""] * (found.start[1] if found.start else 0)  # columns before the first cell
        rows = [cut_row(map(_cell, [*left, *values])) for values in found.iter_rows()]
        part = parts[about.name]
        _show_padded(rows, part)
        merged = [
            Range(top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in found.merged_cell_ranges or ()
        ]
        sheets.append(
            Sheet(about.name, rows, merged, frozenset(part.hidden_rows), frozenset(part.uncalculated))
        )
    if not any(any(sheet.rows) for sheet in sheets):
        raise InvalidFile("The workbook has no visible sheet with anything in it.")
    return Workbook(sheets, hidden)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, timedelta):
        if timedelta() <= value < DAY:
            seconds = round(value.total_seconds())
            return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
        return f"{value.total_seconds() // 3600:.0f}:{value.total_seconds() // 60 % 60:02.0f}"
    found: Cell = value
    return found


def _show_padded(rows: list[list[Cell]], parts: SheetParts) -> None:
    """Numbers that are shown with leading zeros were ids: they read as they are shown."""
    for (row, column), digits in parts.padded.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            value = rows[row - 1][column - 1]
            if isinstance(value, int) and not isinstance(value, bool):
                rows[row - 1][column - 1] = f"{value:0{digits}d}"
