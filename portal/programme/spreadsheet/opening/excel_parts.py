"""Looks into an XLSX before it is read: how large it is, what is hidden, what was never calculated.

A cell in the last corner of a sheet would fill the memory. What the reader of cells does not tell is collected on
the way.
"""

import re
from posixpath import join, normpath
from typing import NamedTuple

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.bounds import MOST_COLUMNS, Room, check_size
from portal.programme.spreadsheet.opening.package import NO_WORKBOOK, Package
from portal.programme.spreadsheet.opening.sheet_parts import SheetParts
from portal.text.numbers import whole_number

REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
PADDED = re.compile(r"0{2,20}")  # the format of numbers that are shown with leading zeros
CELLS = b"sheetData"  # the element without which no part is read as a sheet
DAY_AND_TIME = "22"  # Excel's own format of both
NO_SIGNS = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\\\.")  # colours, zones and texts in a format


class Styles(NamedTuple):
    """What the styles of cells tell, by their index."""

    padded: dict[str, int]  # digits, where numbers are shown with leading zeros
    of_moments: set[str]  # days and times of day together


class ExcelParts:
    """What the package of an XLSX says of its sheets beside their values."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._room = Room()
        self.counts_from_1904 = False

    def look(self) -> dict[str, SheetParts]:
        """The sheets by name. Every part that is read later has been unpacked once by then."""
        folder = "xl"
        places = self._places(folder)
        styles = self._styles(f"{folder}/styles.xml")
        lengths = self._lengths_of_texts(f"{folder}/sharedstrings.xml")
        found: dict[str, SheetParts] = {}
        for name, place in places.items():
            found[name] = self._look_into(name, place, styles, lengths)
        for place in self._package.parts_with(CELLS, set(places.values())):
            self._look_into(place, place, styles, lengths)  # the reader of cells may find its way there
        return found

    def _places(self, folder: str) -> dict[str, str]:
        """Sheet name → part."""
        targets: dict[str, str] = {}
        sheets: dict[str, str] = {}

        def relate(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                place = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                targets[attributes.get("Id", "")] = place.lower()

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self.counts_from_1904 = attributes.get("date1904") in ("1", "true")
            elif name == "sheet":
                sheets[attributes.get("name", "")] = attributes.get("id", "")

        self._package.walk(f"{folder}/_rels/workbook.xml.rels", relate)
        self._package.walk(f"{folder}/workbook.xml", sheet)
        places = {name: targets[key] for name, key in sheets.items() if key in targets}
        if len(set(places.values())) < len(places):
            raise InvalidFile(f"{NO_WORKBOOK}: two of its sheets are the same part.")
        return places

    def _styles(self, place: str) -> Styles:
        formats: dict[str, str] = {}
        found = Styles({}, set())
        state = {"count": 0, "inside": False}

        def style(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt":
                formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
                state["inside"] = name == "cellXfs"
            elif name == "xf" and state["inside"]:
                number, index = attributes.get("numFmtId", ""), str(state["count"])
                shown = formats.get(number, "")
                if PADDED.fullmatch(shown):
                    found.padded[index] = len(shown)
                elif number == DAY_AND_TIME or _shows_moments(shown):
                    found.of_moments.add(index)
                state["count"] += 1

        self._package.walk(place, style, needed=False)
        return found

    def _lengths_of_texts(self, place: str) -> list[int]:
        """How long each of the texts is that stand once and are named by many cells."""
        lengths: list[int] = []

        def begin(name: str, attributes: dict[str, str]) -> None:
            if name == "si":
                self._room.see()
                lengths.append(0)

        def text(content: str) -> None:
            if lengths:
                lengths[-1] += len(content)

        self._package.walk(place, begin, None, text, needed=False)
        return lengths

    def _look_into(self, name: str, place: str, styles: Styles, lengths: list[int]) -> SheetParts:
        look = _Look(name, styles, lengths, self._room)
        self._package.walk(place, look.start, look.end, look.text, ("v", "t"))
        self._room.fill(look.last_row * look.width)
        return look.parts


class _Look:
    """Follows the elements of one sheet."""

    def __init__(self, name: str, styles: Styles, lengths: list[int], room: Room) -> None:
        self.parts = SheetParts()
        self.width = self.last_row = 0
        self._name, self._styles, self._lengths, self._room = name, styles, lengths, room
        self._row = self._column = 0
        self._kind = self._style = ""  # of the cell in hand
        self._has_formula = False
        self._held: str | None = None  # what the cell says; None until it has a value

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            self._row, self._column = _row_number(attributes.get("r"), self._row), 0
            check_size(self._row, self.width, self._name)
            if attributes.get("hidden") in ("1", "true"):
                self.parts.hidden_rows.add(self._row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            self.parts.hidden_columns |= _columns_of(attributes)
        elif tag == "f":
            self._has_formula = True
        elif tag in ("dimension", "mergeCell"):
            self._room.see()
            for corner in attributes.get("ref", "A1").split(":"):
                column, row = _place(corner)
                check_size(row, column, self._name)

    def text(self, content: str) -> None:
        self._held = (self._held or "") + content
        if self._style in self._styles.of_moments and content.isdecimal():
            self.parts.midnights.add((self._row, self._column))
        if self._kind == "e":
            self.parts.errors[self._row, self._column] = content

    def end(self, tag: str) -> None:
        if tag != "c":
            return
        if self._held:
            is_shared = self._kind == "s"
            self._room.write(_length_of(self._held, self._lengths) if is_shared else len(self._held))
        # Which was calculated, to an empty text.
        if self._has_formula and self._held is None and self._kind != "str":
            self.parts.uncalculated.add((self._row, self._column))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._room.see()
        self._column += 1
        if "r" in attributes:
            self._column, self._row = _place(attributes["r"])
        self.width = max(self.width, self._column)
        self.last_row = max(self.last_row, self._row)
        check_size(self._row, self.width, self._name)
        self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
        self._has_formula, self._held = False, None
        if (digits := self._styles.padded.get(self._style)) is not None:
            self.parts.padded[self._row, self._column] = digits


def _length_of(index: str, lengths: list[int]) -> int:
    """How long the text is that a cell names by its number."""
    number = whole_number(index.strip().lstrip("+0") or "0", 9, otherwise=len(lengths))
    return lengths[number] if number < len(lengths) else 0


def _shows_moments(shown: str) -> bool:
    plain = NO_SIGNS.sub("", shown.lower())
    return "h" in plain and ("y" in plain or "d" in plain)


def _columns_of(attributes: dict[str, str]) -> set[int]:
    """The columns that one entry speaks of; none where it names no range of columns that can hold cells."""
    first, last = attributes.get("min", ""), attributes.get("max", "")
    if not (first.isdecimal() and last.isdecimal() and len(first + last) < 12):
        return set()
    return set(range(int(first), min(int(last), MOST_COLUMNS) + 1))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _row_number(text: str | None, before: int) -> int:
    return before + 1 if text is None else _place(f"A{text}")[1]


def _place(reference: str) -> tuple[int, int]:
    """Column and row. Raises InvalidFile for an impossible place, on which the reader of cells would abort."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise InvalidFile(f"{NO_WORKBOOK}: it names a cell “{reference[:20]}”.")
    return _column_number(found[1]), int(found[2])
