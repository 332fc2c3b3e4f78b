"""Gives custom fields that are defined for the event values of their type; others hold the text of their cell."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from portal.programme.custom import FieldType, ShownField, flaw_of_value, stored_value
from portal.programme.spreadsheet.cells.dates import read_when
from portal.programme.spreadsheet.cells.days import Unreadable
from portal.programme.spreadsheet.cells.plain import yes_or_no
from portal.text.matching import fold


class CustomValues:
    """The custom fields that are defined for one kind of record; what does not fit them is counted."""

    def __init__(self, defined: Iterable[ShownField]) -> None:
        self._defined = {each.name: each for each in defined}
        self._unfit: Counter[str] = Counter()

    def value(self, name: str, text: str | None) -> Any:
        """The value that the text stands for in the field of that name."""
        field = self._defined.get(name)
        if field is None or text is None:
            return text
        typed = _typed(field, text)
        if typed is None or flaw_of_value(field, typed):
            self._unfit[name] += 1
            return text
        return stored_value(field, typed)

    @property
    def notes(self) -> list[str]:
        """Which values do not fit their field, in words."""
        return [
            f"The custom field “{name}” is a {self._defined[name].type}; {number:,} of its values are not, and were "
            "kept as they stand."
            for name, number in self._unfit.items()
        ]


def _typed(field: ShownField, text: str) -> str | None:
    """The text as the field's own form would send it; None where it says nothing of that type."""
    if field.type == FieldType.CHECKBOX:
        answer = yes_or_no(text)
        return None if answer is None else "y" if answer else ""
    if field.type == FieldType.DATE:
        try:
            day = read_when(text, None).day
        except Unreadable:
            return None
        return day.isoformat() if day else None
    if field.type == FieldType.CHOICE:
        return next((each for each in field.options if fold(each) == fold(text)), None)
    return text
