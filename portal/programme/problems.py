"""Collects what is wrong with a programme, so that an admin sees all of it at once."""

import re
from typing import Any

from portal.errors import InvalidFile
from portal.text.matching import trimmed

LISTED = 50
MOST = 10_000  # nobody mends more of them than that, and counting on takes time
SHOWN_LENGTH = 60


RECORD = re.compile(r"(sessions|contacts)\[(\d+)\]\.")
NAMES = {"sessions": ("title",), "contacts": ("first_name", "last_name")}


class Problems:
    """The problems of one programme, in the order in which they were met; the first 50 in full.

    `programme` is what was read, in which the records of the problems have their names.
    """

    def __init__(self, programme: Any = None) -> None:
        self.listed: list[str] = []
        self.count = 0
        self._programme = programme

    def add(self, place: str, text: str) -> None:
        """Note one. Raises InvalidFile when there are too many to go on."""
        self.count += 1
        if self.count > MOST:
            message = f"Nothing was imported: the file has more than {MOST:,} problems"
            raise InvalidFile(f"{message}; the first {LISTED} are listed.", self.listed)
        if len(self.listed) < LISTED:
            name = self._name_of_record(place)
            self.listed.append(f"{place}: {text}" + (f" – in “{name}”" if name else ""))

    def _name_of_record(self, place: str) -> str:
        """What the session or the person of the place is called; "" where nothing says it."""
        found = RECORD.match(place)
        if found is None or not isinstance(self._programme, dict):
            return ""
        record = self._programme[found[1]][int(found[2])]
        parts = [record.get(key) for key in NAMES[found[1]]]
        return printable(trimmed(" ".join(trimmed(part) for part in parts if isinstance(part, str))))

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
