"""How large a spreadsheet may be: whoever sends more is told so before it fills the memory."""

from typing import NoReturn

from portal.errors import InvalidFile

MOST_ROWS = 100_000
MOST_COLUMNS = 600
MOST_CELLS = 1_500_000  # of a sheet's rectangle, empty ones included
MOST_UNPACKED = 100_000_000  # bytes of a workbook's parts together
MOST_IN_ALL = 2_000_000  # cells of all sheets of a workbook together
MOST_CHARACTERS = 50_000_000  # in all its cells, however often one text stands there
MOST_SEPARATORS = 5_000_000  # of one kind in a text: a reader of cells makes something of each, empty or not
LONGEST_CELL = 1_000_000  # characters


def check_size(rows: int, columns: int, sheet: str | None = None) -> None:
    """Raises InvalidFile for a rectangle of cells that nobody's programme has."""
    place = f"The sheet “{sheet}”" if sheet else "The file"
    if rows > MOST_ROWS:
        raise InvalidFile(f"{place} reaches down to row {rows:,}; at most {MOST_ROWS:,} rows are read.")
    if columns > MOST_COLUMNS:
        raise InvalidFile(f"{place} has {columns:,} columns; at most {MOST_COLUMNS:,} are read.")
    if rows * columns > MOST_CELLS:
        raise InvalidFile(
            f"{place} has {rows:,} rows of {columns:,} columns; at most {MOST_CELLS:,} cells are read. "
            "Delete what is empty below and beside the programme."
        )


class Room:
    """What a workbook has room for: a few bytes of it may say that one text fills a million cells of many sheets.

    Everything is counted before the reader of cells makes anything of it. Raises InvalidFile where it is too much.
    """

    def __init__(self) -> None:
        self._told = self._cells = self._characters = 0

    def see(self, number: int = 1) -> None:
        """What the file tells one by one: its cells, texts, merged and hidden places."""
        self._told += number
        if self._told > MOST_IN_ALL:
            _refuse_cells()

    def fill(self, cells: int) -> None:
        """What a sheet becomes in memory, empty cells and repetitions included."""
        self._cells += cells
        if self._cells > MOST_IN_ALL:
            _refuse_cells()

    def write(self, characters: int, times: int = 1) -> None:
        """What a cell holds, and how many cells hold the same."""
        if characters > LONGEST_CELL:
            raise InvalidFile(f"A cell of the workbook holds more than {LONGEST_CELL:,} characters.")
        self._characters += characters * times
        if self._characters > MOST_CHARACTERS:
            raise InvalidFile(f"The workbook’s cells hold more than {MOST_CHARACTERS:,} characters together.")


def _refuse_cells() -> NoReturn:
    raise InvalidFile(
        f"The workbook’s sheets have more than {MOST_IN_ALL:,} cells together. Leave the other sheets out of it."
    )
