"""Texts in the cells of files, so that spreadsheet programs open them without harm (G5)."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

# What such a program takes for the beginning of a formula; a line's end may come in as another one.
FORMULA = "=+-@\t\r\n＝＋－＠"
_GUARDED = re.compile(rf"'+[{re.escape(FORMULA)}]")
# Where another cell begins within a text for a program that does not split at commas: where the comma is the sign of
# decimals, Excel splits at semicolons, and it knows quotes at a cell's beginning alone. White space and quotes aside.
_SPLIT = frozenset(";\t\r\n")
_WITHIN = re.compile(r"""(?<![;"\s])([;"\s]++)(?='*[=+\-@＝＋－＠])""")
_GUARDED_WITHIN = re.compile(r"""(?<![;"\s])([;"\s]++)'(?='*[=+\-@＝＋－＠])""")


def guard(text: str) -> str:
    """The text so that no spreadsheet program runs it, at its beginning or within; `unguard` undoes it."""
    text = _WITHIN.sub(_where_it_splits(lambda gap: f"{gap[0]}'"), text)
    return f"'{text}" if text.startswith(tuple(FORMULA)) or _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """The text without the apostrophes that keep it from being a formula, ours or another tool's."""
    if "'" not in text:  # as nearly all are
        return text
    return _GUARDED_WITHIN.sub(_where_it_splits(lambda gap: gap[1]), unguard_start(text))


def unguard_start(text: str) -> str:
    """The same at its beginning alone: for a piece of a text, all of which is unguarded afterwards."""
    return text[1:] if _GUARDED.match(text) else text


def guard_guarded(text: str) -> str:
    """The text so that `unguard` gives it back, for a file where cells say themselves that they are no formulas."""
    text = _GUARDED_WITHIN.sub(_where_it_splits(lambda gap: f"{gap[0]}'"), text)
    return f"'{text}" if _GUARDED.match(text) else text


def _where_it_splits(change: Callable[[re.Match[str]], str]) -> Callable[[re.Match[str]], str]:
    return lambda gap: change(gap) if _SPLIT & set(gap[1]) else gap[0]


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A whole file, as text."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(header)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return file.getvalue()
