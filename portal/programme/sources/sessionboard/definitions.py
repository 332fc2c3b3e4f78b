"""Reads how Sessionboard defines an event's custom fields: whose they are, their types and choices.

The public documentation names the call alone, so what a definition calls things is met halfway; what cannot be read
is left out, as it only helps forms and the mapper: the values come in by themselves.
"""

from typing import Any

from portal.programme.bounds import LONGEST_NAME
from portal.programme.content import FieldContent
from portal.programme.custom import MOST_FIELDS, MOST_OPTIONS, FieldType
from portal.programme.values import flaw_of_text
from portal.text.matching import trimmed

Record = dict[str, Any]

OWNER_KEYS = ("entity", "object", "module", "model", "applies_to", "record_type", "target")
PEOPLE_WORDS = ("contact", "speaker", "person", "people", "participant")
TYPE_KEYS = ("type", "field_type", "data_type")
CHOICE_KEYS = ("options", "choices", "values")
TYPES = {
    **dict.fromkeys(
        ("textarea", "long_text", "longtext", "rich_text", "richtext", "html"), FieldType.LONG_TEXT
    ),
    **dict.fromkeys(("number", "integer", "decimal", "float", "currency"), FieldType.NUMBER),
    **dict.fromkeys(("checkbox", "boolean", "bool", "toggle", "yes_no"), FieldType.CHECKBOX),
    **dict.fromkeys(("select", "single_select", "dropdown", "radio", "choice", "picklist"), FieldType.CHOICE),
    "date": FieldType.DATE,
}


def read_definitions(records: list[Record]) -> tuple[FieldContent, ...]:
    """The fields in their order, each name once for sessions and once for people; any other type is a text."""
    found: dict[tuple[str, str], FieldContent] = {}
    for record in records:
        name = _line(record.get("name"))
        if name is None:
            continue
        options = _options(record)
        type_ = TYPES.get(_word(record, TYPE_KEYS).replace("-", "_").replace(" ", "_"), FieldType.TEXT)
        if type_ is FieldType.CHOICE and not options:
            type_ = FieldType.TEXT
        kind = "speaker" if any(each in _word(record, OWNER_KEYS) for each in PEOPLE_WORDS) else "session"
        field = FieldContent(
            kind=kind,
            name=name,
            type=type_,
            options=options if type_ is FieldType.CHOICE else (),
            source_id=_id(record),
        )
        found.setdefault((kind, name), field)
    return tuple(found.values())[: 2 * MOST_FIELDS]


def _id(record: Record) -> str | None:
    value = record.get("id")
    return _line(str(value)) if isinstance(value, int | str) else None


def _line(value: Any) -> str | None:
    """A text that fits a name; None for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME or flaw_of_text(value):
        return None
    return trimmed(value) or None


def _word(record: Record, keys: tuple[str, ...]) -> str:
    """The first of these that is a text, in lower case."""
    return next((value.lower() for key in keys if isinstance(value := record.get(key), str)), "")


def _options(record: Record) -> tuple[str, ...]:
    told = next((value for key in CHOICE_KEYS if isinstance(value := record.get(key), list)), [])
    lines = (
        _line(next((each[key] for key in ("label", "name", "value") if key in each), None))
        if isinstance(each, dict)
        else _line(each)
        for each in told
    )
    return tuple(dict.fromkeys(each for each in lines if each))[:MOST_OPTIONS]
