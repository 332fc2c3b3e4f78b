"""Numbers with the word that they count."""


def count(number: int, one: str, many: str | None = None) -> str:
    """1 session, 2 sessions, 1,079 sessions; `many` where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
