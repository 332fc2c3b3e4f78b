"""What single cells say: texts, ids, yes and no."""

import re
from datetime import date, datetime, time

from portal.programme.spreadsheet.opening.table import Cell
from portal.text.cells import unguard
from portal.text.matching import fold, trimmed

LOST_ID = re.compile(r"\d(?:[.,]\d+)?E\+?\d{2,}", re.IGNORECASE)
LARGEST_KEPT = 1e15
YES = frozenset("yes y true 1 x ja wahr oui vrai sí si verdadero vero sì waar ✓ ✔ on".split())
# What spreadsheet programs show where they cannot calculate, in their languages, and where a column is too narrow.
OF_A_PROGRAM = re.compile(r"#(?:N/?[ADV]|GETTING_DATA|[¡¿]?[A-ZÀ-Ý/0]{2,10}[!?]|#{2,})")
NO_VALUE = (
    "is an error that a spreadsheet program shows in place of a value: mend it there, or type here what it is"
)
NO = frozenset("no n false 0 nein falsch non faux falso nee onwaar off".split())


def as_text(cell: Cell) -> str | None:
    """The cell's value as a text."""
    match cell:
        case None:
            return None
        case str():
            return trimmed(unguard(cell)) or None
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return cell.isoformat(" ", "minutes") if cell.time() != time() else cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("minutes")
        case float():
            return f"{cell:.15g}"
    return str(cell)


def is_lost_id(cell: Cell) -> bool:
    """Whether a spreadsheet program has turned an id into a number like 1.0E+05, which nobody can turn back.

    Of a number it keeps 15 digits.
    """
    if isinstance(cell, float):
        return abs(cell) >= LARGEST_KEPT
    return isinstance(cell, str) and LOST_ID.fullmatch(cell) is not None


def is_no_value(text: str) -> bool:
    """Whether the text is a program's error in place of a value: “#N/A”, “#REF!”, “#BEZUG!”, “####”."""
    return text.startswith("#") and OF_A_PROGRAM.fullmatch(text) is not None


def yes_or_no(cell: Cell) -> bool | None:
    """What the cell says; None when it says neither."""
    if isinstance(cell, bool):
        return cell
    word = fold(as_text(cell) or "")
    return True if word in YES else False if word in NO else None
