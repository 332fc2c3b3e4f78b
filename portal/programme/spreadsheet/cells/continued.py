"""Texts that are longer than a cell of Excel go on in columns of their own; they are put together again here."""

from portal.programme.spreadsheet.opening.table import Sheet
from portal.text.cells import unguard_start

CONTINUED = " (continued)"


def join_continued(sheet: Sheet, header_row: int) -> None:
    """Put each text that goes on to the right back into one cell."""
    header = sheet.rows[header_row - 1]
    for index in range(len(header) - 1, 0, -1):
        cell = header[index]
        if not (isinstance(cell, str) and cell.endswith(CONTINUED)):
            continue
        for row in sheet.rows[header_row - 1 :]:
            if index >= len(row):
                continue
            before, piece = row[index - 1], row[index]
            if row is not header and isinstance(before, str) and isinstance(piece, str):
                row[index - 1] = before + unguard_start(piece)
            row[index] = None
