"""Days that are called by their number or their weekday alone: “Day 2”, “Friday”, “Jour 2 – 12 mars”."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from portal.programme.spreadsheet.cells.calendar_words import MONTHS, WEEKDAYS
from portal.programme.spreadsheet.cells.east_asian import in_plain_signs
from portal.text.matching import fold

DAYS = "day|tag|jour|día|dia|giorno|dag|journée|jornada|dzień|den|gün"
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
NUMBER = re.compile(
    rf"(?:{DAYS})\s*(\d{{1,2}}|{'|'.join(NUMBERS)})(?!\w)"
    rf"|(\d{{1,2}})(?:st|nd|rd|th|\.|er|e|ème|º|ª)?\s*(?:{DAYS})(?!\w)|(?:第\s*)?(\d{{1,2}})\s*(?:日目|일차|天)"
)
BEFORE = re.compile(rf"(?:{DAYS})\s*\d+\s*[-–—:,|(]+\s*", re.IGNORECASE)
HALVES = (  # of a day, behind its weekday
    r"morning|afternoon|evening|vormittags?|nachmittags?|abends?|matin|après-midi|soir|mañana|tarde|noche|mattina"
    r"|pomeriggio|sera|ochtend|middag|avond|am|pm"
)
WEEKDAY = re.compile(
    rf"(?<!\w)({'|'.join(sorted(set(WEEKDAYS) - set(MONTHS), key=len, reverse=True))})(?!\w)\.?"
    rf"(?:[\s-]+(?:{HALVES})(?!\w))?"
)
SIGNS = re.compile(r"[\s\-–—:,.|/()\[\]•·]+")
LONGEST = 60  # characters


class NamedDay(NamedTuple):
    """How a text calls a day; at least one of both is told."""

    number: int | None
    weekday: int | None  # 1 is Monday

    def from_first(self, first: date) -> date | None:
        """The day, of a programme that begins on `first`; None where number and weekday name two."""
        found = first + timedelta(
            days=self.number - 1
            if self.number is not None
            else ((self.weekday or 0) - first.isoweekday()) % 7
        )
        return found if self.weekday in (None, found.isoweekday()) else None


def named_day(text: str) -> NamedDay | None:
    """The day that the text calls so; None where it says anything else."""
    if len(text) > LONGEST:
        return None
    rest = fold(in_plain_signs(text))
    number = weekday = None
    if found := NUMBER.search(rest):
        written = next(each for each in found.groups() if each)
        number = NUMBERS.get(written) or int(written)
        rest = rest[: found.start()] + " " + rest[found.end() :]
    if found := WEEKDAY.search(rest):
        weekday = WEEKDAYS[found[1]]
        rest = rest[: found.start()] + " " + rest[found.end() :]
    if SIGNS.sub("", rest) or (number is None and weekday is None):
        return None
    return NamedDay(number, weekday)


def number_before(text: str) -> int | None:
    """The number in front of a day: 2 of “Day 2 – 12 March”."""
    found = NUMBER.match(fold(text)) if BEFORE.match(text) else None
    return int(found[1]) if found and (found[1] or "").isdigit() else None


def without_number(text: str) -> str:
    """The text without its number of a day, unless it says nothing else."""
    return BEFORE.sub("", text) or text
