"""Reads dates, times, ranges and durations as people write them; what is not certain is never guessed."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from portal.programme.spreadsheet.table import Cell
from portal.programme.values import FIRST_YEAR, LAST_YEAR
from portal.text.matching import fold


class DateOrder(StrEnum):
    """How a date of three numbers is read."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Unreadable(ValueError):
    """The cell says nothing that is a date or a time; the message says why in an organiser's words."""


class Undecided(Unreadable):
    """The cell can be read in two ways."""


class When(NamedTuple):
    """What a cell says; what it does not say is None."""

    day: date | None = None
    clock: time | None = None
    zone: tzinfo | None = None


MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january januar janvier enero gennaio januari jan janv ene gen jänner jän",
            "february februar février fevrier febrero febbraio februari feb févr fév feber",
            "march märz mars marzo maart mar mär mrz mrt maerz",
            "april avril abril aprile apr avr abr",
            "may mai mayo maggio mei mag",
            "june juni juin junio giugno jun giu",
            "july juli juillet julio luglio jul juil lug",
            "august août aout agosto augustus aug ago",
            "september septembre septiembre settembre sep sept set",
            "october oktober octobre octubre ottobre oct okt ott",
            "november novembre noviembre nov",
            "december dezember décembre diciembre dicembre dec dez déc dic decembre",
        ),
        1,
    )
    for word in words.split()
}
WEEKDAYS = re.compile(
    r"\b(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?\b"
    r"|\b(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so)\b"
    r"|\b(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
    r"|\b(lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b"
    r"|\b(lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)\b"
    r"|\b(maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\b"
)
NO_TIME = frozenset(
    "tbc|tba|tbd|t.b.c.|t.b.a.|t.b.d.|to be confirmed|to be announced|n/a|na|none|null|-|–|—|?|offen|noch offen|"
    "à confirmer|por confirmar|da confermare|nog onbekend".split("|")
)
ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|(\d{4})-(\d{2})-(\d{2})|(\d{4})年(\d{1,2})月(\d{1,2})日"
)
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°)?\.?\s*(?:de|of)?[\s-]*([^\W\d_]{3,})\.?,?\s*(?:de|del)?[\s-]*(\d{4})"
)
MONTH_DAY = re.compile(r"(?<!\w)([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
CLOCK = re.compile(
    r"(\d{1,2})(?:\s*[:.hu]\s*(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?\s*:?\s*"
    r"(a\.?m\.?|p\.?m\.?|uhr|uur|heures?|hrs?|horas?|ore|[hu](?![a-z])|o'clock)?(?![\da-yà-ÿ])"
)
# A time of day and its offset, so that no range is taken for one: 2027-05-11T09:00-04:00, March 27, 2027 09:00 -0400
WITH_OFFSET = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2}t\d{2}:\d{2}.*|.*:\d{2}:\d{2}(\.\d+)?) ?[+-]\d{2}:?\d{2}"
    r"|.*(\+\d{2}:?|-\d{2})\d{2}|.*(z|utc|gmt)"
)
MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?|z|utc|gmt")
RANGE = re.compile(
    r"\s*(?:–|—|‒|−|→|\bto\b|\btill\b|\buntil\b|\bbis\b|\bà\b|\bhasta\b|\balle\b|\btot\b|-)\s*"
)
WITHOUT_YEAR = re.compile(r"(?<!\d)\d{1,2}(?!\d)(?!.*\d{4})")


def read_when(cell: Cell, order: DateOrder | None) -> When:
    """What the cell says of a date and a time. Raises Unreadable, or Undecided where two days are possible."""
    match cell:
        case datetime():
            return When(cell.date(), cell.time().replace(microsecond=0), None)
        case date():
            return When(day=cell)
        case time():
            return When(clock=cell)
        case str():
            return _read_text(cell, order)
    raise Unreadable("is a number, not a date or a time")


def read_range(cell: Cell, order: DateOrder | None) -> tuple[When, When]:
    """Where a range starts and ends; the end says nothing when the cell holds a start alone. Raises Unreadable."""
    if not isinstance(cell, str) or WITH_OFFSET.fullmatch(cell.lower()):
        return read_when(cell, order), When()
    for found in RANGE.finditer(cell.lower()):
        left, right = cell[: found.start()], cell[found.end() :]
        half = right.strip().lower()[-2:]
        for start in (left, f"{left} {half}" if half in ("am", "pm") and left.strip().isdigit() else left):
            try:
                begun, ended = read_when(start, order), read_when(right, order)
            except Undecided:
                raise
            except Unreadable:
                continue
            if begun.clock and ended.clock:
                return begun, ended
    return read_when(cell, order), When()


def is_open(cell: Cell) -> bool:
    """Whether the cell says in words that the time is not known yet."""
    return isinstance(cell, str) and fold(cell) in NO_TIME


@lru_cache(maxsize=20_000)
def _read_text(text: str, order: DateOrder | None) -> When:
    rest = fold(text).replace("(", " ").replace(")", " ").replace("\N{NO-BREAK SPACE}", " ")
    day, rest = _take_date(rest, order, text)
    if day:
        rest = WEEKDAYS.sub(" ", rest)
    rest = rest.strip(" ,;|–—-@").removeprefix("t").strip() if day else rest.strip(" ,;")
    rest = re.sub(r"^(um|at|à|a las|alle|om)\b", "", rest).strip()
    if day and not rest:
        return When(day=day)
    if not day and (found := MILITARY.fullmatch(rest)):
        return When(clock=time(int(found[1]), int(found[2])))
    found = CLOCK.match(rest)
    clock = _clock(found, alone=not day) if found else None
    if found is None or clock is None:
        raise Unreadable(_why(text))
    zone = rest[found.end() :].strip()
    if not zone:
        return When(day, clock)
    offset = OFFSET.fullmatch(zone)
    if offset is None or (offset[1] == "-" and not day):  # 09:00-10:30 is a range
        raise Unreadable(_why(text))
    return When(day, clock, _zone(offset))


def _why(text: str) -> str:
    if WITHOUT_YEAR.search(fold(text)) and any(
        word in MONTHS for word in re.findall(r"[^\W\d_]+", fold(text))
    ):
        return "names a day without its year: write it as 3 May 2027"
    return "is the day or time of no calendar" if any(map(str.isdigit, text)) else "is no date or time"


def _take_date(text: str, order: DateOrder | None, written: str) -> tuple[date | None, str]:
    """The date in the text, and the text without it."""
    if found := ISO.search(text):
        year, month, day = (int(each) for each in found.groups() if each)
        return _date(year, month, day, written), text[: found.start()] + " " + text[found.end() :]
    if found := NUMERIC.search(text):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        return _ordered(first, second, year, found[2], order, written), text[: found.start()] + " " + text[
            found.end() :
        ]
    for pattern, of_day, of_month in ((DAY_MONTH, 1, 2), (MONTH_DAY, 2, 1)):
        for found in pattern.finditer(text):
            month = MONTHS.get(found[of_month].rstrip("."), 0)
            if month:
                rest = text[: found.start()] + " " + text[found.end() :]
                return _date(int(found[3]), month, int(found[of_day]), written), rest
    return None, text


def _ordered(first: int, second: int, year: int, sign: str, order: DateOrder | None, written: str) -> date:
    possible = orders_of(first, second, sign)
    if first == second or (len(possible) == 1):
        day_first = DateOrder.DAY_FIRST in possible
    elif not possible:
        raise Unreadable("is the day or time of no calendar")
    elif order is None:
        one, other = _date(year, second, first, written), _date(year, first, second, written)
        raise Undecided(f"can be {in_words(one)} or {in_words(other)}")
    else:
        day_first = order is DateOrder.DAY_FIRST
    return _date(year, second, first, written) if day_first else _date(year, first, second, written)


def orders_of(first: int, second: int, sign: str) -> set[DateOrder]:
    """The orders in which two numbers can be a day and a month; between points the day comes first."""
    found = set()
    if 1 <= first <= 31 and 1 <= second <= 12:
        found.add(DateOrder.DAY_FIRST)
    if 1 <= second <= 31 and 1 <= first <= 12 and sign != ".":
        found.add(DateOrder.MONTH_FIRST)
    return found


def order_in(cells: Iterable[Cell]) -> DateOrder | None:
    """The order that the dates among the cells decide; None where nothing does, or they contradict each other."""
    decided = set()
    for cell in cells:
        if isinstance(cell, str) and not ISO.search(cell) and (found := NUMERIC.search(cell)):
            possible = orders_of(int(found[1]), int(found[3]), found[2])
            if len(possible) == 1 and found[2] != ".":
                decided |= possible
    return decided.pop() if len(decided) == 1 else None


def in_words(day: date) -> str:
    """The day so that nobody can misread it."""
    return f"{day.day} {day:%B %Y}"


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _date(year: int, month: int, day: int, written: str) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(f"is not of the years {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("is the day or time of no calendar") from None


def _clock(found: re.Match[str], alone: bool) -> time | None:
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    half = (found[4] or "").replace(".", "")
    if found[2] is None and not half and alone:
        return None  # a bare number is no time
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            if half == "am" or hour > 23:
                return None
        else:
            hour = hour % 12 + (12 if half == "pm" else 0)
    if (hour, minute, second) == (24, 0, 0):
        raise Unreadable("is midnight at the end of a day: write 00:00 and the next day")
    if hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second)


def _zone(found: re.Match[str]) -> tzinfo:
    if not found[1]:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset > timedelta(hours=15):
        raise Unreadable("has an offset from UTC that no country has")
    return timezone(-offset if found[1] == "-" else offset)


HOURS = r"(\d+(?:[.,]\d+)?)\s*(?:hours?|hrs?|h|std\.?|stunden?|heures?|horas?|ore|ora|uur|uren)"
MINUTES = r"(\d+)\s*(?:minutes?|minuten|minutos?|minuti|mins?\.?|m|')?"
LENGTH = re.compile(rf"(?:{HOURS})?\s*(?:und|and|et|y|e|en)?\s*(?:{MINUTES})?\.?")
LENGTH_OF_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
LONGEST = timedelta(days=7)


def read_duration(cell: Cell) -> timedelta:
    """How long it takes; a bare number counts minutes. Raises Unreadable."""
    match cell:
        case time():
            found = timedelta(hours=cell.hour, minutes=cell.minute)
        case bool() | date():
            raise Unreadable("is no duration")
        case int() | float():
            # A fraction of a day is how a workbook keeps 0:45.
            found = timedelta(days=cell) if 0 < cell < 1 else timedelta(minutes=cell)
        case str():
            found = _duration_in_words(fold(cell))
        case _:
            raise Unreadable("is no duration")
    if not timedelta() < found <= LONGEST:
        raise Unreadable("is no duration that a session has")
    return timedelta(minutes=round(found.total_seconds() / 60))


def _duration_in_words(text: str) -> timedelta:
    if found := LENGTH_OF_CLOCK.fullmatch(text):
        return timedelta(hours=int(found[1]), minutes=int(found[2]))
    found = LENGTH.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        raise Unreadable("is no duration; write minutes, as 45")
    try:
        return timedelta(hours=float((found[1] or "0").replace(",", ".")), minutes=int(found[2] or 0))
    except OverflowError:
        raise Unreadable("is no duration that a session has") from None
