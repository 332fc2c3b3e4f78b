"""Brings equal problems together, so that a thousand cells with one reason are one thing to read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.programme.spreadsheet.rows.drafts import CellProblem

# What differs between problems of one kind: days, numbers and times, names, addresses, remarks in brackets.
OWN = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}|“[^”]*”|\([^()]*\)|(?<=, as ).*|[\d:.,]*\d")


@dataclass(slots=True)
class CellProblemGroup:
    """Problems of one kind in one column; `message` is that of all of them, with … for what differs."""

    is_error: bool
    column: str
    message: str
    cells: list[CellProblem] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.cells)


def group_problems(problems: Iterable[CellProblem]) -> list[CellProblemGroup]:
    """The groups: errors before warnings, large ones before small ones."""
    groups: dict[tuple[bool, str, str], CellProblemGroup] = {}
    for each in problems:
        key = (each.is_error, each.place.column, OWN.sub("…", each.message))
        group = groups.setdefault(key, CellProblemGroup(each.is_error, each.place.column, each.message))
        group.cells.append(each)
        if group.message != each.message:
            group.message = key[2]
    return sorted(groups.values(), key=lambda group: (not group.is_error, -group.number, group.column))
