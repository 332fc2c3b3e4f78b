"""When a session takes place, from all the cells of its row that speak of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

from portal.programme.spreadsheet.cells.bare_numbers import read_number, serial_number
from portal.programme.spreadsheet.cells.dates import (
    When,
    completed,
    ends_at_midnight,
    is_open,
    read_end,
    read_range,
    whole_hours,
)
from portal.programme.spreadsheet.cells.days import Dayless, Unreadable, day_in_words
from portal.programme.spreadsheet.cells.durations import Unit, bare_number, read_duration
from portal.programme.spreadsheet.cells.half_days import HalfDays
from portal.programme.spreadsheet.cells.known_days import KnownDays
from portal.programme.spreadsheet.cells.spans import Remark, Span, moment_of, said
from portal.programme.spreadsheet.cells.zones import fits_letters, zone_named
from portal.programme.spreadsheet.opening.table import Cell

START_FIELDS = ("starts_at", "date", "start_time", "time_range")
END_FIELDS = ("ends_at", "end_date", "end_time")
TIME_FIELDS = (*START_FIELDS, *END_FIELDS, "duration")
DAY_FIELDS = ("date", "end_date")
# “9 – 10” says two times of day there, and nothing certain elsewhere.
HOURS_ALONE = ("start_time", "time_range")
CLOCK_FIELDS = ("start_time", "time_range", "starts_at")
LATEST_MORNING = time(9)  # an end until then may belong to a session that began the evening before
LONGEST_NIGHT = timedelta(hours=14)
LONGEST_LIKELY = 14  # days that a session takes
SMALL_HOURS = time(6)
EVENING = 18


class Moments:
    """Reads the times of one table's rows."""

    def __init__(
        self,
        zone: str,
        days: KnownDays,
        from_1904: bool,
        half_days: HalfDays,
        *,
        unit: tuple[Unit, bool],
        of_moments: Collection[str] = (),
        zones: Mapping[str, tzinfo | str] = MappingProxyType({}),
    ) -> None:
        self.zone = ZoneInfo(zone)
        self._zones = zones  # by field, as headers name them, or their letters; "": as a title does
        self.days = days
        self.latest: datetime | None = (
            None  # wall clock of the last start under this heading, or of the last row's
        )
        self.took_day_of_title = False
        self._from_1904 = from_1904
        self._half_days = half_days
        self._unit, self._is_unit_told = unit  # of durations that are bare numbers
        self._of_moments = of_moments  # fields in which a day at 0:00 begins or ends then

    def take_heading(self, text: str, among_words: bool = False) -> bool:
        """Whether the heading is a day, which the rows below take place on; it may stand `among_words`."""
        is_taken = self.days.take_heading(text, among_words)
        if is_taken:
            self.latest = None
        return is_taken

    def range_of(self, cell: Cell) -> tuple[When, When]:
        """From when until when the cell says. Raises Unreadable."""
        return self.days.in_year(read_range, cell)

    def read(self, cells: Mapping[str, Cell]) -> tuple[Span, list[Remark]]:
        """The span of the row whose cells are given by field."""
        remarks: list[Remark] = []
        zone = self._zone_of(cells.get("timezone"), remarks)
        start, until = self._gathered(cells, START_FIELDS, zone, remarks)
        end, _ = self._gathered(cells, END_FIELDS, zone, remarks)
        end = completed(end, until)
        first = next((name for name in START_FIELDS if cells.get(name) is not None), START_FIELDS[0])
        own_day = start.day
        start, from_heading = self._with_day(start, cells, first, remarks)
        if any(each.is_error for each in remarks):
            return Span(None, None, start.day), remarks
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

    def _with_day(
        self, start: When, cells: Mapping[str, Cell], first: str, remarks: list[Remark]
    ) -> tuple[When, bool]:
        """The start with the day of its heading, of the row above or of the titles, and whether it is not its own."""
        days, own = self.days, start.day
        if own or cells.get("date") is not None:
            days.above, days.above_is_unread = own, own is None
        if own:
            return start, False
        if days.heading:
            return start._replace(day=days.heading), True
        if start.clock is None or any(each.is_error for each in remarks):
            return start, False
        if days.unknown:
            days.remember(days.unknown.problem)
            text = f"stands below “{days.unknown.heading}”, which {days.unknown.problem}"
            remarks.append(Remark(first, text, True))
        elif days.above_is_unread:
            remarks.append(Remark("date", "is empty, below a day that cannot be read", True))
        elif cells.get("date", "") is None and days.above:
            text = f"is empty; the day above was taken, {day_in_words(days.above)}"
            remarks.append(Remark("date", text, False))
            return start._replace(day=days.above), True
        elif days.told or days.of_titles:
            self.took_day_of_title |= days.told is None
            return start._replace(day=days.told or days.of_titles), True
        else:
            days.remember(Dayless())
            text = "is a time without a day: add a column with the date, or say the day"
            remarks.append(Remark(first, text, True))
        return start, False

    def _zone_of(self, cell: Cell, remarks: list[Remark]) -> tzinfo:
        if cell is None:
            told = self._zones.get("")
            return told if isinstance(told, tzinfo) else self.zone
        if found := zone_named(str(cell)):
            return found
        remarks.append(Remark("timezone", "is no timezone; write it as Europe/Paris", True))
        return self.zone

    def _gathered(
        self, cells: Mapping[str, Cell], names: Sequence[str], zone: tzinfo, remarks: list[Remark]
    ) -> tuple[When, When]:
        """What the cells of these fields say together, and until when; the first one counts where two disagree."""
        found, until = When(), When()
        for name in names:
            cell = cells.get(name)
            if cell is not None:
                read, ended = (
                    self._in_zone(each, name, zone, remarks) for each in self._one(name, cell, remarks)
                )
                found, until = completed(found, read), completed(until, ended)
        return found, until

    def _in_zone(self, when: When, name: str, zone: tzinfo, remarks: list[Remark]) -> When:
        """The time in the zone that its cell, its header or a title names; letters must be those of `zone`."""
        told = when.letters or self._zones.get(name) or self._zones.get("")
        if when.clock is None or when.zone or told is None:
            return when
        if isinstance(told, tzinfo):
            return when._replace(zone=told) if name in self._zones else when
        if not fits_letters(zone, told):
            text = f"is of the timezone {told.upper()}, not of the event’s: write it by the event’s clock"
            remarks.append(Remark(name, text, True))
        elif when.letters:
            text = "names a timezone by letters; the time was read in the event’s timezone"
            remarks.append(Remark(name, text, False))
        return when

    def _one(self, name: str, cell: Cell, remarks: list[Remark]) -> tuple[When, When]:
        if is_open(cell):
            remarks.append(Remark(name, "is no time yet; it was left empty", False))
            return When(), When()
        ended = When()
        cell = serial_number(cell)
        try:
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                read, told = read_number(cell, self._from_1904, name in DAY_FIELDS)
                if told:
                    remarks.append(Remark(name, told, False))
                return read, ended
            if name in DAY_FIELDS and isinstance(cell, str):
                cell = self.days.in_cell(cell)
            if name in START_FIELDS:
                read, ended = self.days.in_year(
                    read_range, whole_hours(cell) if name in HOURS_ALONE else cell
                )
            else:
                read = self.days.in_year(read_end, cell)
        except Unreadable as problem:
            self.days.remember(problem)
            remarks.append(Remark(name, str(problem), True))
            return When(), When()
        if odd := read.odd or ended.odd:
            remarks.append(Remark(name, odd, False))
        if isinstance(cell, datetime) and cell.time() == time(0) and name not in self._of_moments:
            return When(read.day), ended
        if name in DAY_FIELDS and isinstance(cell, datetime):
            remarks.append(Remark(name, "holds a time of day beside the date", False))
        return read, ended

    def _after_midnight(self, begins: datetime, field: str, remarks: list[Remark]) -> datetime:
        """A slot of the small hours below one of the evening belongs to the night, not to the morning before."""
        if self.latest and begins < self.latest and begins.time() < SMALL_HOURS:
            begins += timedelta(days=1)
            text = (
                f"follows on the evening before; it was taken for the night to {day_in_words(begins.date())}"
            )
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
            text = f"is before dawn of {day_in_words(begins)}: for the night after that day, write the day after it"
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
            if (days := (ends_at - begins_at).days) >= LONGEST_LIKELY:
                remarks.append(Remark(named, f"is {days} days after the start", False))
            return ends_at
        if end.day is None:
            begun = next((cells[name] for name in CLOCK_FIELDS if cells.get(name) is not None), None)
            ends = said(self._half_days.end(ends, begins, cells.get(named, ""), begun), named, remarks)
            if ends > begins:
                return moment_of(ends, zone, named, remarks)
        # “12:30 – 1:15” is no night: such an end may be of a clock of twelve hours
        is_evening = begins.hour > 12 or end.clock.hour == 0
        by_night = end.day is None and is_evening and end.clock < LATEST_MORNING
        is_short = ends + timedelta(days=1) - begins <= LONGEST_NIGHT
        if by_night and (is_short or ends_at_midnight(cells.get(named))):
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
            length = read_duration(cell, self._unit)
        except Unreadable as problem:
            remarks.append(Remark("duration", str(problem), True))
            return None
        if self._unit is Unit.HOURS and not self._is_unit_told and bare_number(cell) is not None:
            remarks.append(Remark("duration", "is a number without a unit; it was read as hours", False))
        return begins_at + length
