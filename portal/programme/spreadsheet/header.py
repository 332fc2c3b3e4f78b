"""Finds the row that names the columns, below titles and instructions."""

from portal.programme.spreadsheet.table import Cell, Sheet
from portal.programme.spreadsheet.words import meanings_of

SEARCHED = 60  # rows


def find_header(sheet: Sheet) -> int | None:
    """The row, counted from 1; None for a sheet in which no row looks like a header."""
    scores = {
        number: _score(row)
        for number, row in sheet.numbered()
        if number <= SEARCHED and number not in sheet.hidden_rows
    }
    best = max(scores.values(), default=0.0)
    if best >= 1.5:
        return next(number for number, score in scores.items() if score >= 0.7 * best)
    # Words that nobody knows: the first row with as many texts as the table is wide.
    widths = {number: _texts(sheet.rows[number - 1]) for number in scores}
    widest = max(widths.values(), default=0)
    if widest < 2:
        return None
    return next(number for number, width in widths.items() if width >= 0.6 * widest)


def _score(row: list[Cell]) -> float:
    """How many of the row's cells name a column; each meaning once."""
    seen: dict[str, float] = {}
    for cell in row:
        if isinstance(cell, str):
            for meaning in meanings_of(cell)[:1]:
                seen[meaning.field + str(meaning.number)] = 0.5 if meaning.kind == "left_out" else 1.0
    texts = _texts(row)
    return sum(seen.values()) * (0.5 + 0.5 * sum(seen.values()) / texts) if texts else 0.0


def _texts(row: list[Cell]) -> int:
    return sum(isinstance(cell, str) and len(cell) <= 80 for cell in row)
