"""The texts of an XLS that stand once and are named by many cells ([MS-XLS] 2.4.265): how long each of them is."""

import struct
from collections.abc import Iterator

HAS_RUNS, HAS_MORE, IS_WIDE = 0x08, 0x04, 0x01


def lengths_of_texts(records: list[bytes]) -> Iterator[int]:
    """The characters of each text. `records` are the table's own and those that continue it.

    Raises struct.error where they break off.
    """
    reader = _Reader(records)
    _total, number = reader.unpack("<II")
    for _ in range(number):
        length, flags = reader.unpack("<HB")
        (runs,) = reader.unpack("<H") if flags & HAS_RUNS else (0,)
        (more,) = reader.unpack("<I") if flags & HAS_MORE else (0,)
        reader.pass_characters(length, flags)
        reader.take(4 * runs + more)
        yield length


class _Reader:
    """Reads on from record to record."""

    def __init__(self, records: list[bytes]) -> None:
        self._records = iter(records)
        self._record, self._place = b"", 0

    def unpack(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.take(struct.calcsize(form)))

    def take(self, size: int) -> bytes:
        """So many bytes."""
        pieces = []
        while size:
            self._go_on()
            pieces.append(self._record[self._place : self._place + size])
            self._place += len(pieces[-1])
            size -= len(pieces[-1])
        return b"".join(pieces)

    def pass_characters(self, number: int, flags: int) -> None:
        """A text that is continued says anew whether its characters are wide."""
        while number:
            if self._go_on():
                (flags,) = self.unpack("<B")
            width = 2 if flags & IS_WIDE else 1
            here = min(number, (len(self._record) - self._place) // width)
            self._place += here * width
            number -= here
            if number and self._place < len(self._record):
                raise struct.error("a character is cut in two")

    def _go_on(self) -> bool:
        """Begin the next record where this one is at its end; returns whether it is."""
        if self._place < len(self._record):
            return False
        self._record, self._place = next((each for each in self._records if each), b""), 0
        if not self._record:
            raise struct.error("the texts break off")
        return True
