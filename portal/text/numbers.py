"""Whole numbers that somebody else has written."""


def whole_number(text: str, digits: int, otherwise: int) -> int:
    """The number that the text is, of so many digits at most; `otherwise` for any other text."""
    return int(text) if text.isdecimal() and len(text) <= digits else otherwise
