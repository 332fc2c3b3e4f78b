"""What the names of sheets and the titles above tables tell of the days on which their rows take place."""

from collections.abc import Sequence
from datetime import date

from portal.programme.spreadsheet.cells.days import day_in
from portal.programme.spreadsheet.cells.known_days import KnownDays
from portal.programme.spreadsheet.cells.spans import Years
from portal.programme.spreadsheet.questions import DateOrder
from portal.programme.spreadsheet.recognising.tables import Table


def days_of_titles(
    tables: Sequence[Table], order: DateOrder | None, told: date | None, years: Years
) -> list[KnownDays]:
    """The days of each table, as far as what stands above its header tells them."""
    titles = [_titles(table) for table in tables]
    named = [
        day_in([table.sheet.name, *(text for each in rows for text in each)], order)
        for table, rows in zip(tables, titles, strict=True)
    ]
    found = []
    for table, rows, day in zip(tables, titles, named, strict=True):
        days = KnownDays(order, told, years)
        for text in [table.sheet.name, *(row[0] for row in rows if len(row) == 1)]:
            days.take_heading(text)
        days.take_title_day(day, is_own=named.count(day) == 1)
        found.append(days)
    return found


def _titles(table: Table) -> list[list[str]]:
    """The cells of each row above the header."""
    return [[str(each) for each in cells if each is not None] for _, cells in table.titles()]
