"""When a cell says what is stored already: texts, custom fields and times as far as a cell can hold them."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.text.matching import plain

BREAKS = {0x0B: " ", 0x0C: " "}  # no workbook holds these


def same_text(stored: Any, told: str | None) -> bool:
    """Whether a stored text is the told one, ends of lines and what is invisible aside (D2c)."""
    return _comparable(stored) == _comparable(told)


def _comparable(text: str | None) -> str:
    return plain((text or "").replace("\r\n", "\n").replace("\r", "\n").translate(BREAKS))


def custom_text(value: Any) -> str | None:
    """A custom field's value as a cell shows it."""
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:.15g}" if isinstance(value, float) else str(value)
    return json.dumps(value, ensure_ascii=False)


def same_moment(stored: datetime | None, told: datetime | None, timezone: str) -> bool:
    """Whether both show the same on the event's clock, which a cell cannot tell apart any further."""
    if stored is None or told is None:
        return stored is told
    zone = ZoneInfo(timezone)
    exactness = "%Y-%m-%d %H:%M:%S" if told.second else "%Y-%m-%d %H:%M"
    return f"{stored.astimezone(zone):{exactness}}" == f"{told.astimezone(zone):{exactness}}"
