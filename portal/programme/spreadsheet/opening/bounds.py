"""How large a spreadsheet may be: whoever sends more is told so before it fills the memory."""

from portal.errors import InvalidFile

MOST_ROWS = 100_000
MOST_COLUMNS = 600
MOST_CELLS = 1_500_000  # of a sheet's rectangle, empty ones included
MOST_UNPACKED = 100_000_000  # bytes of a workbook's parts together
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
