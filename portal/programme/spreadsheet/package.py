"""Looks into a workbook's package before it is read: how large it is, what is hidden, what was never calculated.

The parts are unpacked as a stream and thrown away, so that neither a bomb nor a cell in the last corner of a sheet
fills the memory. What the reader of cells does not tell is collected on the way.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from typing import Any, NoReturn
from xml.parsers import expat

from portal.errors import InvalidFile
from portal.programme.spreadsheet.bounds import MOST_UNPACKED, check_size

PORTION = 65_536
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
PADDED = re.compile(r"0{2,20}")  # the format of numbers that are shown with leading zeros
NO_WORKBOOK = "The file is no Excel workbook that can be read"


@dataclass(slots=True)
class SheetParts:
    """What the package says of one sheet beside its values."""

    hidden_rows: set[int] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)  # cell → digits shown


class Package:
    """A workbook's parts, read with an eye on their size. Raises InvalidFile wherever something is off."""

    def __init__(self, content: bytes) -> None:
        self._unpacked = 0
        self.counts_from_1904 = False
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise InvalidFile(f"{NO_WORKBOOK}: {error}.") from None
        self._names = {each.filename.lower().lstrip("/"): each for each in self._archive.infolist()}
        if sum(each.file_size for each in self._names.values()) > MOST_UNPACKED:
            _refuse_size()

    def look(self) -> dict[str, SheetParts]:
        """The sheets by name. Every part that is read later has been unpacked once by then."""
        folder = "xl"
        places = self._places(folder)
        padded = self._padded_styles(f"{folder}/styles.xml")
        self._walk(f"{folder}/sharedstrings.xml", lambda name, attributes: None, needed=False)
        found: dict[str, SheetParts] = {}
        for name, place in places.items():
            found[name] = self._look_into(name, place, padded)
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

        self._walk(f"{folder}/_rels/workbook.xml.rels", relate)
        self._walk(f"{folder}/workbook.xml", sheet)
        return {name: targets[key] for name, key in sheets.items() if key in targets}

    def _padded_styles(self, place: str) -> dict[str, int]:
        """Index of a cell's style → digits, for styles that show numbers with leading zeros."""
        formats: dict[str, int] = {}
        styles: dict[str, int] = {}
        state = {"count": 0, "inside": False}

        def style(name: str, attributes: dict[str, str]) -> None:
            if name == "numFmt" and PADDED.fullmatch(attributes.get("formatCode", "")):
                formats[attributes.get("numFmtId", "")] = len(attributes["formatCode"])
            elif name in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
                state["inside"] = name == "cellXfs"
            elif name == "xf" and state["inside"]:
                digits = formats.get(attributes.get("numFmtId", ""))
                if digits:
                    styles[str(state["count"])] = digits
                state["count"] += 1

        self._walk(place, style, needed=False)
        return styles

    def _look_into(self, name: str, place: str, padded: dict[str, int]) -> SheetParts:
        parts = SheetParts()
        row, column, width = 0, 0, 0
        formula = value = False

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal row, column, width, formula, value
            if tag == "c":
                column += 1
                formula = value = False
                if "r" in attributes:
                    column, row = _place(attributes["r"])
                width = max(width, column)
                check_size(row, width, name)
                if (digits := padded.get(attributes.get("s", ""))) is not None:
                    parts.padded[row, column] = digits
            elif tag == "row":
                row, column = _row_number(attributes.get("r"), row), 0
                check_size(row, width, name)
                if attributes.get("hidden") in ("1", "true"):
                    parts.hidden_rows.add(row)
            elif tag == "f":
                formula = True
            elif tag in ("dimension", "mergeCell"):
                for corner in attributes.get("ref", "A1").split(":"):
                    last_column, last_row = _place(corner)
                    check_size(last_row, last_column, name)

        def text(content: str) -> None:
            nonlocal value
            value = True

        def end(tag: str) -> None:
            if tag == "c" and formula and not value:
                parts.uncalculated.add((row, column))

        def value_only(tag: str) -> bool:
            return tag in ("v", "t")

        self._walk(place, start, end, text, value_only)
        return parts

    def _walk(
        self,
        place: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        text_in: Callable[[str], bool] | None = None,
        *,
        needed: bool = True,
    ) -> None:
        """Call `start` at each element by its local name, and `text` at what stands in those of `text_in`."""
        entry = self._names.get(place.lower())
        if entry is None:
            if needed:
                raise InvalidFile(f"{NO_WORKBOOK}: its part {place} is missing.")
            return
        parser = _parser(start, end, text, text_in)
        try:
            with self._archive.open(entry) as stream:
                while portion := stream.read(PORTION):
                    self._unpacked += len(portion)
                    if self._unpacked > MOST_UNPACKED:
                        _refuse_size()
                    parser.Parse(portion, False)
                parser.Parse(b"", True)
        except (expat.ExpatError, LookupError) as error:
            raise InvalidFile(f"{NO_WORKBOOK}: its part {place} is not XML: {error}.") from None
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
            struct.error,
        ) as error:
            raise InvalidFile(f"{NO_WORKBOOK}: its part {place} cannot be unpacked: {error}.") from None


def _parser(
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None,
    text: Callable[[str], None] | None,
    text_in: Callable[[str], bool] | None,
) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: Any) -> NoReturn:
        raise InvalidFile(f"{NO_WORKBOOK}: it declares a document type, which no spreadsheet program does.")

    def begin(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if text and text_in and text_in(local):
            parser.CharacterDataHandler = text
        if ":" in "".join(attributes):
            attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        start(local, attributes)

    def finish(name: str) -> None:
        parser.CharacterDataHandler = None
        if end:
            end(name.rpartition(":")[2])

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    if end or text:
        parser.EndElementHandler = finish
    return parser


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _row_number(text: str | None, before: int) -> int:
    return before + 1 if text is None else _place(f"A{text}")[1]


def _place(reference: str) -> tuple[int, int]:
    """Column and row; the reader of cells would end the whole process at a place that is none. Raises InvalidFile."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise InvalidFile(f"{NO_WORKBOOK}: it names a cell “{reference[:20]}”.")
    return _column_number(found[1]), int(found[2])


def _refuse_size() -> NoReturn:
    raise InvalidFile(
        f"The workbook unpacks to more than {MOST_UNPACKED // 1_000_000} MB. "
        "Leave pictures and other sheets out of it."
    )
