"""Finds the row that names the columns, below titles and instructions."""

from datetime import date

from portal.programme.spreadsheet.opening.table import Cell, Sheet
from portal.programme.spreadsheet.recognising.cell_guesses import kind_of
from portal.programme.spreadsheet.recognising.header_groups import are_groups
from portal.programme.spreadsheet.words import meanings_of

SEARCHED = 60  # rows


def find_header(sheet: Sheet) -> int | None:
    """The row, counted from 1; 0 where the rows begin without one; None for a sheet that is no table."""
    start = next((number for number, row in sheet.numbered() if row), 1)
    scores = {
        number: _score(row)
        for number, row in sheet.numbered(start)
        if number < start + SEARCHED and number not in sheet.hidden_rows
    }
    best = max(scores.values(), default=0.0)
    if best >= 1.5:
        number = next(number for number, score in scores.items() if score >= 0.7 * best)
        pair = sheet.rows[number - 1 : number + 1]
        return number + 1 if len(pair) == 2 and are_groups(*pair) else number
    # Words that nobody knows: the first row with as many texts as the table is wide.
    widths = {number: _texts(sheet.rows[number - 1]) for number in scores}
    widest = max(widths.values(), default=0)
    if widest < 2:
        return None
    first = next(number for number, width in widths.items() if width >= 0.6 * widest)
    return 0 if _is_like_the_next(sheet, first) else first


def _is_like_the_next(sheet: Sheet, number: int) -> bool:
    """Whether the row tells times in the columns in which the next one does: it is a session, and no header."""
    rows = [row for _, row in sheet.numbered(number) if row][:2]
    return len(rows) == 2 and any(
        one and other and one == other and one != "text"
        for one, other in zip(map(kind_of, rows[0]), map(kind_of, rows[1]), strict=False)
    )


def _score(row: list[Cell]) -> float:
    """How many of the row's cells name a column; each meaning once."""
    seen: dict[str, float] = {}
    for cell in row:
        if isinstance(cell, str):
            for meaning in meanings_of(cell)[:1]:
                seen[meaning.field + str(meaning.number)] = 0.5 if meaning.kind == "left_out" else 1.0
    if seen:  # beside a word that is known a day is a header too: “Time | 11 March | 12 March”
        seen |= {str(cell): 0.5 for cell in row if isinstance(cell, date)}
    texts = _texts(row)
    return sum(seen.values()) * (0.5 + 0.5 * sum(seen.values()) / texts) if texts else 0.0


def _texts(row: list[Cell]) -> int:
    return sum(isinstance(cell, date) or (isinstance(cell, str) and len(cell) <= 80) for cell in row)
