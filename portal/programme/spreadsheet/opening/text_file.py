"""Reads CSV and TSV, whatever separates the cells."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.bounds import LONGEST_CELL, MOST_SEPARATORS, check_size
from portal.programme.spreadsheet.opening.decoding import decode
from portal.programme.spreadsheet.opening.table import Sheet, Workbook, cut_row, text_cell

DELIMITERS = ",;\t|"
SAMPLED = 60  # records that the delimiter is found by
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
ONE_CELL = re.compile(r'"(?:[^"]|"")*"')
NEVER_CLOSED = "unexpected end of data"

csv.field_size_limit(LONGEST_CELL)


def read_text(content: bytes, encoding: str | None = None) -> Workbook:
    """The table in the file, as a workbook of one sheet; `encoding` as for `decode`.

    Raises InvalidFile when there is none.
    """
    text, encoding = decode(content, encoding)
    if any(text.count(each) > MOST_SEPARATORS for each in DELIMITERS):
        raise InvalidFile(
            "The file has far more cells in it than any programme, most of them empty. It was not read."
        )
    delimiter, text = _delimiter_of(_without_outer_quotes(text))
    rows = []
    width = 0
    try:
        for number, record in enumerate(_records(text, delimiter), 1):
            row = cut_row(map(text_cell, record))
            width = max(width, len(row))
            check_size(number, width)
            rows.append(row)
    except csv.Error as error:
        raise InvalidFile(f"The file cannot be read as a table: {error} in row {len(rows) + 1:,}.") from None
    if not any(rows):
        raise InvalidFile("The file is empty.")
    sheet = Sheet("", rows)
    unclosed = len(rows) if '"' in text and _is_never_closed(text, delimiter) else None
    return Workbook([sheet], encoding=encoding, delimiter=delimiter, unclosed_quote=unclosed)


def _records(text: str, delimiter: str, strict: bool = False) -> Iterator[list[str]]:
    # One after the other: a copy of all takes four times the room.
    lines = (found[0] for found in LINE.finditer(text))
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def _without_outer_quotes(text: str) -> str:
    """The text where a program has put each row into quotes as a whole, as if it were one cell: “"Title,Start"”."""
    if not text.startswith('"'):
        return text
    lines = [line for found in LINE.finditer(text) if (line := found[0].strip("\r\n"))]
    if len(lines) < 2 or not all(map(ONE_CELL.fullmatch, lines)):
        return text
    if not any(all(sign in line for line in lines) for sign in DELIMITERS):
        return text
    return "\n".join(line[1:-1].replace('""', '"') for line in lines)


def _delimiter_of(text: str) -> tuple[str, str]:
    """The delimiter, and the text without the line by which Excel is told it."""
    first, _, rest = text.partition("\n")
    first = first.strip("\r \"'")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[-1], rest
    return max(DELIMITERS, key=lambda delimiter: _regularity(text, delimiter)), text


def _regularity(text: str, delimiter: str) -> float:
    """How much the text looks like a table of more than one column."""
    try:
        widths = [len(record) for record in islice(_records(text, delimiter), SAMPLED) if any(record)]
    except csv.Error:
        return 0.0
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0
    width, times = several.most_common(1)[0]
    return times / len(widths) * (1 + min(width, 20) / 20)


def _is_never_closed(text: str, delimiter: str) -> bool:
    try:
        for _ in _records(text, delimiter, strict=True):
            pass
    except csv.Error as error:
        return NEVER_CLOSED in str(error)
    return False
