"""A day by room: rooms across, times down, what overlaps side by side. Pure: it lays out, it draws nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import gcd

from portal.operations.queries.agenda import AgendaRow
from portal.text.searching import searchable

ROOMS_PER_PAGE = 12
SESSIONS_PER_PAGE = 200  # G5
HOUR_PART = 30  # minutes from one line across to the next
SHORTEST = 5  # minutes that a session takes here at least
DAY = 24 * 60  # minutes
STEPS = (30, 15, 10, 5)  # minutes of a row: the largest that all times fit


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table: a session, or the time between two (`row` is None); `part`: a line is drawn above it."""

    rows: int
    columns: int = 1
    row: AgendaRow | None = None
    part: bool = False
    last: bool = False  # the right-most of its room


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; `time` is what stands at its head, of the lines that have one."""

    cells: list[Cell] = field(default_factory=list)
    time: datetime | None = None
    rows: int = 1  # as many as that head is high


@dataclass(frozen=True, slots=True)
class RoomColumn:
    """A room with its sessions of the day by time, in as many columns as overlap."""

    name: str
    sessions: list[AgendaRow]
    columns: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """The rooms of one page, and the table's rows."""

    rooms: list[RoomColumn]
    lines: list[Line]
    step: int  # minutes of a row
    page: int
    pages: int
    all_rooms: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """A session with its first and last minute of the day, and its column in its room."""

    row: AgendaRow
    start: int
    end: int
    column: int = 0
    columns: int = 1


def lay_out(day: date, rows: Sequence[AgendaRow], page: int) -> Timetable:
    """The timetable of a day; `rows` are its sessions by time, of which those without a room have no place in it.

    Of many rooms a page is shown.
    """
    by_room: dict[str, list[AgendaRow]] = {}
    for row in rows:
        if row.room is not None:
            by_room.setdefault(row.room, []).append(row)
    pages = _pages({name: by_room[name][:SESSIONS_PER_PAGE] for name in sorted(by_room, key=searchable)})
    shown = min(max(page, 1), len(pages))
    here = pages[shown - 1]
    minutes = {row.source_id: _minutes(row) for sessions in here.values() for row in sessions}
    step = _step([each for both in minutes.values() for each in both])
    rooms, columns = [], []
    for name, sessions in here.items():
        placed, width = _side_by_side(sessions, minutes, step)
        rooms.append(RoomColumn(name, sessions, width))
        columns.append((placed, width))
    return Timetable(
        rooms, _lines(day, columns, step) if rooms else [], step, shown, len(pages), len(by_room)
    )


def _pages(by_room: dict[str, list[AgendaRow]]) -> list[dict[str, list[AgendaRow]]]:
    pages: list[dict[str, list[AgendaRow]]] = [{}]
    for name, sessions in by_room.items():
        many = sum(map(len, pages[-1].values())) + len(sessions) > SESSIONS_PER_PAGE
        if pages[-1] and (many or len(pages[-1]) == ROOMS_PER_PAGE):
            pages.append({})
        pages[-1][name] = sessions
    return pages


def _minutes(row: AgendaRow) -> tuple[int, int]:
    """When it begins and ends on its day; what reaches into the next one ends at midnight here."""
    if row.starts_at is None:
        raise ValueError("a session without a start has no place in a day")
    start = row.starts_at.hour * 60 + row.starts_at.minute
    if row.ends_at is None or row.ends_at <= row.starts_at:
        end = start + HOUR_PART
    else:
        end = DAY if row.ends_at.date() > row.starts_at.date() else row.ends_at.hour * 60 + row.ends_at.minute
    return start, min(max(end, start + SHORTEST), DAY)


def _step(minutes: list[int]) -> int:
    """How many minutes a row of the table stands for."""
    common = gcd(*minutes) if minutes else HOUR_PART
    return next((step for step in STEPS if common % step == 0), STEPS[-1])


def _side_by_side(
    rows: Sequence[AgendaRow], minutes: dict[str, tuple[int, int]], step: int
) -> tuple[list[_Placed], int]:
    """The sessions of a room in columns, those that overlap beside each other, and how many columns that takes."""
    placed: list[_Placed] = []
    group: list[_Placed] = []  # those that overlap, each with another of them
    width = 1
    for row in rows:
        start, end = minutes[row.source_id]
        start, end = start // step * step, max(-(-end // step) * step, start // step * step + step)
        if group and start >= max(each.end for each in group):
            placed += group
            group = []
        busy = {each.column for each in group if each.end > start}
        column = next(number for number in range(len(group) + 1) if number not in busy)
        group.append(_Placed(row, start, end, column))
        width = max(width, column + 1)
    placed += group
    alone = {
        each.row.source_id
        for each in placed
        if not any(
            other is not each and other.start < each.end and each.start < other.end for other in placed
        )
    }
    wide = [
        _Placed(each.row, each.start, each.end, 0, width) if each.row.source_id in alone else each
        for each in placed
    ]
    return wide, width


def _lines(day: date, rooms: list[tuple[list[_Placed], int]], step: int) -> list[Line]:
    """The rows of the table, from the half hour before the first session to that after the last one."""
    every = [each for placed, _ in rooms for each in placed]
    first = min(each.start for each in every) // HOUR_PART * HOUR_PART
    last = -(-max(each.end for each in every) // HOUR_PART) * HOUR_PART
    midnight = datetime.combine(day, datetime.min.time())
    lines = []
    for minute in range(first, last, step):
        begins_part = minute % HOUR_PART == 0
        time = midnight + timedelta(minutes=minute) if begins_part else None
        lines.append(Line(time=time, rows=HOUR_PART // step))
    for placed, width in rooms:
        for column in range(width):
            for minute, cell in _column(placed, column, width, range(first, last, step)):
                lines[(minute - first) // step].cells.append(cell)
    return lines


def _column(placed: list[_Placed], column: int, width: int, minutes: range) -> list[tuple[int, Cell]]:
    """The cells of one column of a room, each with the minute at which it begins."""
    taken = sorted(
        (each for each in placed if each.column <= column < each.column + each.columns),
        key=lambda each: each.start,
    )
    is_last = column == width - 1
    cells: list[tuple[int, Cell]] = []
    minute = minutes.start
    for each in [*taken, None]:
        until = each.start if each else minutes.stop
        while minute < until:
            end = min(until, minute // HOUR_PART * HOUR_PART + HOUR_PART)
            part = minute % HOUR_PART == 0
            cells.append((minute, Cell((end - minute) // minutes.step, part=part, last=is_last)))
            minute = end
        if each is None:
            break
        if each.column == column:
            rows = (each.end - each.start) // minutes.step
            is_rightmost = each.column + each.columns == width
            cells.append((each.start, Cell(rows, each.columns, each.row, last=is_rightmost)))
        minute = each.end
    return cells
