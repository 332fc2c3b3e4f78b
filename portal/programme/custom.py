"""Custom fields: what kind of value each holds, and how a form shows and reads it (H3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.programme.drafts import mark
from portal.programme.values import flaw_of_text
from portal.text.matching import by_sight

LONGEST_LINE, LONGEST_TEXT = 2_000, 100_000  # characters (G5)
MOST_FIELDS = 100  # of sessions, and as many of people
MOST_OPTIONS = 200
TICKED = "y"


class FieldType(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    LONG_TEXT = "long text"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    CHOICE = "choice"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ShownField:
    """A custom field as a record's form shows it; `key` is its name among a draft's fields."""

    name: str
    type: str
    options: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"custom_{mark(self.name)}"


def named_as(values: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values by the names that `stored` has for their fields, however a source encodes these (D2c)."""
    if values.keys() <= stored.keys():
        return dict(values)
    others = [name for name in stored if name not in values]
    return {
        name if name in stored else by_sight(name, others) or name: value for name, value in values.items()
    }


def infer_type(value: Any) -> FieldType | None:
    """What a value that came in seems to be; None for one that no form can hold."""
    if isinstance(value, bool):
        return FieldType.CHECKBOX
    if isinstance(value, int | float):
        return FieldType.NUMBER
    if isinstance(value, str):
        return FieldType.LONG_TEXT if "\n" in value or len(value) > 120 else FieldType.TEXT
    return FieldType.TEXT if value is None else None


def as_typed(value: Any) -> str:
    """A value as a form shows it."""
    if value is None or value is False:
        return ""
    if value is True:
        return TICKED
    return str(value).replace("\r\n", "\n").strip()


def flaw_of_value(field: ShownField, typed: str) -> str | None:
    """Why a typed value cannot be stored in the field, or None."""
    longest = LONGEST_TEXT if field.type == FieldType.LONG_TEXT else LONGEST_LINE
    if len(typed) > longest:
        return f"has more than {longest:,} characters"
    if flaw := flaw_of_text(typed):
        return flaw
    if not typed:
        return None
    if field.type == FieldType.NUMBER and _number(typed) is None:
        return "is no number"
    if field.type == FieldType.DATE and as_day(typed) is None:
        return "is no date; write it as 2027-06-15"
    if field.type == FieldType.CHOICE and typed not in field.options:
        return "is none of the choices"
    return None


def stored_value(field: ShownField, typed: str) -> Any:
    """The value that a good typed one stands for; None for nothing, and for a box without its tick."""
    if field.type == FieldType.CHECKBOX:
        return True if typed else None
    if not typed:
        return None
    return _number(typed) if field.type == FieldType.NUMBER else typed


def _number(typed: str) -> int | float | None:
    try:
        return int(typed) if typed.lstrip("+-").isdecimal() and len(typed) < 16 else _finite(float(typed))
    except ValueError:
        return None


def _finite(number: float) -> float | None:
    return number if abs(number) < 1e15 else None


def as_day(value: Any) -> date | None:
    """The day that a custom field of that type holds; None for anything else."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
