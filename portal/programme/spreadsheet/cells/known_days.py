"""Which day the rows of a table take place on, as far as headings, titles and a person tell it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from portal.programme.spreadsheet.cells.dates import When, day_within, is_day, read_when
from portal.programme.spreadsheet.cells.days import Dayless, Undecided, Unreadable, Yearless, names_a_date
from portal.programme.spreadsheet.cells.named_days import NamedDay, named_day, number_before, without_number
from portal.programme.spreadsheet.cells.spans import Years
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.questions import DateOrder, Question

ASKED = {Undecided: Question.ORDER, Dayless: Question.DAY, Yearless: Question.YEAR}
BEHIND = re.compile(r"\s*[–—:|,]\s*|\s-\s")
T = TypeVar("T")


class Unknown(NamedTuple):
    """A heading, and why nobody knows which day it is."""

    heading: str
    problem: Unreadable


class KnownDays:
    """The days of one table, from its top to its bottom."""

    def __init__(self, order: DateOrder | None, told: date | None, years: Years) -> None:
        self.order = order
        self.asked: set[Question] = set()
        self.took_year_of_title = False
        self.heading: date | None = None  # the day that the rows below take place on
        self.unknown: Unknown | None = None  # the heading above, where nobody knows which day it is
        self.told = told  # the day of times without one, or the first of those that are called by name
        self.above: date | None = None  # the day of the last row that fills the column of days
        self.above_is_unread = False  # that row's cell cannot be read
        self.named: dict[
            str, date
        ] = {}  # the days that were found by number or weekday, by what they were called
        self.odd: str | None = None  # what is to be said of the last heading
        self._of_titles: date | None = None  # the one day that the titles name
        self._first: date | None = None  # the first day by the headings
        self._weekdays: list[int] = []  # those that called headings, in their order
        self._years = years

    @property
    def of_titles(self) -> date | None:
        """The one day that the titles name, for rows under no heading."""
        return None if self.unknown else self._of_titles

    def take_title_day(self, day: date | None, is_own: bool) -> None:
        """The one day that the titles name; `is_own`: those of other tables do not name it too.

        A sheet that is called “Day 2” or “Friday” takes place then where it is its own.
        """
        self._of_titles = day
        called = named_day(self.unknown.heading) if self.unknown else None
        if day is None or self.unknown is None or called is None:
            return
        if called.weekday == day.isoweekday() or (called.weekday is None and is_own):
            self.heading, self.unknown = day, None
        elif called.weekday is None:
            self.take_heading(self.unknown.heading)

    def take_heading(self, text: str, among_words: bool = False) -> bool:
        """Whether the heading is a day, which the rows below take place on; it may stand `among_words`.

        Where it cannot be told which day that is, `unknown` says so.
        """
        self.odd = None
        try:
            when = self._of_heading(text, among_words)
        except Unreadable as problem:
            self.heading, self.unknown = None, Unknown(text, problem)
            return True
        if when is None or when.day is None:
            return False
        self.heading, self.unknown, self.odd = when.day, None, when.odd
        return True

    def _of_heading(self, text: str, among_words: bool) -> When | None:
        plain = without_number(text)
        called = named_day(_called(text))
        if is_day(plain):
            when = self.in_year(read_when, plain)
        elif among_words and names_a_date(text):
            when = self.in_year(day_within, text)
        else:
            return When(self._by_name(text, called)) if called else None
        if when.day and self._first is None:
            self._first = when.day - timedelta(days=(number_before(text) or 1) - 1)
        return when

    def _by_name(self, text: str, called: NamedDay) -> date:
        """The day of a heading; a weekday that comes again may be that of another week, or of another room."""
        if called.number is None and called.weekday is not None:
            if called.weekday in self._weekdays and called.weekday != self._weekdays[-1]:
                raise Unreadable("comes again below another day: write its date")
            self._weekdays.append(called.weekday)
        return self._from_first(text, called)

    def _from_first(self, text: str, called: NamedDay) -> date:
        """The day of that name. Raises Dayless where nothing tells which day is the first."""
        first = self._first or self.told or (self._of_titles if called.number is not None else None)
        if first is None:
            raise Dayless(
                "names a day by its number or weekday: say which day is the first, or write its date in its place"
            )
        day = called.from_first(first)
        if day is None:
            raise Unreadable("has a number and a weekday of two different days: write its date")
        self.named[" ".join(text.split())] = day
        return day

    def in_cell(self, text: str) -> Cell:
        """The text of a column of days without a “Day 2 – ” in front; the day itself of “Day 2” and “Friday”."""
        if re.fullmatch(r"\d{4}", text):
            raise Unreadable("is a year, not a day")
        if called := named_day(text):
            return self._from_first(text, called)
        return without_number(text)

    def in_year(self, read: Callable[[Cell, DateOrder | None, int | None], T], cell: Cell) -> T:
        """What the cell says; the year of a day without one is the one that was told, else that of the titles."""
        try:
            return read(cell, self.order, self._years.told)
        except Yearless:
            if self._years.of_titles is None:
                raise
            self.took_year_of_title = True
            return read(cell, self.order, self._years.of_titles)

    def remember(self, problem: Unreadable) -> None:
        """That a person has to say what the file does not."""
        self.asked |= {question for kind, question in ASKED.items() if isinstance(problem, kind)}


def _called(text: str) -> str:
    """“Friday” of “Friday – workshops”, and all of a text in which it stands alone."""
    return text if named_day(text) else BEHIND.split(text, maxsplit=1)[0]
