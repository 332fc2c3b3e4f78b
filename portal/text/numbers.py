"""Whole numbers: with the word that they count, and as somebody else has written them."""


def count(number: int, one: str, many: str | None = None) -> str:
    """1 session, 2 sessions, 1,079 sessions; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def whole_number(text: str, digits: int, otherwise: int) -> int:
    """The number that the text is, of so many digits at most; `otherwise` for any other text."""
    return int(text) if text.isdecimal() and len(text) <= digits else otherwise
