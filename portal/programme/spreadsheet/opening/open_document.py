"""Looks into an ODS before it is read: how large its sheets are, what is hidden, merged, or never calculated."""

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.bounds import Room, check_size
from portal.programme.spreadsheet.opening.package import NO_WORKBOOK, Package
from portal.programme.spreadsheet.opening.sheet_parts import SheetParts
from portal.programme.spreadsheet.opening.table import Range

HIDDEN = ("collapse", "filter")
WITH_VALUES = ("string-value", "value", "date-value", "time-value", "boolean-value", "formula")


def look_into_document(package: Package) -> dict[str, SheetParts]:
    """The sheets by name. Raises InvalidFile for one that is too large, or is no spreadsheet."""
    look = _Look()
    package.walk("content.xml", look.start, look.end, look.text)
    if not look.sheets:
        raise InvalidFile(f"{NO_WORKBOOK}: it has no sheet.")
    return look.sheets


class _Look:
    """Follows the elements of content.xml. Cells and rows stand there once, with how often they repeat."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetParts] = {}
        self._sheet = ""
        self._row = self._column = self._width = 0
        self._last = 0  # the row that holds something last
        self._repeats = 1  # of the row
        self._holds = False  # whether the row holds anything
        self._room = Room()
        self._held = 0  # characters of the cell that was begun last
        self._columns = 1  # that it fills
        self._below = 0  # within how many tables: a table in a cell is none of the sheets

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._below += 1
            if self._below == 1:
                self._sheet = attributes.get("name", "")
                self.sheets[self._sheet] = SheetParts()
                self._row = self._width = self._last = 0
        elif self._below != 1:
            return
        elif name == "table-row":
            self._repeats, self._column, self._holds = _number(attributes, "number-rows-repeated"), 0, False
            self._held = 0
            if attributes.get("visibility") in HIDDEN and self._repeats < 1_000:
                self._room.see(self._repeats)
                self.sheets[self._sheet].hidden_rows |= {
                    self._row + 1 + each for each in range(self._repeats)
                }
        elif name in ("table-cell", "covered-table-cell"):
            self._cell(attributes)
        elif name == "p":
            self._hold()
        elif name == "s":  # so many spaces
            self._held += _number(attributes, "c")

    def text(self, content: str) -> None:
        self._held += len(content)

    def end(self, name: str) -> None:
        if name == "table":
            self._below -= 1
            if self._below == 0:
                self._room.fill(self._last * self._width)
        elif name == "table-row" and self._below == 1:
            self._row += self._repeats
            self._end_cell()
            if self._holds:
                check_size(self._row, self._width, self._sheet)
                self._last = self._row

    def _cell(self, attributes: dict[str, str]) -> None:
        self._room.see()
        self._end_cell()
        parts, repeats = self.sheets[self._sheet], _number(attributes, "number-columns-repeated")
        self._columns, self._held = repeats, sum(len(attributes.get(each, "")) for each in WITH_VALUES)
        row, column = self._row + 1, self._column + 1
        self._column += repeats
        if "value-type" in attributes:
            self._hold()
            if attributes.get("date-value", "").endswith("T00:00:00"):
                parts.midnights.add((row, column))
        elif "formula" in attributes:
            parts.uncalculated.add((row, column))
        rows, columns = (
            _number(attributes, "number-rows-spanned"),
            _number(attributes, "number-columns-spanned"),
        )
        if rows > 1 or columns > 1:
            parts.merged.append(Range(row, column, row + rows - 1, column + columns - 1))

    def _end_cell(self) -> None:
        self._room.write(self._held, self._columns * self._repeats)
        self._held = 0

    def _hold(self) -> None:
        """The cell that was begun last holds something."""
        self._holds = True
        self._width = max(self._width, self._column)
        check_size(self._row + self._repeats, self._width, self._sheet)


def _number(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    if not text.isdecimal() or len(text) > 9:
        raise InvalidFile(f"{NO_WORKBOOK}: it repeats a cell “{text[:20]}” times.")
    return max(1, int(text))
