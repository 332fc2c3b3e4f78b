"""Finds timetables with times down and rooms, tracks or days across, in which each filled cell is a session."""

import re
from itertools import islice

from portal.programme.spreadsheet.cells.named_days import named_day, without_number
from portal.programme.spreadsheet.cells.times import START_FIELDS, TIME_FIELDS
from portal.programme.spreadsheet.recognising.cell_guesses import LOOKED_AT, MOST, kind_of
from portal.programme.spreadsheet.recognising.tables import Column, Table
from portal.programme.spreadsheet.words import meanings_of

TIMES_WITHIN = 3  # columns from the left
PLACES = ("room", "track")
NUMBERED = re.compile(r"(?:Saal|Raum|Room|Hall|Stage|Track|Salle|Sala|Zaal|Aula|Salon)-?(?:[A-Z]|\d{1,3})")
HALLS = re.compile(r"^.{0,10}(?:ホール|会議室|会場|教室|会议室|大厅|展厅)[A-Z\d]{0,3}$")  # between no spaces
TIMES = ("clock", "range", "moment")


def grid_columns(table: Table) -> list[Column]:
    """The columns whose cells are sessions; none where the table lists one session per row."""
    if any(each.field == "title" for column in table.columns for each in column.meanings):
        return []
    times = [column for column in table.columns[:TIMES_WITHIN] if _is_of_times(table, column)]
    if not times:
        return []
    across = [
        column
        for column in table.columns
        if column.index > times[0].index
        and column.header
        and column.samples
        and (
            names_a_day(column.header)
            or not any(each.field in TIME_FIELDS or each.kind == "left_out" for each in column.meanings)
        )
    ]
    bare = [column for column in across if _is_bare_place(column)]
    days = [column for column in across if names_a_day(column.header) or names_a_day(column.above)]
    if not across or any(_is_of_records(each) for each in across if each not in bare and each not in days):
        return []
    told = [column for column in across if is_place(column) or column in days]
    if bare and not told:  # “Time | Auditorium | Foyer”, and not “Time | What it is | Room”
        return across if 1 < len(bare) == len(across) else []
    return across if told or _reaches_across(table, across) or _have_lines(table, across) else []


def is_place(column: Column) -> bool:
    """Whether the header is the name of a room or a track: “Room 2”, “Main Hall”, “Track A”."""
    if NUMBERED.fullmatch(column.header) or HALLS.search(column.header):
        return not _is_of_records(column)
    words = column.header.split()
    return (
        len(words) > 1
        and (not _is_of_records(column) or (_is_bare_place(column) and words[0].lower() == "main"))
        and any(each.field in PLACES for word in (words[0], words[-1]) for each in meanings_of(word))
    )


def _is_bare_place(column: Column) -> bool:
    """Whether the header is a word for a room or a track and nothing else: “Auditorium”, or a field's name."""
    return bool(column.meanings) and all(each.field in PLACES and not each.number for each in column.meanings)


def names_a_day(text: str) -> bool:
    """Whether the text is a day and nothing else, be it by its date, its number or its weekday."""
    return named_day(text) is not None or kind_of(without_number(text)) == "day"


def _is_of_times(table: Table, column: Column) -> bool:
    """Whether nearly all cells are times, headings of days aside."""
    if column.header and not any(each.field in START_FIELDS for each in column.meanings):
        return False
    kinds = [kind for cell in islice(table.cells(column), LOOKED_AT) if (kind := kind_of(cell)) != "day"]
    return bool(kinds) and sum(kind in TIMES for kind in kinds) >= MOST * len(kinds)


def _is_of_records(column: Column) -> bool:
    """Whether the header names a field, as “Speakers” and “Room” do and “Room 2” does not."""
    return any(not each.number or each.field not in PLACES for each in column.meanings)


def _reaches_across(table: Table, across: list[Column]) -> bool:
    """Whether some cell below the header is merged over several of the columns, as for a plenary."""
    first, last = across[0].index + 1, across[-1].index + 1
    return any(
        area.top > table.header_row and first <= area.left < area.right <= last for area in table.sheet.merged
    )


def _have_lines(table: Table, across: list[Column]) -> bool:
    """Whether several of the columns hold cells of more than one line: a title, and who speaks."""
    with_lines = [
        column
        for column in across
        if any(isinstance(cell, str) and "\n" in cell for cell in table.cells(column))
    ]
    return len(with_lines) > 1
