"""What a workbook's file says of a sheet beside the values of its cells."""

from dataclasses import dataclass, field

from portal.programme.spreadsheet.opening.table import Range


@dataclass(slots=True)
class SheetParts:
    """One sheet’s hidden rows and columns, formulas without a value, errors, merged cells, how values are shown."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    merged: list[Range] = field(default_factory=list)  # where the reader of cells does not tell them
    midnights: set[tuple[int, int]] = field(default_factory=set)  # days that are shown with their 0:00
    padded: dict[tuple[int, int], int] = field(default_factory=dict)  # cell → digits shown
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # cell → “#N/A” in place of a value
