"""Reads the rows of a workbook's tables into drafts of sessions and people (H2)."""

from collections.abc import Mapping
from datetime import date

from portal.programme.spreadsheet.cells.days import day_in_words, order_in, order_of_header, year_in
from portal.programme.spreadsheet.cells.known_days import KnownDays
from portal.programme.spreadsheet.cells.spans import Years
from portal.programme.spreadsheet.cells.times import TIME_FIELDS
from portal.programme.spreadsheet.opening.decoding import OLDER_NAMES
from portal.programme.spreadsheet.opening.table import Cell, Workbook
from portal.programme.spreadsheet.questions import DateOrder
from portal.programme.spreadsheet.recognising.cell_guesses import CLOCKS, kind_of
from portal.programme.spreadsheet.recognising.columns import Matching
from portal.programme.spreadsheet.recognising.fields import BELOW
from portal.programme.spreadsheet.recognising.finding import find_tables
from portal.programme.spreadsheet.recognising.matching import described, match_columns
from portal.programme.spreadsheet.recognising.tables import Tables
from portal.programme.spreadsheet.rows.drafts import Draft, Mention, Options
from portal.programme.spreadsheet.rows.people_rows import Directory, settle_mentions
from portal.programme.spreadsheet.rows.people_sessions import add_to_named_sessions
from portal.programme.spreadsheet.rows.people_table import read_people
from portal.programme.spreadsheet.rows.session_rows import SessionRows
from portal.programme.spreadsheet.rows.title_days import days_of_titles


def read_draft(workbook: Workbook, options: Options) -> Draft:
    """What the workbook says, with the problems of its cells. Raises Refused for columns it does not have."""
    tables = find_tables(workbook)
    matched = match_columns(tables, options.columns, options.custom_names)
    draft = Draft(tables, matched, notes=list(tables.notes), columns=described(tables, matched))
    directory = Directory()
    taking_part: list[Mention] = []
    for place, table in enumerate(tables.all[len(tables.sessions) :], len(tables.sessions)):
        problems, named = read_people(table, matched[place], directory, options)
        draft.problems += problems
        taking_part += named
    order = options.order or _order_of(tables, matched)
    years = Years(options.year, year_in(_titles(tables)))
    known = days_of_titles(tables.sessions, order, options.day, years)
    taken = []
    for place, (table, days) in enumerate(zip(tables.sessions, known, strict=True)):
        rows = SessionRows(table, matched[place], options, days, workbook.counts_from_1904, directory)
        draft.sessions += rows.read()
        draft.problems += rows.problems
        draft.asks |= days.asked
        if rows.moments.took_day_of_title and days.of_titles:
            taken.append(days.of_titles)
    draft.problems += add_to_named_sessions(draft.sessions, taking_part)
    mentions = [(each, session.title) for session in draft.sessions for each in session.mentions]
    draft.problems += settle_mentions(directory, mentions) + directory.problems
    draft.people = directory.people
    if taking_part and not tables.sessions:
        draft.notes.append("The file lists people alone: who is on which session stays as it is.")
    draft.lists_sessions = bool(tables.sessions)
    draft.lists_people = tables.people is not None or any(each.is_listed for each in directory.people)
    draft.notes += _guessed(tables, matched, options)
    draft.notes += _said_of_days(known, years, taken)
    draft.notes += _said_of_text(workbook, options)
    return draft


def _said_of_days(known: list[KnownDays], years: Years, taken: list[date]) -> list[str]:
    """Which days were taken from titles, so that a wrong one is seen."""
    notes = []
    if any(days.took_year_of_title for days in known):
        notes.append(f"Days without a year were taken for those of {years.of_titles}, as the title says.")
    notes += [
        f"Times without a day were taken for {day_in_words(day)}, as the title says."
        for day in sorted(set(taken))
    ]
    named = {name: day for days in known for name, day in days.named.items()}
    return notes + [f"“{called}” was taken for {day_in_words(day)}." for called, day in named.items()]


def _said_of_text(workbook: Workbook, options: Options) -> list[str]:
    """What may be wrong with the file as a text: its letters, and a quotation mark that swallows rows."""
    notes = []
    if workbook.encoding in OLDER_NAMES and not options.encoding:
        notes.append(
            f"The file does not say how its letters are written; they were read as {OLDER_NAMES[workbook.encoding]}. "
            "Where names look wrong, say how they are, or save it as “CSV UTF-8” or XLSX."
        )
    if workbook.unclosed_quote:
        notes.append(
            f"A quotation mark in row {workbook.unclosed_quote:,} is never closed: look at that row."
        )
    return notes


def _guessed(tables: Tables, matched: Mapping[int, Matching], options: Options) -> list[str]:
    """What to say where no header speaks of titles or times, and the cells had to tell."""
    notes = []
    for place, table in enumerate(tables.sessions):
        for column in table.columns:
            target = matched[place][column.key]
            if target is None or column.meanings or options.columns:
                continue
            if target.field == "title":
                notes.append(f"No header speaks of titles: the column “{column.key}” was taken for that.")
            elif target.field in TIME_FIELDS and column.header:
                notes.append(f"By its cells the column “{column.key}” tells times: it was taken for that.")
    for table in tables.sessions:
        headers: list[Cell] = [each.header for each in table.columns]
        for number, row in [*table.titles(), (table.header_row, headers)]:
            if sum(kind_of(cell) in CLOCKS for cell in row) > 1:
                notes.append(
                    f"Row {number:,} names times across. Turn the table round (Transpose in a spreadsheet program), "
                    "so that times stand below each other and rooms across."
                )
    across = {
        column.key: None
        for place, table in enumerate(tables.sessions)
        for column in table.columns
        if (target := matched[place][column.key]) and target.field == BELOW
    }
    if across:
        notes.append(
            f"Each cell under {', '.join(f'“{key}”' for key in across)} was read as a session there."
        )
    return notes


def _titles(tables: Tables) -> list[str]:
    """What stands above the tables, and what their sheets are called."""
    above = [
        str(cell)
        for table in tables.sessions
        for _, row in table.titles()
        for cell in row
        if cell is not None
    ]
    return [table.sheet.name for table in tables.sessions] + above


def _order_of(tables: Tables, matched: Mapping[int, Matching]) -> DateOrder | None:
    """The order of day and month that a header or the dates of the file decide."""
    columns = [
        (table, column)
        for place, table in enumerate(tables.sessions)
        for column in table.columns
        if (target := matched[place][column.key]) and target.field in TIME_FIELDS
    ]
    told = {order for _, column in columns if (order := order_of_header(column.header))}
    if len(told) == 1:
        return told.pop()
    return order_in(cell for table, column in columns for cell in table.cells(column))
