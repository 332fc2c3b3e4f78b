"""Times of a clock of twelve hours that say neither am nor pm: “9:30”, “12:15” and, in the afternoon, “1:30”."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from portal.programme.spreadsheet.cells.dates import read_range
from portal.programme.spreadsheet.cells.days import Unreadable
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.questions import DateOrder

TOLD = re.compile(r"\d\s*[ap](?:\.?\s*m)?\b|noon|midnight", re.IGNORECASE)
UNITS = re.compile(r"\d\s*(?:h|hrs?|uhr|u|uur|heures?|horas?|hod|ore)\b|\bore\b", re.IGNORECASE)
AFTERNOONS = range(1, 7)  # hours at which hardly a session begins in the night or the morning
MORNINGS = range(7, 13)
FIRST_OF_A_DAY = range(1, 5)  # and those at which no day of a programme begins
HALF = timedelta(hours=12)


class HalfDays:
    """Tells the afternoon's times of one table from the morning's, where its cells do not."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        hours = [hour for cell in cells for hour in _hours(cell)]
        self.counts_to_twelve = (
            any(hour in MORNINGS for hour in hours)
            and any(hour in AFTERNOONS for hour in hours)
            and all(1 <= hour <= 12 for hour in hours)
        )
        self._latest: dict[date, time] = {}

    def start(self, begins: datetime, cell: Cell) -> tuple[datetime, str | None]:
        """When the session begins, and what is to be said of that."""
        latest = self._latest.get(begins.date())
        is_late = begins.hour in FIRST_OF_A_DAY if latest is None else begins.time() < latest
        found, message = begins, None
        if self.counts_to_twelve and _is_untold(cell) and begins.hour in AFTERNOONS and is_late:
            found, message = begins + HALF, _taken(begins + HALF)
        self._latest[begins.date()] = max(latest or time(), found.time())
        return found, message

    def end(self, ends: datetime, begins: datetime, cell: Cell, begun: Cell) -> tuple[datetime, str | None]:
        """When it ends; half a day later than written where that is after the start and the other is not.

        `begun` is the cell of the start: where it says “1:30 pm”, an end of “2:15” is of a clock of twelve hours too.
        """
        counts_to_twelve = self.counts_to_twelve or (ends.hour in range(1, 12) and _is_told(begun))
        if not counts_to_twelve or not _is_untold(cell) or ends > begins or ends + HALF <= begins:
            return ends, None
        return ends + HALF, _taken(ends + HALF)


def _taken(moment: datetime) -> str:
    return f"says neither am nor pm; it was taken for {moment:%H:%M}"


def _is_told(cell: Cell) -> bool:
    return isinstance(cell, str) and TOLD.search(cell) is not None


def _is_untold(cell: Cell) -> bool:
    return isinstance(cell, time) or (isinstance(cell, str) and not _is_told(cell))


def _hours(cell: Cell) -> Iterator[int]:
    """The hours of a cell that tells times of day alone; 24 where it tells the clock that they are of."""
    if isinstance(cell, str) and UNITS.search(cell):
        yield 24
    elif isinstance(cell, str | time) and _is_untold(cell):
        try:
            whens = read_range(cell, DateOrder.DAY_FIRST, 2000)
        except Unreadable:
            return
        yield from (each.clock.hour for each in whens if each.clock is not None and each.day is None)
