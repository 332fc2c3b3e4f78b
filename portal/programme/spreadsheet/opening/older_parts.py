"""Looks into an XLS before it is read: how large its sheets are, what is hidden, merged, or locked by a password.

The format is [MS-XLS]: a stream of records, each with two bytes for its kind and two for its length.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

import olefile

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.bounds import Room, check_size
from portal.programme.spreadsheet.opening.older_texts import lengths_of_texts
from portal.programme.spreadsheet.opening.package import NO_WORKBOOK
from portal.programme.spreadsheet.opening.sheet_parts import SheetParts
from portal.programme.spreadsheet.opening.table import Range

FIRST_OF_OLDER = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and workbooks with a password
STREAMS = ("Workbook", "Book")  # since Excel 97, and before
END, DATE_MODE, PASSWORD, SHEET, ROW, MERGED = 0x0A, 0x22, 0x2F, 0x85, 0x208, 0xE5
CELLS = (0x06, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xD6)  # one cell: row and column come first
SEVERAL_CELLS = (0xBD, 0xBE)  # their last column comes last
FORMULA = 0x06
TEXTS, CONTINUED, NAMES_TEXT = 0xFC, 0x3C, 0xFD  # the table of texts, and a cell that names one of them
IS_HIDDEN = 0x20
LOCKED = "The workbook has a password. Open it and save it as XLSX without one."
DAMAGED = f"{NO_WORKBOOK}: it is damaged."


class OlderParts:
    """What the stream of an XLS says of its sheets beside their values."""

    def __init__(self, content: bytes) -> None:
        self.counts_from_1904 = False
        self._room = Room()
        self._lengths: list[int] = []  # of the texts that cells name
        self._stream = _stream_of(content)

    def look(self) -> dict[str, SheetParts]:
        """The sheets by name. Raises InvalidFile for one that is too large, and a workbook with a password."""
        try:
            sheets = list(self._sheets())
            return {name: self._look_into(name, place) for name, place in sheets}
        except struct.error:
            raise InvalidFile(DAMAGED) from None

    def _sheets(self) -> Iterator[tuple[str, int]]:
        """Name and place of each sheet in the stream."""
        texts: list[bytes] = []
        before = 0
        for kind, body in self._records(0):
            if kind == TEXTS or (kind == CONTINUED and before == TEXTS):
                texts.append(body)
                kind = TEXTS
            before = kind
            if kind == PASSWORD:
                raise InvalidFile(LOCKED)
            if kind == DATE_MODE:
                self.counts_from_1904 = body[:1] == b"\1"
            elif kind == SHEET:
                yield _name_of(body), struct.unpack_from("<I", body)[0]
        for length in lengths_of_texts(texts) if texts else ():
            self._room.see()
            self._lengths.append(length)

    def _records(self, place: int) -> Iterator[tuple[int, bytes]]:
        """The records from there to the end of their part."""
        while place + 4 <= len(self._stream):
            kind, length = struct.unpack_from("<HH", self._stream, place)
            self._room.see()
            yield kind, self._stream[place + 4 : place + 4 + length]
            if kind == END:
                return
            place += 4 + length

    def _look_into(self, name: str, place: int) -> SheetParts:
        parts, rows, width = SheetParts(), 0, 0
        for kind, body in self._records(place):
            if kind in CELLS or kind in SEVERAL_CELLS:
                row, column = struct.unpack_from("<HH", body)
                if kind in SEVERAL_CELLS:
                    column = struct.unpack_from("<H", body, len(body) - 2)[0]
                rows, width = max(rows, row + 1), max(width, column + 1)
                check_size(rows, width, name)
                self._room.write(self._length_of(kind, body))
            elif kind == ROW and struct.unpack_from("<I", body, 12)[0] & IS_HIDDEN:
                parts.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
            elif kind == MERGED:
                for number in range(struct.unpack_from("<H", body)[0]):
                    top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * number)
                    parts.merged.append(Range(top + 1, left + 1, bottom + 1, right + 1))
        self._room.fill(rows * width)
        return parts

    def _length_of(self, kind: int, body: bytes) -> int:
        """How many characters the cell holds, at most."""
        if kind != NAMES_TEXT:
            return len(body)
        number = struct.unpack_from("<I", body, 6)[0]
        return self._lengths[number] if number < len(self._lengths) else 0


def _stream_of(content: bytes) -> bytes:
    try:
        with olefile.OleFileIO(BytesIO(content)) as file:
            if file.exists("EncryptedPackage"):
                raise InvalidFile(LOCKED)
            for name in STREAMS:
                if file.exists(name):
                    found: bytes = file.openstream(name).read()
                    return found
    except InvalidFile:
        raise
    except Exception as error:  # whatever stumbles over a damaged container
        raise InvalidFile(f"{NO_WORKBOOK}: {error}.") from None
    raise InvalidFile("The file is no workbook: it is of an older Office program. Save it as XLSX.")


def _name_of(body: bytes) -> str:
    length = body[6]
    if len(body) == 7 + length:  # before Excel 97
        return body[7:].decode("cp1252", "replace")
    return body[8:].decode("utf-16-le", "replace") if body[7] & 1 else body[8:].decode("latin-1")
