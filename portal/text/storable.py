"""Which texts every database takes: no NUL, and no half of a surrogate pair, which is no character."""

import re

_ODD = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return _ODD.search(text) is None


def made_storable(text: str) -> str:
    """The text with a mark in the place of each character that cannot be stored."""
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text)
