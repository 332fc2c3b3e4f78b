"""Reads the cells of a timetable whose columns are rooms, tracks or days: each is a session with its people."""

import re
from collections.abc import Iterator, Mapping
from datetime import time
from typing import NamedTuple

from portal.programme.spreadsheet.cells.days import Unreadable
from portal.programme.spreadsheet.cells.names import looks_like_a_name
from portal.programme.spreadsheet.cells.plain import as_text
from portal.programme.spreadsheet.cells.several import split_people
from portal.programme.spreadsheet.cells.times import END_FIELDS, START_FIELDS, Moments
from portal.programme.spreadsheet.opening.table import Cell
from portal.programme.spreadsheet.recognising.fields import BELOW, Target
from portal.programme.spreadsheet.recognising.grid import names_a_day
from portal.programme.spreadsheet.recognising.tables import Column, Table
from portal.programme.spreadsheet.rows.drafts import CellProblem
from portal.programme.spreadsheet.rows.row import Row, Targets, columns_of
from portal.programme.spreadsheet.words import meanings_of
from portal.text.matching import fold, trimmed

IN_BRACKETS = re.compile(r"(.+?)\s*[(（]([^()（）]+)[)）]$", re.DOTALL)
NOTHING = frozenset(("-", "–", "—", "x", "free", "frei", "libre", "n/a"))


class GridCell(NamedTuple):
    """What one cell says."""

    title: str
    people: str | None = None
    description: str | None = None


def read_slot(text: str) -> GridCell:
    """The title is the first line; lines below it, and brackets behind it, name people or go into the description."""
    first, *rest = [each for each in map(trimmed, text.split("\n")) if each]
    people = [line for line in rest if _names_people(line)]
    others = [line for line in rest if line not in people]
    if not rest and (found := IN_BRACKETS.fullmatch(first)) and _names_people(found[2]):
        first, people = found[1], [found[2]]
    return GridCell(first, "\n".join(map(_bare, people)) or None, "\n".join(others) or None)


def _bare(line: str) -> str:
    """The line without brackets around all of it."""
    return line[1:-1] if line[:1] == "(" and line.find(")") == len(line) - 1 else line


def _names_people(line: str) -> bool:
    line = _bare(line)
    names = split_people(line, None, lambda name: False)
    return bool(names) and all(map(looks_like_a_name, names))


class Slots:
    """The sessions of one such table, as rows that a table of one session per row would have."""

    def __init__(self, table: Table, targets: Targets, moments: Moments) -> None:
        self.problems: list[CellProblem] = []
        self._columns = [column for column, target in targets.values() if target.field == BELOW]
        self._times = {index: each for index, each in targets.items() if each[1].field != BELOW}
        self._width = max((column.index for column in table.columns), default=0) + 1
        self._areas = {(area.top, area.left): area for area in table.sheet.merged}
        self._days = {  # as they are called, above “Room 2” or in its place
            column.index: next(filter(names_a_day, (column.header, column.above)), None)
            for column in self._columns
        }
        self._names_people = any(
            read_slot(text).people
            for column in self._columns
            for cell in table.cells(column)
            if (text := as_text(cell))
        )
        self._ends = {} if self._tells_ends() else _ends_of_rows(table, self._times, moments)
        self.targets = {column.index: self._targets_of(column) for column in self._columns}
        self._fields = {index: columns_of(each) for index, each in self.targets.items()}

    def rows(self, row: Row) -> Iterator[tuple[int, Row]]:
        """The place of each column with a session in this row, and the session's own row."""
        seen: dict[tuple[str | None, str], Column] = {}
        for column in self._columns:
            text = as_text(row.at(column))
            if text is None or fold(text) in NOTHING:
                continue
            day = self._days[column.index]
            if (before := seen.get((day, fold(text)))) is not None:
                self._say(
                    row, column, f"stands under “{before.header}” at this time too; it was taken once", text
                )
                continue
            seen[day, fold(text)] = column
            yield column.index, self._row(row, column, text)

    def _targets_of(self, column: Column) -> dict[int, tuple[Column, Target]]:
        place = "track" if _is_track(column) else "room"
        day = self._days[column.index]
        fields = ["title", "description", "end_time"]
        fields += ["speakers"] if self._names_people else []
        fields += ["date"] if day else []
        fields += [place] if day != column.header else []
        return self._times | {
            self._width + number: (
                Column(self._width + number, column.header, column.key, ()),
                Target("session", field),
            )
            for number, field in enumerate(fields)
        }

    def _row(self, row: Row, column: Column, text: str) -> Row:
        slot = read_slot(text)
        area = self._areas.get((row.place.row, column.index + 1))
        last = area.bottom if area else row.place.row
        if area and area.right > area.left:
            wide = f"reaches over {area.right - area.left + 1} columns; it was put under “{column.header}”"
            self._say(row, column, wide, text)
        end, is_told = self._ends.get(last, (None, True))
        if end and not is_told:
            self._say(row, column, f"has no end; the next time below was taken, {end:%H:%M}", text)
        cells = [*row.cells[: self._width], *[None] * (self._width - len(row.cells))]
        cells += [slot.title, slot.description, end if last != row.place.row or not is_told else None]
        cells += [slot.people] if self._names_people else []
        cells += list(dict.fromkeys(each for each in (self._days[column.index], column.header) if each))
        return Row(row.place, cells, self.targets[column.index], self._fields[column.index])

    def _tells_ends(self) -> bool:
        return any(target.field in (*END_FIELDS, "duration") for _, target in self._times.values())

    def _say(self, row: Row, column: Column, message: str, text: str) -> None:
        place = row.place._replace(column=column.key)
        title = read_slot(text).title
        self.problems.append(CellProblem(place, message, False, title, title))


def _is_track(column: Column) -> bool:
    words = column.header.split()
    return any(each.field == "track" for word in words[:1] for each in meanings_of(word))


def _ends_of_rows(
    table: Table, times: Mapping[int, tuple[Column, Target]], moments: Moments
) -> dict[int, tuple[time, bool]]:
    """When each row's slot ends, and whether its own cell tells it; else it is when the next row begins."""
    columns = [column for column, target in times.values() if target.field in START_FIELDS]
    found: dict[int, tuple[time, bool]] = {}
    before: tuple[int, time] | None = None
    for number, cells in table.records():
        begun, ended = _clocks(cells, columns, moments)
        if before and begun and begun > before[1]:
            found[before[0]] = begun, False
        if ended:
            found[number] = ended, True
        before = (number, begun) if begun and not ended else None
    return found


def _clocks(cells: list[Cell], columns: list[Column], moments: Moments) -> tuple[time | None, time | None]:
    for column in columns:
        cell = cells[column.index] if column.index < len(cells) else None
        if cell is None or isinstance(cell, int | float):
            continue
        try:
            begun, ended = moments.range_of(cell)
        except Unreadable:
            continue
        if begun.clock is not None:
            return begun.clock, ended.clock
    return None, None
