"""Reads a table that has one row per person."""

from portal.programme.spreadsheet.cells.plain import as_text
from portal.programme.spreadsheet.recognising.columns import Matching
from portal.programme.spreadsheet.recognising.tables import Table
from portal.programme.spreadsheet.rows.drafts import UNCALCULATED, CellPlace, CellProblem, Mention, Options
from portal.programme.spreadsheet.rows.people_rows import Directory
from portal.programme.spreadsheet.rows.person_cells import PersonCells


def read_people(
    table: Table, matching: Matching, directory: Directory, options: Options
) -> tuple[list[CellProblem], list[Mention]]:
    """Enter everybody of the table in the directory; returns what is wrong with the cells, and who names sessions."""
    problems: list[CellProblem] = []
    taking_part: list[Mention] = []
    targets = [(column, target) for column in table.columns if (target := matching[column.key])]
    for number, row in table.records():
        place = CellPlace(table.sheet.name, number)
        if place[:2] in options.left_out:
            continue
        cells = PersonCells(place, options)
        for column, target in targets:
            cells.add(target.field, column.key, row[column.index] if column.index < len(row) else None)
        for column in table.uncalculated(number, row):
            if matching[column.key]:
                problems.append(CellProblem(place._replace(column=column.key), UNCALCULATED, False))
        if cells.is_empty:
            continue
        mention = cells.mention(listed=not table.is_of_links)
        if mention is None:
            text = "has no name and no e-mail address"
            problems.append(
                CellProblem(place, text, True, None, as_text(next(cell for cell in row if cell is not None)))
            )
        elif table.is_of_links and _is_id_of_nobody(mention, directory):
            text = "is the ID of nobody in this file; they were left out of the session"
            problems.append(CellProblem(place, text, False, mention.sessions, mention.person_id))
        elif not _is_example(mention):
            if not table.is_of_links:
                mention.person = directory.add(mention)
            if mention.sessions:
                taking_part.append(mention)
        problems += cells.problems
    return problems, taking_part


def _is_id_of_nobody(mention: Mention, directory: Directory) -> bool:
    identifier = mention.person_id
    return bool(identifier) and not mention.named.text and not directory.has_id(str(identifier))


def _is_example(mention: Mention) -> bool:
    return bool(mention.named.email) and str(mention.named.email).endswith("@example.invalid")
