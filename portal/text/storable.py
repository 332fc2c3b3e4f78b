"""Which texts every database takes: no NUL, and no half of a surrogate pair, which is no character."""

import re
from typing import Any

_ODD = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    if text.isascii():  # nearly all texts are
        return "\0" not in text
    return _ODD.search(text) is None


def made_storable(text: str) -> str:
    """The text with a mark in the place of each character that cannot be stored."""
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text)


def with_storable_texts(value: Any) -> Any:
    """A value of JSON with each of its texts made storable."""
    match value:
        case str():
            return made_storable(value)
        case list():
            return [with_storable_texts(each) for each in value]
        case dict():
            return {made_storable(key): with_storable_texts(each) for key, each in value.items()}
        case _:
            return value
