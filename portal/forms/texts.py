"""What is done to every short text before it is looked at."""

from typing import Any

from portal.text.matching import trimmed


def stripped(value: Any) -> Any:
    return trimmed(value) if isinstance(value, str) else value
