"""Reads times and ranges as people write them; what is not certain is never guessed."""

import re
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from typing import NamedTuple

from portal.programme.spreadsheet.cells.calendar_words import (
    BEFORE_A_DAY,
    BEFORE_A_TIME,
    BEFORE_AN_HOUR,
    MIDNIGHT,
    NO_TIME,
    NOON,
    UNTIL,
)
from portal.programme.spreadsheet.cells.days import (
    NO_DAY,
    Undecided,
    Unreadable,
    Yearless,
    in_likely_years,
    take_day,
)
from portal.programme.spreadsheet.cells.east_asian import in_plain_signs
from portal.programme.spreadsheet.cells.zones import OFFSET, OFFSETS_OF_LETTERS, zone_named, zone_of_offset
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.questions import DateOrder
from portal.text.matching import fold


class When(NamedTuple):
    """What a cell says; what it does not say is None."""

    day: date | None = None
    clock: time | None = None
    zone: tzinfo | None = None
    odd: str | None = None  # what is to be looked at
    letters: str | None = None  # that name its zone, as “cet”


CLOCK = re.compile(
    r"(\d{1,2})(?:\s*[:.,hu]\s*(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?\s*:?\s*"
    r"(a\.?m?\.?|p\.?m?\.?|uhr|uur|heures?|hrs?\.?|h\.?|horas?|ore|min|[hu](?![a-z])|o'clock)?(?![\da-yà-ÿ])"
)
UNIT_BETWEEN = re.compile(r"(\d{1,2})\s*(?:uhr|heures?)\s*(\d{2})\b")
# A time of day and its offset, so that no range is taken for one: 2027-05-11T09:00-04:00, March 27, 2027 09:00 -0400
WITH_OFFSET = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2}t\d{2}:\d{2}.*|.*:\d{2}:\d{2}(\.\d+)?) ?[+-]\d{2}:?\d{2}"
    r"|.*(\+\d{2}:?|-\d{2})\d{2}|.*\dz"
)
MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d)(?:\s*(?:h|hrs|hours|uhr))?")
MILITARY_RANGE = re.compile(
    r"((?:[01]\d|2[0-3])[0-5]\d)\s*[-–—]\s*((?:[01]\d|2[0-4])[0-5]\d)\s*(?:h|hrs|hours|uhr)?"
)
HALF_OF_DAY = re.compile(r"(?<=[\d\s])([ap])\.\s?m\.?(?!\w)")  # “9:00 a. m.”
RANGE = re.compile(rf"\s*(?:–|—|‒|−|→|~|-+>?|>|\b(?:{UNTIL})(?=[\s\d])|(?<=\d)/(?=\d{{1,2}}[:.h]\d))\s*")
ARABIC_HALF = re.compile(r"(?<=\d)\s*([صم])(?!\w)")  # of the day, before and after noon
UNIT_AT_END = re.compile(r"[\s\d:.]((?:a|p)\.?m?\.?|uhr|uur|h|u|hrs|horas|ore)\.?$")
OF_ISO = re.compile(r"(\d{2})(\d{2})(?:\d{2})?(z)?")  # 20270315T090000Z
LONGEST = 120  # characters of a moment or a range; what is longer is a text, and costs no time
HOURS = re.compile(r"(?:[^\W\d]+\.?\s+)?(\d{1,2})(?:[.:](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[.:](\d{2}))?")
BARE = re.compile(r"\d{1,2}")
TWENTY_FOUR = re.compile(r"(?<!\d)24[:.h]?00(?::00)?(?:\s*(?:uhr|h|hrs))?(?!\d)")
OF_MINUTES = re.compile(r"\d{1,2}:\d{2}")
HOUR_ALONE = re.compile(r"\d{1,2}(?:[.:]\d{2})?")
TELLS_A_TIME = re.compile(r"\d[:h]\d|\d\s*(?:h|uhr|am|pm)\b")
LEAP_YEAR = 2000
FIRST_OF_NUMBERS = (1899, 1900, 1904)  # to a workbook a time of day is one of the first days that it knows


def read_when(cell: Cell, order: DateOrder | None, year: int | None = None) -> When:
    """What the cell says of a date and a time; `year` is that of days without one.

    Raises Unreadable, Undecided where two days are possible, and Yearless where no year is told.
    """
    match cell:
        case datetime() if cell.year in FIRST_OF_NUMBERS:
            return When(clock=cell.time().replace(microsecond=0))
        case datetime():
            return When(in_likely_years(cell.date()), cell.time().replace(microsecond=0), None)
        case date():
            return When(day=in_likely_years(cell))
        case time():
            return When(clock=cell)
        case str():
            return _read_text(cell, order, year)
    raise Unreadable("is a number, not a date or a time")


def read_range(cell: Cell, order: DateOrder | None, year: int | None = None) -> tuple[When, When]:
    """Where a range starts and ends; the end says nothing when the cell holds a start alone. Raises as above."""
    return _range_in(cell, order, year) if isinstance(cell, str) else (read_when(cell, order, year), When())


@lru_cache(maxsize=20_000)
def _range_in(written: str, order: DateOrder | None, year: int | None) -> tuple[When, When]:
    if len(written) <= LONGEST:
        written = in_plain_signs(written)
    if found := MILITARY_RANGE.fullmatch(written):
        return read_when(found[1], order, year), read_when(_not_24(found[2]), order, year)
    if len(written) > LONGEST or WITH_OFFSET.fullmatch(written.lower()):
        return read_when(written, order, year), When()
    text = fold(written)
    doubt: Unreadable | None = None
    for found in RANGE.finditer(text):
        left, right = text[: found.start()], text[found.end() :]
        for start, end, must_be_before in _with_unit(left, right):
            try:
                begun, ended = read_when(start, order, year), read_when(_not_24(end), order, year)
            except (Undecided, Yearless) as problem:  # of “14-mar” in “14-mar-2027 9:00”
                doubt = doubt or problem
                continue
            except Unreadable:
                continue
            if begun.clock is None or ended.clock is None:
                continue
            if not must_be_before or begun.clock < ended.clock:
                return begun._replace(zone=begun.zone or ended.zone), ended
    try:
        return read_when(written, order, year), When()
    except Unreadable as problem:
        raise doubt or problem from None


def read_end(cell: Cell, order: DateOrder | None, year: int | None = None) -> When:
    """When it ends; 24:00 is the midnight that follows. Raises as above."""
    return read_when(_not_24(cell) if isinstance(cell, str) else cell, order, year)


def _not_24(text: str) -> str:
    return "00:00" if TWENTY_FOUR.fullmatch(fold(text)) else text


def ends_at_midnight(cell: Cell) -> bool:
    """Whether the cell ends with 24:00, which is the end of its day however long before it begins."""
    found = list(TWENTY_FOUR.finditer(fold(cell))) if isinstance(cell, str) else []
    return bool(found) and found[-1].end() == len(fold(str(cell)))


def _with_unit(left: str, right: str) -> list[tuple[str, str, bool]]:
    """What may stand on both sides of a range, and whether one must be before the other: one end has the unit.

    “9 – 10 Uhr” are two hours, “9:30 – 10 am” two mornings, “11 – 1 pm” and “11 am – 1” a morning and an afternoon.
    """
    plain = [(left, right, False)]
    before, behind = (UNIT_AT_END.search(each.strip()) for each in (left, right))
    is_bare = re.search(r"(?<![\d.:])\d{1,2}$", left.strip()) is not None
    if behind and behind[1][0] in "ap" and not before:
        other = "am" if behind[1][0] == "p" else "pm"
        return [(f"{left} {behind[1]}", right, True), (f"{left} {other}", right, True), *plain]
    if before and before[1][0] in "ap" and HOUR_ALONE.fullmatch(right.strip()):
        other = "am" if before[1][0] == "p" else "pm"
        return [(left, f"{right} {before[1]}", True), (left, f"{right} {other}", other == "pm"), *plain]
    if behind and is_bare:
        return [(f"{left} {behind[1]}", right, False), *plain]
    if is_bare and BARE.fullmatch(left.strip()):
        if BARE.fullmatch(right.strip()):
            return []  # 9-10 can be a day
        if OF_MINUTES.fullmatch(right.strip()):  # “9 – 9:45”
            return [(f"{left.strip()}:00", right, False)]
    return plain


def completed(one: When, other: When) -> When:
    """What both say together; the first one counts where they disagree."""
    return When(
        one.day or other.day, one.clock if one.clock is not None else other.clock, one.zone or other.zone
    )


def whole_hours(cell: Cell) -> Cell:
    """“9 – 10” and “ore 9.30 – 10” with their minutes."""
    if isinstance(cell, str) and (found := HOURS.fullmatch(cell)):
        return f"{found[1]}:{found[2] or '00'} – {found[3]}:{found[4] or '00'}"
    return cell


def day_within(text: Cell, order: DateOrder | None, year: int | None = None) -> When:
    """The day of “Day one – Thursday, 11 March, main building”, none where the text tells a time. Raises as above."""
    plain = fold(in_plain_signs(text)) if isinstance(text, str) and len(text) <= LONGEST else ""
    if TELLS_A_TIME.search(plain):
        return When()
    found = take_day(plain, order, year)
    return When(found.day, odd=found.odd)


def is_day(text: str) -> bool:
    """Whether the text says a day and nothing else, in whichever order and of whichever year."""
    try:
        when = read_when(text, DateOrder.DAY_FIRST, LEAP_YEAR)
    except Unreadable:
        return False
    return when.day is not None and when.clock is None


def is_open(cell: Cell) -> bool:
    """Whether the cell says in words that the time is not known yet."""
    return isinstance(cell, str) and fold(cell) in NO_TIME


@lru_cache(maxsize=20_000)
def _read_text(text: str, order: DateOrder | None, year: int | None) -> When:
    if len(text) > LONGEST:
        raise Unreadable("is no date or time")
    plain = fold(in_plain_signs(text)).replace("(", " ").replace(")", " ").replace("\N{NO-BREAK SPACE}", " ")
    plain = ARABIC_HALF.sub(lambda found: " am" if found[1] == "ص" else " pm", HALF_OF_DAY.sub(r"\1m", plain))
    day, rest, odd, *_ = take_day(plain, order, year)
    rest = rest.strip(" ,;|–—-@/•·").removeprefix("t").strip() if day else rest.strip(" ,;")
    if day:
        rest = BEFORE_A_DAY.sub("", rest).strip(" ,")
    if told := BEFORE_AN_HOUR.fullmatch(rest):  # “ore 14”, “um 9”
        rest = f"{told[1]} h"
    rest = BEFORE_A_TIME.sub("", rest, count=1).strip()
    if day and not rest:
        return When(day=day, odd=odd)
    if re.fullmatch(rf"(?:12(?::00)?\s*)?(?:{NOON})|12(?::00)? ?m\.?", rest):  # “12:00 m.” is a Spanish noon
        return When(day, time(12), odd=odd)
    if re.fullmatch(rf"(?:12\s*)?(?:{MIDNIGHT})", rest):
        return When(day, time(0), odd=odd)
    if not day and (found := MILITARY.fullmatch(rest)):
        return When(clock=time(int(found[1]), int(found[2])))
    if day and (found := OF_ISO.fullmatch(rest)):
        rest = f"{found[1]}:{found[2]}{found[3] or ''}"
    rest = UNIT_BETWEEN.sub(r"\1:\2", rest)
    found = CLOCK.match(rest)
    clock = _clock(found) if found else None
    if found is None or clock is None:
        raise Unreadable(_why(text))
    zone = rest[found.end() :].strip(" ,;")
    if not zone:
        return When(day, clock, odd=odd)
    if zone in OFFSETS_OF_LETTERS:
        return When(day, clock, odd=odd, letters=zone)
    if named := zone_named(zone):
        return When(day, clock, named, odd)
    offset = OFFSET.fullmatch(zone)
    if offset is None or (offset[1] == "-" and not day):  # 09:00-10:30 is a range
        raise Unreadable(_why(text))
    if (of_offset := zone_of_offset(offset)) is None:
        raise Unreadable("has an offset from UTC that no country has")
    return When(day, clock, of_offset, odd)


def _why(text: str) -> str:
    return NO_DAY if any(map(str.isdigit, text)) else "is no date or time"


def _clock(found: re.Match[str]) -> time | None:
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    half = (found[4] or "").replace(".", "")
    half = {"a": "am", "p": "pm"}.get(half, half)
    if found[2] is None and not half:
        return None  # a bare number is no time, and beside a day it may be another one: “11–13 March”
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
