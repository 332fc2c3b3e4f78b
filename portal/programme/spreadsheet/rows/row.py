"""One row of a table, by the fields that its columns fill."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.programme.spreadsheet.cells.times import END_FIELDS, START_FIELDS, TIME_FIELDS
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.recognising.fields import BELOW, Target
from portal.programme.spreadsheet.recognising.tables import Column, Table
from portal.programme.spreadsheet.rows.drafts import CellPlace

Targets = Mapping[int, tuple[Column, Target]]


def columns_of(targets: Targets) -> dict[str, list[Column]]:
    """Field of the session → its columns."""
    found: dict[str, list[Column]] = {}
    for column, target in targets.values():
        if target.kind == "session":
            found.setdefault(target.field, []).append(column)
    return found


@dataclass(slots=True)
class Row:
    """The row's cells; what was typed in place of one counts instead of it."""

    place: CellPlace
    cells: list[Cell]
    targets: Targets
    columns: Mapping[str, list[Column]]  # `columns_of` the targets, shared by all rows

    @property
    def is_empty(self) -> bool:
        return all(cell is None for cell in self.cells)

    def fix(self, key: str, text: str) -> None:
        """Put what was typed in the place of a cell; an empty text empties it."""
        for column, _ in self.targets.values():
            if column.key == key:
                self.cells += [None] * (column.index + 1 - len(self.cells))
                self.cells[column.index] = text or None

    def at(self, column: Column) -> Cell:
        return self.cells[column.index] if column.index < len(self.cells) else None

    def has_column(self, name: str) -> bool:
        return name in self.columns

    def column_of(self, name: str) -> str:
        """The key of the field's first column that holds something here, else of its first."""
        columns = self.columns.get(name, [])
        filled = [column for column in columns if self.at(column) is not None] or columns
        return filled[0].key if filled else ""

    def all(self, name: str) -> Iterator[tuple[Column, Cell]]:
        """The cells of the field that hold something."""
        for column in self.columns.get(name, []):
            cell = self.at(column)
            if cell is not None:
                yield column, cell

    def cell(self, name: str) -> Cell:
        """The first of them."""
        for column in self.columns.get(name, ()):
            if (cell := self.at(column)) is not None:
                return cell
        return None

    def times(self) -> dict[str, Cell]:
        """The cells that speak of time, by field; empty ones of existing columns are None."""
        return {name: self.cell(name) for name in (*TIME_FIELDS, "timezone") if name in self.columns}

    def tells_start(self) -> bool:
        return any(name in self.columns for name in START_FIELDS)

    def tells_end(self) -> bool:
        return any(name in self.columns for name in (*END_FIELDS, "time_range", "duration"))

    def only_column_is_not_title(self) -> bool:
        """Whether what the row holds stands in another column than the title, or is merged over several."""
        index = next(index for index, cell in enumerate(self.cells) if cell is not None)
        return self.columns.get("title", [None])[0] is None or self.columns["title"][0].index != index


def merged_down(table: Table, targets: Targets) -> dict[int, dict[int, Cell]]:
    """Row → column → value, where one cell reaches over several rows of a column."""
    found: dict[int, dict[int, Cell]] = {}
    rows = table.sheet.rows
    slots = {index + 1 for index, (_, target) in targets.items() if target.field == BELOW}
    for area in table.sheet.merged:
        if (
            area.bottom == area.top
            or area.left != area.right
            or area.top <= table.header_row
            or area.left in slots
        ):
            continue
        row = rows[area.top - 1] if area.top <= len(rows) else []
        value = row[area.left - 1] if area.left <= len(row) else None
        for number in range(area.top + 1, min(area.bottom, len(rows)) + 1):
            found.setdefault(number, {})[area.left - 1] = value
    return found
