"""Finds the day in what people write; what is not certain is never guessed."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from portal.programme.spreadsheet.cells.calendar_words import MONTHS, NAMES_OF_DAYS, WEEKDAY, WEEKDAYS
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.questions import DateOrder
from portal.programme.values import FIRST_YEAR, LAST_YEAR
from portal.text.matching import fold


class Unreadable(ValueError):
    """The cell says nothing that is a date or a time; the message says why in an organiser's words."""


class Undecided(Unreadable):
    """The cell can be read in two ways."""


class Dayless(Unreadable):
    """The cell names a day by its number or weekday, and nothing tells which date that is."""


class Yearless(Unreadable):
    """The cell names a day without its year, and nothing else tells it."""


NO_DAY = "is a day or time that does not exist"
ISO = re.compile(
    "".join(
        rf"(\d{{4}})\s?{sign}\s?(\d{{1,2}})\s?{sign}\s?(\d{{1,2}})(?!\d)\.?|" for sign in ("-", "/", r"\.")
    )
    + r"(\d{4})-(\d{2})-(\d{2})|(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)|(\d{4})年(\d{1,2})月(\d{1,2})日"
)
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
SHORT = re.compile(r"(?<![\d.:])(\d{1,2})([./])\s?(\d{1,2})(?![\d:])(\.?)(?!\d)")
FIRST_LIKELY = 2020  # the year before which no programme that comes in has its days
OF_THE_FILE = re.compile(
    r"\b(?:as of|stand|version|fassung|entwurf|draft|revision|révision|rev|update[ds]?|printed|exported|generated"
    r"|created|last change|druckdatum|gedruckt|erstellt|exportiert|geändert|änderungen|gültig|valid|état au"
    r"|mise? à jour|créée?|imprimée?|actualizado|creado|aggiornato|creato|bijgewerkt|atualizado|deadline|frist"
    r"|corrections?|confirmed|by|before|until|from|since|bis|vor|ab|seit|jusqu'au|avant|dès|depuis|hasta|desde"
    r"|antes del?|fino al|dal|prima del|tot|vanaf|até|a partir)\b"
)
JOINED = r"(?:[-–—~〜+&,/]|\b(?:to|and|und|bis|et|au|al|y|e|en|through|thru)\b)"
NUMBER_BEFORE = re.compile(rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª|日)?\s*{JOINED}\s*$")
NUMBER_BEHIND = re.compile(rf"\s*{JOINED}\s*\d{{1,2}}(?![\d:])")
MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|°|ª)?\.?\s*(?:de|of|di|d')?[\s/-]*({MONTH_NAMES})(?![^\W\d_])"
    r"\.?,?[\s/-]*(?:de|del|do|'|’)?\s*(\d{4}|\d{2}(?![\d:.h]))?(?:\s*[rг]\.(?!\w))?"
)
MONTH_DAY = re.compile(
    rf"(?<!\w)({MONTH_NAMES})\.?[\s/-]+(\d{{1,2}})(?![\d:])(?:st|nd|rd|th)?,?(?:[\s/-]+(\d{{4}}))?"
)


class Found(NamedTuple):
    """The day, what is left of the text without it, and what is odd about it."""

    day: date | None
    rest: str
    odd: str | None = None
    before: str = ""  # the text on both sides of the day
    behind: str = ""


def take_day(text: str, order: DateOrder | None, year: int | None) -> Found:
    """The day in a folded text; `year` is that of days without one. Raises Unreadable, Undecided and Yearless."""
    without = WEEKDAY.sub(" ", text)
    weekdays = {WEEKDAYS[found[1]] for found in WEEKDAY.finditer(text) if found[1] not in MONTHS}
    if found := ISO.search(text):
        year, month, number = (int(each) for each in found.groups() if each)
        day = _date(year, month, number)
    elif found := NUMERIC.search(text):
        day = _ordered(int(found[1]), int(found[3]), _year(found[4]), found[2], order, weekdays)
        _check_year(day, found)
    elif (found := DAY_MONTH.search(text)) and not (found[3] is None and _is_year_elsewhere(text)):
        day = _date(_year(found[3]) if found[3] else _told(year), MONTHS[found[2]], int(found[1]))
    elif found := MONTH_DAY.search(text):
        day = _date(_year(found[3]) if found[3] else _told(year), MONTHS[found[1]], int(found[2]))
    elif (found := SHORT.search(text)) and (found[4] or found[2] == "/" or without != text):
        day = _ordered(int(found[1]), int(found[3]), _told(year), found[2], order, weekdays)
    else:
        return Found(None, text)
    before, behind = text[: found.start()], text[found.end() :]
    odd = None
    if len(weekdays) == 1 and day.isoweekday() not in weekdays:
        odd = f"names another weekday: {day_in_words(day)} is a {NAMES_OF_DAYS[day.weekday()]}"
    return Found(day, WEEKDAY.sub(" ", f"{before} {behind}"), odd, before, behind)


def names_a_date(text: str) -> bool:
    """Whether a date stands among the words, with its month's name, its year or its weekday."""
    plain = fold(text)
    if any(pattern.search(plain) for pattern in (ISO, NUMERIC, DAY_MONTH, MONTH_DAY)):
        return True
    return SHORT.search(plain) is not None and WEEKDAY.search(plain) is not None


def _is_year_elsewhere(text: str) -> bool:
    return MONTH_DAY.search(text) is not None and re.search(r"\d{4}", text) is not None


def _told(year: int | None) -> int:
    if year is None:
        raise Yearless("names a day without its year: say which year it is, or write it as 3 May 2027")
    return year


def _ordered(
    first: int, second: int, year: int, sign: str, order: DateOrder | None, weekdays: set[int]
) -> date:
    possible = _orders_of(first, second, sign)
    if not possible:
        raise Unreadable(NO_DAY)
    if first == second or len(possible) == 1:
        return _read(first, second, year, DateOrder.DAY_FIRST in possible)
    if order is not None:
        return _read(first, second, year, order is DateOrder.DAY_FIRST)
    one, other = _read(first, second, year, True), _read(first, second, year, False)
    fitting = [each for each in (one, other) if each.isoweekday() in weekdays]
    if len(fitting) == 1:
        return fitting[0]
    raise Undecided(f"can be {day_in_words(one)} or {day_in_words(other)}")


def _check_year(day: date, found: re.Match[str]) -> None:
    """Raise Unreadable where “27-03-04” is of a year long past, and of a likelier one when that comes first."""
    last = int(found[4])
    if len(found[4]) == 2 and day.year < FIRST_LIKELY <= _year(found[1]) and 1 <= last <= 31:
        other = _date(_year(found[1]), int(found[3]), last)
        raise Unreadable(
            f"can be {day_in_words(day)} or {day_in_words(other)}: write the year with four digits"
        )


def _read(first: int, second: int, year: int, day_first: bool) -> date:
    return _date(year, second, first) if day_first else _date(year, first, second)


def _orders_of(first: int, second: int, sign: str) -> set[DateOrder]:
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
        if isinstance(cell, str) and not ISO.search(cell):
            found = NUMERIC.search(cell) or SHORT.search(cell)
            possible = _orders_of(int(found[1]), int(found[3]), found[2]) if found else set()
            if found and len(possible) == 1 and found[2] != ".":
                decided |= possible
    return decided.pop() if len(decided) == 1 else None


def order_of_header(header: str) -> DateOrder | None:
    """The order that the header tells, as “Date (DD/MM/YYYY)” does, in any of the languages."""
    found = re.search(r"\b([dtjg]{1,2}|m{1,2})[./ -]([dtjg]{1,2}|m{1,2})[./ -][yja]{2,4}\b", header.lower())
    if found is None or ("m" in found[1]) == ("m" in found[2]):
        return None
    return DateOrder.MONTH_FIRST if "m" in found[1] else DateOrder.DAY_FIRST


def year_in(texts: Iterable[str]) -> int | None:
    """The one year that titles name; None where they name none, or several."""
    years = {int(each) for text in texts for each in re.findall(r"(?<!\d)(20\d\d)(?!\d)", text)}
    return years.pop() if len(years) == 1 else None


def day_in(texts: Iterable[str], order: DateOrder | None) -> date | None:
    """The one day that titles name with its year; None where they name none, or several.

    When the file was made, as in “as of 3 March 2027”, is no day of the programme, and “11–12 March 2027” are two.
    """
    days: set[date | None] = set()
    for text in texts:
        plain = fold(text)
        if OF_THE_FILE.search(plain) is None:
            with suppress(Unreadable):
                found = take_day(plain, order, None)
                days.add(found.day)
                if NUMBER_BEFORE.search(found.before) or NUMBER_BEHIND.match(found.behind):
                    return None
                days.add(take_day(found.behind, order, None).day)
    days.discard(None)
    return days.pop() if len(days) == 1 else None


def day_in_words(day: date) -> str:
    """The day so that nobody can misread it."""
    return f"{day.day} {day:%B %Y}"


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def in_likely_years(day: date) -> date:
    """The day, where a programme may lie in its year. Raises Unreadable."""
    _refuse_unlikely(day.year)
    return day


def _refuse_unlikely(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(f"is not of the years {FIRST_YEAR} to {LAST_YEAR}")


def _date(year: int, month: int, day: int) -> date:
    _refuse_unlikely(year)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(NO_DAY) from None
