"""What is done to every short text before it is looked at."""

import json
from typing import Any

from portal.text.matching import trimmed
from portal.text.storable import with_storable_texts


def stripped(value: Any) -> Any:
    return trimmed(value) if isinstance(value, str) else value


def parsed(text: str) -> Any:
    """The value of a field that holds JSON; None for anything else, however deep it is nested.

    JSON may spell characters that no field lets in.
    """
    try:
        return with_storable_texts(json.loads(text))
    except (ValueError, RecursionError):
        return None
