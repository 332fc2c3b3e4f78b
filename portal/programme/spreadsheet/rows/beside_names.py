"""Columns that tell more of the people whom another column names: “Speaker”, and beside it “E-mail” and “Company”."""

import re
from dataclasses import replace

from portal.programme.spreadsheet.cells.commas import COMMA, SEPARATORS
from portal.programme.spreadsheet.cells.names import Named, fitting_addresses, read_person
from portal.programme.spreadsheet.cells.plain import as_text
from portal.programme.spreadsheet.recognising.fields import Target
from portal.programme.spreadsheet.recognising.tables import Column
from portal.programme.spreadsheet.rows.drafts import CellProblem, Mention, Options
from portal.programme.spreadsheet.rows.person_cells import PersonCells
from portal.programme.spreadsheet.rows.row import Row
from portal.text.matching import trimmed

SIGNS = (*(re.compile(re.escape(each)) for each in SEPARATORS), COMMA, re.compile("[/／]"), re.compile("&"))
NAMES = ("name", "first_name", "last_name", "sessionboard_id", "person_id")


def is_beside(columns: list[tuple[Column, Target]]) -> bool:
    """Whether the columns of a person say everything but who it is."""
    return bool(columns) and all(target.field not in NAMES for _, target in columns)


class BesideNames:
    """Reads such columns of one role, row by row."""

    def __init__(self, columns: list[tuple[Column, Target]], role: str, options: Options) -> None:
        self._columns = columns
        self._role = role
        self._options = replace(options, fixes={})  # the row's cells are mended already

    def mentions(
        self, row: Row, names: Column, texts: list[str], title: str | None, sirs: bool
    ) -> tuple[list[Mention], list[CellProblem]]:
        """Those whom the texts name, with what the columns tell of each; `sirs` as for `read_person`."""
        problems: list[CellProblem] = []
        parts = {
            column.index: self._parts(row, column, target, texts, title, problems)
            for column, target in self._columns
        }
        found = []
        for place, text in enumerate(texts):
            cells = PersonCells(row.place, self._options, sirs)
            cells.add("name", names.key, text)
            for column, target in self._columns:
                cells.add(target.field, column.key, parts[column.index][place])
            mention = cells.mention(listed=True, role=self._role)
            problems += [replace(each, title=title) for each in cells.problems]
            found.append(mention or Mention(row.place._replace(column=names.key), Named(text)))
        return found, problems

    def is_filled(self, row: Row) -> bool:
        """Whether they tell anything in the row."""
        return any(row.at(column) is not None for column, _ in self._columns)

    def of_nobody(self, row: Row, title: str | None) -> tuple[Mention | None, list[CellProblem]]:
        """The person of a row that names nobody: an address is enough to know one."""
        cells = PersonCells(row.place, self._options)
        for column, target in self._columns:
            cells.add(target.field, column.key, row.at(column))
        if mention := cells.mention(listed=True, role=self._role):
            return mention, cells.problems
        column = next(column for column, _ in self._columns if row.at(column) is not None)
        text = "stands in a row that names nobody; it was left out"
        place = row.place._replace(column=column.key)
        return None, [CellProblem(place, text, False, title, as_text(row.at(column)))]

    def _parts(
        self,
        row: Row,
        column: Column,
        target: Target,
        texts: list[str],
        title: str | None,
        problems: list[CellProblem],
    ) -> list[str | None]:
        """What the column tells of each; a cell that does not divide among them is said."""
        text = as_text(row.at(column))
        if text is None or len(texts) == 1:
            return [text] * len(texts)
        for sign in SIGNS:
            parts = [trimmed(each) or None for each in sign.split(text)]
            if len(parts) == len(texts):
                return parts
        found: list[str | None] = [None] * len(texts)
        message = f"does not divide among {len(texts)} people; it was left out"
        if target.field == "email":
            addresses = [trimmed(each) for each in re.split(r"[\n;|,\s]", text) if "@" in each]
            found = fitting_addresses([read_person(each).name for each in texts], addresses)
            message = (
                f"holds {len(addresses)} addresses for {len(texts)} names; they went to the names they fit"
            )
        place = row.place._replace(column=column.key)
        problems.append(CellProblem(place, message, False, title, text))
        return found
