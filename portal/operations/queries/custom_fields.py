"""The custom fields of an event's records, as they were defined by hand and as they came in (H3)."""

from collections.abc import Mapping
from typing import Any

from portal.programme.custom import FieldType, ShownField, as_day, as_typed, infer_type
from portal.programme.definitions import defined_as_shown, list_defined_fields
from portal.programme.drafts import Draft
from portal.text.clock import day_words


def list_shown_fields(event_id: int, kind: str, values: Mapping[str, Any]) -> list[ShownField]:
    """What a record's form shows: the fields defined, then those that it has without a definition.

    A value that no form can hold, as a list, is left alone.
    """
    defined = defined_as_shown(event_id, kind)
    held = [each for each in defined if infer_type(values.get(each.name)) is not None]
    known = {each.name for each in defined}
    own = [
        ShownField(name, found.value)
        for name, value in values.items()
        if name not in known and value is not None and (found := infer_type(value))
    ]
    return held + own


def list_custom_values(event_id: int, kind: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a record's page shows: the fields that have a value, those that are defined first and in their order."""
    types = {each.name: each.type for each in list_defined_fields(event_id, kind)}
    order = {name: place for place, name in enumerate(types)}
    names = sorted(values, key=lambda name: order.get(name, len(order)))
    return [(name, text) for name in names if (text := _readable(values[name], types.get(name)))]


def _readable(value: Any, type_: str | None = None) -> str:
    if type_ == FieldType.DATE and (day := as_day(value)):
        return day_words(day)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_readable, value)))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)


def custom_draft(event_id: int, kind: str, values: Mapping[str, Any]) -> Draft:
    """These fields of a record as its form shows them."""
    return {each.key: as_typed(values.get(each.name)) for each in list_shown_fields(event_id, kind, values)}
