"""A spreadsheet as plain values: sheets of rows, numbered as a spreadsheet program numbers them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from portal.text.matching import trimmed

# None: empty; a text is never empty or padded.
Cell = str | bool | int | float | date | datetime | time | None


def text_cell(text: str) -> Cell:
    """A cell's text with plain line ends and nothing at its edges; None for one that is empty."""
    return trimmed(text.replace("\r\n", "\n").replace("\r", "\n")) or None


def cut_row(cells: Iterable[Cell]) -> list[Cell]:
    """The row without the empty cells at its end."""
    row = list(cells)
    while row and row[-1] is None:
        row.pop()
    return row


class Range(NamedTuple):
    """Cells that are merged into one; rows and columns counted from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """One sheet; `rows[0]` is row 1. Trailing empty cells of a row are cut off."""

    name: str
    rows: list[list[Cell]]
    merged: list[Range] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()  # counted from 1; they are read all the same
    # Formulas without a stored value: row, column from 1.
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    beside: int = 1  # which of several tables beside each other this is

    def numbered(self, start: int = 1) -> Iterator[tuple[int, list[Cell]]]:
        """The rows from row `start` on, with their numbers."""
        for index in range(start - 1, len(self.rows)):
            yield index + 1, self.rows[index]


@dataclass(slots=True)
class Workbook:
    """A file that was read; of a text file `encoding` and `delimiter` say how."""

    sheets: list[Sheet]
    hidden_sheets: list[str] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None
    unclosed_quote: int | None = None  # the row in which a quotation mark opens that is never closed
    counts_from_1904: bool = False  # what day a number of a workbook means
