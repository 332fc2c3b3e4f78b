"""Reads how long something takes, as people write it."""

import re
from datetime import date, time, timedelta

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
LONGEST = timedelta(days=7)
LONGEST_TEXT = 60  # characters


def read_duration(cell: Cell, in_hours: bool = False) -> timedelta:
    """How long it takes; a bare number counts minutes, or hours where the column says so. Raises Unreadable."""
    match cell:
        case time():
            found = timedelta(hours=cell.hour, minutes=cell.minute)
        case bool() | date():
            raise Unreadable("is no duration")
        case int() | float():
            # A fraction of a day is how a workbook keeps 0:45.
            is_of_day = 0 < cell < 1 and not in_hours
            found = _length(cell, "days" if is_of_day else "hours" if in_hours else "minutes")
        case str():
            found = _in_words(ABOUT.sub("", fold(length_in_plain_signs(cell[: LONGEST_TEXT + 1]))), in_hours)
        case _:
            raise Unreadable("is no duration")
    if not timedelta() < found <= LONGEST:
        raise Unreadable("is no duration that a session has")
    return timedelta(minutes=round(found.total_seconds() / 60))


def _in_words(text: str, in_hours: bool) -> timedelta:
    if len(text) > LONGEST_TEXT:
        raise Unreadable("is no duration; write minutes, as 45")
    if found := OF_CLOCK.fullmatch(text):
        return timedelta(hours=int(found[1]), minutes=int(found[2]))
    if text in WORDS:
        return timedelta(minutes=WORDS[text])
    if in_hours and re.fullmatch(r"\d{1,3}(?:[.,]\d+)?", text):
        return _length(float(text.replace(",", ".")), "hours")
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
