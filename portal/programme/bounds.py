"""How large a programme may be, so that nobody's file fills the memory or holds up the others (G5)."""

from portal.errors import InvalidFile
from portal.text.density import is_too_dense

LONGEST_NAME = 400  # characters; a database index takes no row of any length either
LONGEST_ADDRESS = 2_000  # what browsers and servers take
LONGEST_TEXT = 100_000
LONGEST_HTML = 1_000_000  # stored and shown; what goes to ASP ends far before (D1)
MOST_PARTS = 1_000  # people, tags or files of one session
MOST_RECORDS = 50_000  # sessions of an event, and as many people


def check_density(content: bytes) -> None:
    """Raises InvalidFile for JSON with far more values in it than any programme."""
    if is_too_dense(content):
        raise InvalidFile("The file has more objects and lists in it than any programme. It was not read.")


def check_number(received: int, words: str) -> None:
    """Raises InvalidFile for more records than an event may have; `words` name them, as “sessions”."""
    if received > MOST_RECORDS:
        raise InvalidFile(
            f"Nothing was imported: with this file the event would have {received:,} {words}; at most "
            f"{MOST_RECORDS:,} are taken."
        )
