"""Finds the tables of a workbook: those that list sessions, one that lists people, and what is left out."""

from collections.abc import Iterator

from portal.programme.spreadsheet.opening.table import Sheet, Workbook
from portal.programme.spreadsheet.recognising.fields import PEOPLE_FIELDS
from portal.programme.spreadsheet.recognising.grid import grid_columns
from portal.programme.spreadsheet.recognising.header import find_header
from portal.programme.spreadsheet.recognising.links import is_of_links
from portal.programme.spreadsheet.recognising.parts import parts_of
from portal.programme.spreadsheet.recognising.tables import Table, Tables, table_at
from portal.text.numbers import count

PERSON_NAMES = {"name", "first_name", "last_name", "email"}
ALIKE = 0.6  # of the fields of the main table, for another sheet to go on with it


def find_tables(workbook: Workbook) -> Tables:
    """The tables of the workbook; sheets with the headers of the main one go on where it ends."""
    parts = [part for sheet in workbook.sheets for part in parts_of(sheet)]
    found = [table for part in parts if (table := _table(part))]
    notes = [f"The sheet “{name}” is hidden and was left out." for name in workbook.hidden_sheets]
    if not found:
        # Nothing looks like a header: the first row is taken for one, so that a person can say what it holds.
        sheet = next(sheet for sheet in workbook.sheets if any(sheet.rows))
        found = [table_at(sheet, next(number for number, row in sheet.numbered() if row))]
    best = max(found, key=_session_score)
    people = [table for table in found if _is_of_people(table)]
    is_of_talks = best not in people and _names_people(best) and _has_title(best)
    if _session_score(best) < 1 and people and not is_of_talks:
        sessions = []
    else:
        sessions = [table for table in found if table is best or _goes_on(table, best)]
    listed = next((table for table in people if table not in sessions), None)
    for table in sessions:
        table.kind = "session"
    if listed:
        listed.kind = "person"
    links = None
    if sessions and not any(map(_names_people, sessions)):
        others = (table for table in found if table is not listed and table not in sessions)
        links = next(filter(is_of_links, others), None)
    if links:
        links.kind, links.is_of_links = "person", True
    used = [*sessions, *(each for each in (listed, links) if each)]
    notes += [
        f"{_name(part, parts)} lists neither sessions nor people and was left out."
        for part in _unused(parts, used)
    ]
    notes += [note for table in used for note in _said_of_hidden(table)]
    return Tables(sessions, listed, notes, links)


def _said_of_hidden(table: Table) -> Iterator[str]:
    """What became of the table's hidden rows and columns."""
    place = f" of the sheet “{table.sheet.name}”" if table.sheet.name else ""
    hidden = sum(1 for number in table.sheet.hidden_rows if number > table.header_row)
    if hidden:
        yield f"{count(hidden, 'hidden row')}{place} {'was' if hidden == 1 else 'were'} left out."
    columns = [each.header for each in table.columns if each.index + 1 in table.sheet.hidden_columns]
    if any(columns):
        names = ", ".join(f"“{each}”" for each in columns if each)
        yield f"Hidden columns{place} were read all the same: {names}."


def _unused(parts: list[Sheet], used: list[Table]) -> list[Sheet]:
    return [part for part in parts if any(part.rows) and not any(table.sheet is part for table in used)]


def _name(part: Sheet, parts: list[Sheet]) -> str:
    """What to call a sheet, or one of its tables."""
    if sum(each.name == part.name for each in parts) == 1:
        return f"The sheet “{part.name}”"
    top = next(number for number, row in part.numbered() if row)
    return f"The table from row {top:,}" + (f" of the sheet “{part.name}”" if part.name else "")


def _table(sheet: Sheet) -> Table | None:
    row = find_header(sheet)
    return None if row is None else table_at(sheet, row)


def _fields(table: Table, kind: str) -> set[str]:
    """The fields that columns may mean, where no other kind of record lays claim to them."""
    return {
        meanings[0].field
        for column in table.columns
        if (meanings := [each for each in column.meanings if each.kind == kind])
        and all(each.kind in (kind, "left_out") for each in column.meanings)
    }


def _session_score(table: Table) -> float:
    if across := grid_columns(table):
        return 2 + len(across)
    named = {each.field for column in table.columns for each in column.meanings if each.kind == "session"}
    certain = _fields(table, "session") - {"title"}
    return len(certain) * (2 if "title" in named else 1) - (0 if "title" in named else 1)


def _has_title(table: Table) -> bool:
    return any(each.field == "title" for column in table.columns for each in column.meanings)


def _is_of_people(table: Table) -> bool:
    """Whether a row is somebody; “Speaker 2” is one of several people of a session."""
    named = {
        each.field
        for column in table.columns
        for each in column.meanings
        if each.kind == "person" and not each.number
    }
    return bool(named & PERSON_NAMES) and len(named) >= 2


def _names_people(table: Table) -> bool:
    """Whether the table of sessions says itself who is on them."""
    return any(
        each.kind == "person" or each.field in PEOPLE_FIELDS
        for column in table.columns
        for each in column.meanings[:1]
    )


def _goes_on(table: Table, best: Table) -> bool:
    """Whether the table lists more sessions: it has the same headers, most of the same fields, or is a grid too."""
    if _headers(table) == _headers(best):
        return True
    if grid_columns(best):
        return bool(grid_columns(table))
    named, wanted = _named(table), _named(best)
    return "title" in named & wanted and len(named & wanted) >= max(3, ALIKE * len(wanted))


def _named(table: Table) -> set[str]:
    return {each.field for column in table.columns for each in column.meanings if each.kind == "session"}


def _headers(table: Table) -> list[str]:
    return [column.header.lower() for column in table.columns]
