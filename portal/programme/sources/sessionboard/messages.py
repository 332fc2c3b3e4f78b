"""Reads what Sessionboard's webhook sends: `{"data": …, "metadata": {"action", "event_id", "datetime", …}}`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.programme.people import OLDER_LISTS
from portal.programme.sources.sessionboard.shapes import as_a_file_has_it
from portal.programme.values import parse_moment, parse_uuid
from portal.text.storable import made_storable


class What(StrEnum):
    """What a message says of its record."""

    CHANGED = "changed"  # and the record as it is now is in it
    DELETED = "deleted"
    ELSEWHERE = "elsewhere"  # it changed, and how has to be asked for


ACTIONS = {
    "session.created": ("session", What.CHANGED),
    "session.updated": ("session", What.CHANGED),
    "session.deleted": ("session", What.DELETED),
    "session.speaker.attached": ("session", What.ELSEWHERE),
    "session.speaker.detached": ("session", What.ELSEWHERE),
    "contact.created": ("contact", What.CHANGED),
    "contact.updated": ("contact", What.CHANGED),
    "contact.deleted": ("contact", What.DELETED),
}
PEOPLE_LISTS = ("participants", *OLDER_LISTS)


@dataclass(frozen=True, slots=True)
class HookMessage:
    """A message that is understood; `moment` is when it was made over there, `updated_at` when its record changed."""

    kind: str  # "session" or "contact"
    what: What
    event_id: str | None
    record_id: str
    moment: datetime | None
    updated_at: datetime | None
    record: dict[str, Any] = field(repr=False)

    def people(self) -> set[str]:
        """The ids of those who take part, in whatever list they stand."""
        entries = [each for name in PEOPLE_LISTS for each in _list(self.record.get(name))]
        ids = [each.get(name) for each in entries for name in ("contact_id", "id")]
        ids += [each["contact"].get("id") for each in entries if isinstance(each.get("contact"), dict)]
        return {found for each in ids if (found := parse_uuid(each))}


def read_message(body: Any) -> HookMessage | None:
    """The message; None for anything that is not understood, which is nothing to complain of."""
    if not isinstance(body, dict):
        return None
    metadata, record = body.get("metadata"), body.get("data")
    if not isinstance(metadata, dict) or not isinstance(record, dict):
        return None
    action = metadata.get("action")
    if not isinstance(action, str) or action not in ACTIONS:
        return None
    kind, what = ACTIONS[action]
    inner = record.get(kind)
    if isinstance(inner, dict):
        record = inner
    record_id = parse_uuid(record.get("id")) or parse_uuid(record.get(f"{kind}_id"))
    if record_id is None or record.get("is_abstract") is True:
        return None
    if what is What.ELSEWHERE and any(name in record for name in PEOPLE_LISTS) and "id" in record:
        what = What.CHANGED
    event_id = metadata.get("event_id")
    return HookMessage(
        kind=kind,
        what=what,
        event_id=made_storable(str(event_id)) if isinstance(event_id, int | str) else None,
        record_id=record_id,
        moment=_moment(metadata.get("datetime")),
        updated_at=_moment(record.get("updated_at")),
        record=as_a_file_has_it(record),
    )


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _moment(value: Any) -> datetime | None:
    return parse_moment(value) if isinstance(value, str) else None
