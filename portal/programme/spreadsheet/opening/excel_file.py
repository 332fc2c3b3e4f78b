"""Reads workbooks (XLSX, XLS, ODS): values as they were stored, nothing calculated, no macro run."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.bounds import MOST_IN_ALL
from portal.programme.spreadsheet.opening.excel_parts import ExcelParts
from portal.programme.spreadsheet.opening.older_parts import FIRST_OF_OLDER, OlderParts
from portal.programme.spreadsheet.opening.open_document import look_into_document
from portal.programme.spreadsheet.opening.package import NO_WORKBOOK, Package
from portal.programme.spreadsheet.opening.sheet_parts import SheetParts
from portal.programme.spreadsheet.opening.table import Cell, Range, Sheet, Workbook, cut_row, text_cell

DAY = timedelta(days=1)
OF_OTHERS = {  # a part that tells what a package is → what to do with it
    "xl/workbook.bin": "The file is a binary workbook (.xlsb). Open it in Excel and save it as XLSX.",
    "index/document.iwa": "The file is of Apple’s Numbers. Open it there and export it to Excel or CSV.",
    "word/document.xml": "The file is a text document. Copy its table into a spreadsheet, and save it as XLSX.",
    "ppt/presentation.xml": "The file is a presentation. Bring in a spreadsheet (XLSX, CSV) in its place.",
}


def read_workbook_file(content: bytes) -> Workbook:
    """The visible sheets of the workbook. Raises InvalidFile when it is none, or too large."""
    parts, from_1904 = _look(content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        try:
            read = _read(workbook, parts)
            read.counts_from_1904 = from_1904
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


def _look(content: bytes) -> tuple[dict[str, SheetParts], bool]:
    """What the file says of its sheets, by name, and whether its days count from 1904."""
    if content.startswith(FIRST_OF_OLDER):
        older = OlderParts(content)
        return older.look(), older.counts_from_1904
    package = Package(content)
    for part, what_to_do in OF_OTHERS.items():
        if part in package.names:
            raise InvalidFile(what_to_do)
    if "content.xml" in package.names:
        return look_into_document(package), False
    excel = ExcelParts(package)
    return excel.look(), excel.counts_from_1904


def _read(workbook: CalamineWorkbook, parts: dict[str, SheetParts]) -> Workbook:
    sheets, hidden = [], []
    if len({about.name for about in workbook.sheets_metadata}) < len(workbook.sheets_metadata):
        raise InvalidFile(f"{NO_WORKBOOK}: two of its sheets have the same name.")  # one would be read twice
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
        _show_midnights(rows, part)
        _show_errors(rows, part)
        # rows of nothing but formulas that were never calculated, so that it is said that they are there
        last = max((row for row, _ in part.uncalculated), default=0)
        rows += [[] for _ in range(last - len(rows))]
        merged = part.merged or [
            Range(top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in found.merged_cell_ranges or ()
        ]
        _check_merged(merged, len(rows))
        sheets.append(
            Sheet(
                about.name,
                rows,
                merged,
                hidden_rows=frozenset(part.hidden_rows),
                hidden_columns=frozenset(part.hidden_columns),
                uncalculated=frozenset(part.uncalculated),
            )
        )
    if not any(any(sheet.rows) for sheet in sheets):
        raise InvalidFile("The workbook has no visible sheet with anything in it.")
    return Workbook(sheets, hidden)


def _check_merged(merged: list[Range], rows: int) -> None:
    """Merged cells lie over nothing else; whoever says otherwise would have each row filled a million times."""
    covered = sum(max(min(area.bottom, rows) - area.top, 0) for area in merged)
    if covered > MOST_IN_ALL:
        raise InvalidFile(f"{NO_WORKBOOK}: its merged cells lie over each other.")


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


def _show_midnights(rows: list[list[Cell]], parts: SheetParts) -> None:
    """Days that are shown with a time of day are moments, at midnight."""
    for row, column in parts.midnights:
        if row <= len(rows) and column <= len(rows[row - 1]):
            value = rows[row - 1][column - 1]
            if type(value) is date:
                rows[row - 1][column - 1] = datetime.combine(value, time())


def _show_errors(rows: list[list[Cell]], parts: SheetParts) -> None:
    """An error is no empty cell, which would empty a field: it is shown as the program shows it."""
    for (row, column), error in parts.errors.items():
        if row <= len(rows):
            cells = rows[row - 1]
            cells += [None] * (column - len(cells))
            cells[column - 1] = text_cell(error)
