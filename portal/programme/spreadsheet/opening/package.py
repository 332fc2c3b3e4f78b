"""A workbook's package: its parts are unpacked as a stream and thrown away, so that no bomb fills the memory."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from io import BytesIO
from typing import Any, NoReturn
from xml.parsers import expat

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.bounds import MOST_UNPACKED

PORTION = 65_536
NO_WORKBOOK = "The file is no workbook that can be read"


class Package:
    """The parts of a zipped workbook, with an eye on their size. Raises InvalidFile wherever something is off."""

    def __init__(self, content: bytes) -> None:
        self._unpacked = 0
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
            raise InvalidFile(f"{NO_WORKBOOK}: {error}.") from None
        parts = [each for each in self._archive.infolist() if not each.is_dir()]
        self.names = {each.filename.replace("\\", "/").lower().lstrip("/"): each for each in parts}
        if len(self.names) < len(parts):  # the reader of cells might take the other one
            raise InvalidFile(f"{NO_WORKBOOK}: two of its parts have the same name.")
        if sum(each.file_size for each in parts) > MOST_UNPACKED:
            _refuse_size()
        for each in parts:
            each.file_size = MOST_UNPACKED + 1  # read to the real end: what is said of the size may be a lie

    def walk(
        self,
        place: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        text_in: Collection[str] = (),
        *,
        needed: bool = True,
    ) -> None:
        """Call `start` at each element by its local name, and `text` at what stands in those of `text_in`.

        With no `text_in` it is called at all that stands anywhere.
        """
        entry = self.names.get(place.lower())
        if entry is None:
            if needed:
                raise InvalidFile(f"{NO_WORKBOOK}: its part {place} is missing.")
            return
        parser = _parser(start, end, text, text_in)
        try:
            for portion in self._portions(entry):
                parser.Parse(portion, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise InvalidFile(f"{NO_WORKBOOK}: its part {place} is not XML: {error}.") from None

    def parts_with(self, mark: bytes, beside: Collection[str]) -> list[str]:
        """The places of the parts in which the mark stands, but for those that are known."""
        return [
            place
            for place, entry in self.names.items()
            if place not in beside and _stands_in(mark, self._portions(entry))
        ]

    def _portions(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._archive.open(entry) as stream:
                while portion := stream.read(PORTION):
                    self._unpacked += len(portion)
                    if self._unpacked > MOST_UNPACKED:
                        _refuse_size()
                    yield portion
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
            raise InvalidFile(
                f"{NO_WORKBOOK}: its part {entry.filename} cannot be unpacked: {error}."
            ) from None


def _stands_in(mark: bytes, portions: Iterator[bytes]) -> bool:
    before = b""
    for portion in portions:
        if mark in before + portion:
            return True
        before = portion[-len(mark) :]
    return False


def _parser(
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None,
    text: Callable[[str], None] | None,
    text_in: Collection[str],
) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: Any) -> NoReturn:
        raise InvalidFile(f"{NO_WORKBOOK}: it declares a document type, which no spreadsheet program does.")

    def begin(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2] if ":" in name else name
        if local in text_in:
            parser.CharacterDataHandler = text
        if attributes and ":" in "".join(attributes):
            attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        start(local, attributes)

    def finish(name: str) -> None:
        local = name.rpartition(":")[2] if ":" in name else name
        if local in text_in:
            parser.CharacterDataHandler = None
        if end:
            end(local)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    if text and not text_in:
        parser.CharacterDataHandler = text
    if end or text:
        parser.EndElementHandler = finish
    return parser


def _refuse_size() -> NoReturn:
    raise InvalidFile(
        f"The workbook unpacks to more than {MOST_UNPACKED // 1_000_000} MB. "
        "Leave pictures and other sheets out of it."
    )
