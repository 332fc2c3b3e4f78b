"""How large a programme may be, so that nobody's file fills the memory or holds up the others (G5)."""

from portal.errors import InvalidFile

LONGEST_NAME = 400  # characters; a database index takes no row of any length either
LONGEST_ADDRESS = 2_000  # what browsers and servers take
LONGEST_TEXT = 100_000
LONGEST_HTML = 1_000_000  # stored and shown; what goes to ASP ends far before (D1)
MOST_PARTS = 1_000  # people, tags or files of one session
MOST_RECORDS = 50_000  # sessions of an event, and as many people
# What Python makes of a file can be fifty times its size. The densest real file known, of 40 MB, would have 240,000
# objects and lists and 1.2 million commas.
MOST_CONTAINERS = 1_000_000
MOST_COMMAS = 4_000_000


def check_density(content: bytes) -> None:
    """Raises InvalidFile for JSON with far more values in it than any programme."""
    if content.count(b"{") + content.count(b"[") > MOST_CONTAINERS or content.count(b",") > MOST_COMMAS:
        raise InvalidFile("The file has more objects and lists in it than any programme. It was not read.")


def check_number(received: int, words: str) -> None:
    """Raises InvalidFile for more records than an event may have; `words` name them, as “sessions”."""
    if received > MOST_RECORDS:
        raise InvalidFile(
            f"Nothing was imported: with this file the event would have {received:,} {words}; at most "
            f"{MOST_RECORDS:,} are taken."
        )
