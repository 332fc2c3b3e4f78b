"""CSV that spreadsheet programs open without harm."""

import csv
import io
from collections.abc import Iterable, Sequence

# What such a program takes for the beginning of a formula; a line's end may come in as another one.
FORMULA = "=+-@\t\r\n＝＋－＠"


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet program would calculate it."""
    return f"'{text}" if text.startswith(tuple(FORMULA)) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A whole file, as text."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return file.getvalue()
