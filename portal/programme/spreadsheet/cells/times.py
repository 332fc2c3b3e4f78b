"""When a session takes place, from all the cells of its row that speak of it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar
from zoneinfo import ZoneInfo

from portal.programme.spreadsheet.cells.bare_numbers import number_in, read_number
from portal.programme.spreadsheet.cells.dates import (
    When,
    day_within,
    filled,
    is_open,
    read_end,
    read_range,
    read_when,
    whole_hours,
)
from portal.programme.spreadsheet.cells.day_numbers import day_number, without_number
from portal.programme.spreadsheet.cells.days import (
    DateOrder,
    Dayless,
    Question,
    Undecided,
    Unreadable,
    Yearless,
    in_words,
)
from portal.programme.spreadsheet.cells.durations import read_duration
from portal.programme.spreadsheet.cells.half_days import HalfDays
from portal.programme.spreadsheet.cells.spans import Remark, Span, Years, moment_of, said
from portal.programme.spreadsheet.cells.zones import zone_named
from portal.programme.spreadsheet.opening.table import Cell

START_FIELDS = ("starts_at", "date", "start_time", "time_range")
END_FIELDS = ("ends_at", "end_date", "end_time")
TIME_FIELDS = (*START_FIELDS, *END_FIELDS, "duration")
DAY_FIELDS = ("date", "end_date")
HOURS_ALONE = (
    "start_time",
    "time_range",
)  # “9 – 10” says two times of day there, and nothing certain elsewhere
CLOCK_FIELDS = ("start_time", "time_range", "starts_at")
LATEST_MORNING = time(9)  # an end until then may belong to a session that began the evening before
LONGEST_NIGHT = timedelta(hours=14)
SMALL_HOURS = time(6)
EVENING = 18
ASKED = {Undecided: Question.ORDER, Dayless: Question.DAY}
T = TypeVar("T")


class Moments:
    """Reads the times of one table's rows."""

    def __init__(
        self,
        zone: str,
        order: DateOrder | None,
        day: date | None,
        years: Years,
        from_1904: bool,
        half_days: HalfDays,
        counts_hours: bool = False,
        of_moments: Collection[str] = (),
    ) -> None:
        self.zone = ZoneInfo(zone)
        self.order = order
        self._years = years
        self.heading = day  # the day under whose heading the next rows stand
        self.latest: datetime | None = (
            None  # wall clock of the last start under this heading, or of the last row's
        )
        self.asked: set[Question] = set()
        self.took_year_of_title = False
        self.of_titles: date | None = None  # the one day that the titles name
        self.took_day_of_title = False
        self._first_day: date | None = None  # of the headings
        self._above: date | None = None  # the day of the last row that names one
        self._from_1904 = from_1904
        self._half_days = half_days
        self._counts_hours = counts_hours  # durations that are bare numbers
        self._of_moments = of_moments  # fields in which a day at 0:00 begins or ends then

    def take_heading(self, text: str, among_words: bool = False) -> bool:
        """Whether the heading is a day, which the rows below take place on; it may stand `among_words`."""
        day = self.day_of(text)
        if day is None and among_words:
            with suppress(Unreadable):
                day = self._in_year(day_within, text)
        if day is None:
            return False
        self._first_day = self._first_day or day
        self.heading, self.latest = day, None
        return True

    def day_of(self, text: str) -> date | None:
        """The day that the text names, and nothing else; “Day 2” follows on the first heading's."""
        text = without_number(text)
        number = day_number(text)
        if number is not None:
            return self._first_day + timedelta(days=number - 1) if self._first_day else None
        try:
            when = self._in_year(read_when, text)
        except Unreadable:
            return None
        return when.day if when.clock is None else None

    def range_of(self, cell: Cell) -> tuple[When, When]:
        """From when until when the cell says. Raises Unreadable."""
        return self._in_year(read_range, cell)

    def read(self, cells: Mapping[str, Cell]) -> tuple[Span, list[Remark]]:
        """The span of the row whose cells are given by field."""
        remarks: list[Remark] = []
        zone = self._zone_of(cells.get("timezone"), remarks)
        start, until = self._gathered(cells, START_FIELDS, remarks)
        end, _ = self._gathered(cells, END_FIELDS, remarks)
        end = filled(end, until)
        first = next((name for name in START_FIELDS if cells.get(name) is not None), START_FIELDS[0])
        own_day, from_heading = start.day, False
        if start.day is None and self.heading:
            start, from_heading = start._replace(day=self.heading), True
        elif start.day is None and start.clock is not None and cells.get("date", "") is None and self._above:
            start, from_heading = start._replace(day=self._above), True
            remarks.append(
                Remark("date", f"is empty; the day above was taken, {in_words(self._above)}", False)
            )
        elif start.day is None and start.clock is not None and self.of_titles:
            start, self.took_day_of_title = start._replace(day=self.of_titles), True
        self._above = own_day or self._above
        if any(each.is_error for each in remarks):
            return Span(None, None, start.day), remarks
        if start.clock is not None and start.day is None:
            self.asked.add(Question.DAY)
            remarks.append(
                Remark(first, "is a time without a day: add a column with the date, or say the day", True)
            )
            return Span(None, None, None), remarks
        if start.clock is None or start.day is None:
            if own_day and not any(is_open(cells.get(name)) for name in TIME_FIELDS):
                empty = next((n for n in ("start_time", "starts_at", "time_range") if n in cells), first)
                remarks.append(Remark(empty, "has a day and no time", False))
            return Span(None, self._end_alone(end, zone, remarks), start.day), remarks
        begins = datetime.combine(start.day, start.clock)
        clock = next((name for name in CLOCK_FIELDS if cells.get(name) is not None), first)
        begins = said(self._half_days.start(begins, cells.get(clock)), clock, remarks)
        if from_heading:
            begins = self._after_midnight(begins, first, remarks)
        elif cells.get("date") is not None:
            self._say_early(begins, clock, remarks)
        zone_of_start = start.zone or zone
        begins_at = moment_of(begins, zone_of_start, first, remarks)
        ends_at = self._end(cells, begins, begins_at, end, end.zone or zone_of_start, remarks)
        return Span(begins_at, ends_at, start.day), remarks

    def _zone_of(self, cell: Cell, remarks: list[Remark]) -> tzinfo:
        if cell is None:
            return self.zone
        if found := zone_named(str(cell)):
            return found
        remarks.append(Remark("timezone", "is no timezone; write it as Europe/Paris", True))
        return self.zone

    def _gathered(
        self, cells: Mapping[str, Cell], names: Sequence[str], remarks: list[Remark]
    ) -> tuple[When, When]:
        """What the cells of these fields say together, and until when; the first one counts where two disagree."""
        found, until = When(), When()
        for name in names:
            cell = cells.get(name)
            if cell is not None:
                read, ended = self._one(name, cell, remarks)
                found, until = filled(found, read), filled(until, ended)
        return found, until

    def _one(self, name: str, cell: Cell, remarks: list[Remark]) -> tuple[When, When]:
        if is_open(cell):
            remarks.append(Remark(name, "is no time yet; it was left empty", False))
            return When(), When()
        ended = When()
        cell = number_in(cell)
        try:
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                read, told = read_number(cell, self._from_1904, name in DAY_FIELDS)
                if told:
                    remarks.append(Remark(name, told, False))
                return read, ended
            if name in DAY_FIELDS and isinstance(cell, str):
                cell = self._day_alone(cell)
            if name in START_FIELDS:
                read, ended = self._in_year(read_range, whole_hours(cell) if name in HOURS_ALONE else cell)
            else:
                read = self._in_year(read_end, cell)
        except Unreadable as problem:
            self.asked |= {question for kind, question in ASKED.items() if isinstance(problem, kind)}
            remarks.append(Remark(name, str(problem), True))
            return When(), When()
        if odd := read.odd or ended.odd:
            remarks.append(Remark(name, odd, False))
        if isinstance(cell, datetime) and cell.time() == time(0) and name not in self._of_moments:
            return When(read.day), ended
        if name in DAY_FIELDS and isinstance(cell, datetime):
            remarks.append(Remark(name, "holds a time of day beside the date", False))
        return read, ended

    def _day_alone(self, text: str) -> Cell:
        """The text without a “Day 2 – ” before its day; “Day 2” alone follows on the first day."""
        if re.fullmatch(r"\d{4}", text):
            raise Unreadable("is a year, not a day")
        number, first = day_number(text), self._first_day or self.heading or self.of_titles
        if number is None:
            return without_number(text)
        if first is None:
            raise Dayless(
                "names a day by its number: say which day is the first, or write its date in its place"
            )
        return first + timedelta(days=number - 1)

    def _in_year(self, read: Callable[[Cell, DateOrder | None, int | None], T], cell: Cell) -> T:
        """What the cell says; the year of a day without one is the one that was told, else that of the titles."""
        try:
            return read(cell, self.order, self._years.told)
        except Yearless:
            if self._years.of_titles is None:
                self.asked.add(Question.YEAR)
                raise
            self.took_year_of_title = True
            return read(cell, self.order, self._years.of_titles)

    def _after_midnight(self, begins: datetime, field: str, remarks: list[Remark]) -> datetime:
        """A slot of the small hours below one of the evening belongs to the night, not to the morning before."""
        if self.latest and begins < self.latest and begins.time() < SMALL_HOURS:
            begins += timedelta(days=1)
            text = f"follows on the evening before; it was taken for the night to {in_words(begins.date())}"
            remarks.append(Remark(field, text, False))
        self.latest = begins
        return begins

    def _say_early(self, begins: datetime, field: str, remarks: list[Remark]) -> None:
        """Below a session of the same day's evening one of its small hours may be meant for the night after."""
        before, self.latest = self.latest, begins
        if (
            before
            and before.date() == begins.date()
            and begins.time() < SMALL_HOURS
            and before.hour >= EVENING
        ):
            text = (
                f"is before dawn of {in_words(begins)}: for the night after that day, write the day after it"
            )
            remarks.append(Remark(field, text, False))

    def _end(
        self,
        cells: Mapping[str, Cell],
        begins: datetime,
        begins_at: datetime,
        end: When,
        zone: tzinfo,
        remarks: list[Remark],
    ) -> datetime | None:
        named = next(
            (name for name in (*END_FIELDS[::-1], "time_range") if cells.get(name) is not None), "ends_at"
        )
        if end.clock is None:
            return self._by_duration(cells.get("duration"), begins_at, remarks)
        ends = datetime.combine(end.day or begins.date(), end.clock)
        ends_at = moment_of(ends, zone, named, remarks)
        if ends_at > begins_at:
            return ends_at
        if end.day is None:
            ends = said(self._half_days.end(ends, begins, cells.get(named, "")), named, remarks)
            if ends > begins:
                return moment_of(ends, zone, named, remarks)
        # “12:30 – 1:15” is no night: such an end may be of a clock of twelve hours
        is_evening = begins.hour > 12 or end.clock.hour == 0
        by_night = end.day is None and is_evening and end.clock < LATEST_MORNING
        if by_night and ends + timedelta(days=1) - begins <= LONGEST_NIGHT:
            return moment_of(ends + timedelta(days=1), zone, named, remarks)
        remarks.append(Remark(named, f"is not after the start, {begins:%H:%M}", True, is_unless_stored=True))
        return ends_at

    def _end_alone(self, end: When, zone: tzinfo, remarks: list[Remark]) -> datetime | None:
        """The end of a session of which nobody knows when it begins."""
        if end.day is None or end.clock is None:
            return None
        return moment_of(datetime.combine(end.day, end.clock), end.zone or zone, END_FIELDS[0], remarks)

    def _by_duration(self, cell: Cell, begins_at: datetime, remarks: list[Remark]) -> datetime | None:
        if cell is None or is_open(cell):
            return None
        try:
            return begins_at + read_duration(cell, self._counts_hours)
        except Unreadable as problem:
            remarks.append(Remark("duration", str(problem), True))
            return None
