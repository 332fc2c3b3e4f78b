"""Reads how long something takes, as people write it."""

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from enum import StrEnum

from portal.programme.spreadsheet.cells.days import Unreadable
from portal.programme.spreadsheet.cells.east_asian import length_in_plain_signs
from portal.programme.spreadsheet.opening.table import Cell
from portal.text.matching import fold

HOURS = (
    r"(\d+(?:[.,]\d+)?)\s*(?:hours?|hrs?|hs?|std\.?|stdn?\.?|stunden?|heures?|horas?|ora|ore|uur|uren|godz\.?|godziny?"
    r"|saat|sa)"
)
MINUTES = (
    r"(\d+)(?:[.,]0+)?\s*(?:minutes?|minuten|minutos?|minuti|minuto|mins?\.?|min\.?|mn|m|dk\.?|dakika|'|′|’)?"
)
LENGTH = re.compile(rf"(?:{HOURS})?\s*(?:und|and|et|y|e|en|,)?\s*(?:{MINUTES})?\.?")
OF_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::\d{2})?\s*(?:hours?|hrs?|h|std\.?|stunden|uur|horas|ore|min\.?)?"
)
OF_ISO = re.compile(r"pt(?:(\d+)h)?(?:(\d+)m)?(?:0s)?")
ABOUT = re.compile(r"^(?:ca\.?|circa|approx\.?|about|etwa|environ|~)\s*")
WORDS = {
    "½ h": 30, "½ hour": 30, "half an hour": 30, "eine halbe stunde": 30, "halbe stunde": 30, "half uur": 30,
    "une demi-heure": 30, "media hora": 30, "mezz'ora": 30, "meia hora": 30, "an hour": 60, "one hour": 60,
    "eine stunde": 60, "une heure": 60, "una hora": 60, "un'ora": 60, "een uur": 60, "uma hora": 60,
}  # fmt: skip
BARE = re.compile(r"\d{1,3}(?:[.,]\d+)?")
FEWEST_MINUTES = 5  # of a session; a smaller number counts hours, where the others of its column may too
SURELY_HOURS = 3  # below this no column counts minutes
MOST_HOURS = 8
LONGEST = timedelta(days=7)
LONGEST_TEXT = 60  # characters


class Unit(StrEnum):
    """What the numbers of a column count that stand without a unit."""

    MINUTES = "minutes"
    HOURS = "hours"
    UNCLEAR = "unclear"  # small ones beside large ones


def unit_of(cells: Iterable[Cell]) -> Unit:
    """What the column's numbers count, where its header does not say: “1,5” and “2” are hours, “45” are minutes."""
    numbers = [number for cell in cells if (number := bare_number(cell)) is not None and number >= 1]
    if all(each >= FEWEST_MINUTES for each in numbers):
        return Unit.MINUTES
    are_hours = min(numbers) < SURELY_HOURS or any(each % 1 for each in numbers)
    return Unit.HOURS if are_hours and max(numbers) <= MOST_HOURS else Unit.UNCLEAR


def bare_number(cell: Cell) -> float | None:
    """The number of a cell that says nothing else."""
    if isinstance(cell, str) and BARE.fullmatch(cell.strip()):
        return float(cell.strip().replace(",", "."))
    return float(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def read_duration(cell: Cell, unit: Unit = Unit.MINUTES) -> timedelta:
    """How long it takes; `unit` is what a bare number counts. Raises Unreadable."""
    number = bare_number(cell)
    match cell:
        case time():
            found = timedelta(hours=cell.hour, minutes=cell.minute)
        case bool() | date() | None:
            raise Unreadable("is no duration")
        case _ if number is not None:
            found = _of_number(number, unit, isinstance(cell, str))
        case str():
            found = _in_words(ABOUT.sub("", fold(length_in_plain_signs(cell[: LONGEST_TEXT + 1]))))
    if not timedelta() < found <= LONGEST:
        raise Unreadable("is no duration that a session has")
    return timedelta(minutes=round(found.total_seconds() / 60))


def _of_number(number: float, unit: Unit, is_text: bool) -> timedelta:
    if unit is Unit.HOURS:
        return _length(number, "hours")
    is_part = 0 < number < 1  # of a day, as a workbook keeps 0:45
    if (unit is Unit.UNCLEAR and number < FEWEST_MINUTES) or (is_part and (is_text or number * 4 % 1 == 0)):
        raise Unreadable("can be hours or minutes: write 90 min or 1:30 h")
    return _length(number, "days" if is_part else "minutes")


def _in_words(text: str) -> timedelta:
    if len(text) > LONGEST_TEXT:
        raise Unreadable("is no duration; write minutes, as 45")
    if found := OF_CLOCK.fullmatch(text):
        return timedelta(hours=int(found[1]), minutes=int(found[2]))
    if text in WORDS:
        return timedelta(minutes=WORDS[text])
    found = LENGTH.fullmatch(text) or OF_ISO.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        raise Unreadable("is no duration; write minutes, as 45")
    return _length(float((found[1] or "0").replace(",", ".")), "hours") + _length(
        int(found[2] or 0), "minutes"
    )


def _length(number: float, unit: str) -> timedelta:
    try:
        return timedelta(**{unit: number})
    except (OverflowError, ValueError):
        raise Unreadable("is no duration that a session has") from None
