"""Collects what is wrong with a programme, so that an admin sees all of it at once."""

from typing import Any

from portal.errors import InvalidFile

LISTED = 50
MOST = 10_000  # nobody mends more of them than that, and counting on takes time
SHOWN_LENGTH = 60


class Problems:
    """The problems of one programme, in the order in which they were met; the first 50 in full."""

    def __init__(self) -> None:
        self.listed: list[str] = []
        self.count = 0

    def add(self, place: str, text: str) -> None:
        """Note one. Raises InvalidFile when there are too many to go on."""
        self.count += 1
        if self.count > MOST:
            message = f"Nothing was imported: the file has more than {MOST:,} problems"
            raise InvalidFile(f"{message}; the first {LISTED} are listed.", self.listed)
        if len(self.listed) < LISTED:
            self.listed.append(f"{place}: {text}")

    def raise_if_any(self) -> None:
        """Raises InvalidFile when anything was added."""
        if not self.count:
            return
        message = "Nothing was imported: the file has 1 problem."
        if self.count > 1:
            message = f"Nothing was imported: the file has {self.count:,} problems."
        if self.count > LISTED:
            more = self.count - LISTED
            message = f"{message[:-1]}; the first {LISTED} are listed, there are {more:,} more."
        raise InvalidFile(message, self.listed)


def shown(value: Any) -> str:
    """The value as a message can name it, however long or unprintable it is."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return f"“{printable(value)}”"
        case int() | float():
            return printable(str(value))
        case list():
            return "a list"
        case _:
            return "an object"


def printable(text: str) -> str:
    """At most 60 characters, none of which steers a terminal."""
    cut = text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cut)
