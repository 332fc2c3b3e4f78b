"""Keeps what its file last said of each field that was edited by hand: a later file is compared with that (H3)."""

from datetime import datetime
from typing import Any

from portal.models import Contact, Session


def remember_told(record: Session | Contact, name: str, before: Any, after: Any) -> None:
    """Note that a field goes from `before` to `after` by hand; back at what the file says it is no edit any more."""
    said = record.edited.get(name, plain_value(before))
    others = {key: value for key, value in record.edited.items() if key != name}
    record.edited = others if plain_value(after) == said else {**others, name: said}


def plain_value(value: Any) -> Any:
    """The value as it stands in the record's notes."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain_value(each) for each in value]
    return value
