"""Keeps what its file last said of each field that was edited by hand, and compares a later file with that (H3)."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.models import Choice, Contact, Session

CUSTOM = "custom:"  # before the name of a custom field, among a record's notes
CLOCK = "updated_at"  # when a record was edited last: no field of which two could disagree


def remember_told(record: Session | Contact | Choice, name: str, before: Any, after: Any) -> None:
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


@dataclass(slots=True)
class Settled:
    """What becomes of the edited fields of a record when its file comes again.

    Those in `kept` stay as they are here; `notes` are the record's notes from now on; `both` are those that the file
    has changed as well since it was last read, and what they hold here: they are kept, and told of, unless somebody
    said that the file counts.
    """

    notes: dict[str, Any]
    file_counts: bool = False
    kept: set[str] = field(default_factory=set)
    both: dict[str, Any] = field(default_factory=dict)

    def settle(self, name: str, wanted: Any, stored: Any) -> None:
        """Decide about one field that has a note: the file wants this, and that is stored."""
        said, wanted = self.notes[name], plain_value(wanted)
        if wanted == said:  # the file has not changed it
            self.kept.add(name)
        elif name == CLOCK or self.file_counts or wanted == plain_value(stored):
            del self.notes[name]
        else:
            self.kept.add(name)
            self.both[name] = stored
            self.notes[name] = wanted


def settle_columns(
    row: Mapping[Any, Any], values: Mapping[str, Any], absent: Container[str], file_counts: bool
) -> Settled:
    """Decide about the columns and custom fields of a row; of what is `absent` the file says nothing (H2)."""
    settled = Settled(dict(row["edited"]), file_counts)
    for name in row["edited"]:
        if name.startswith(CUSTOM):
            key = name.removeprefix(CUSTOM)
            if key in values["custom_fields"]:
                settled.settle(name, values["custom_fields"][key], row["custom_fields"].get(key))
        elif name in values and name not in absent:
            settled.settle(name, values[name], row[name])
    return settled
