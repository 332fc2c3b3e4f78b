"""Days that are called by their number: “Day 2”, “Jour 2 – 12 mars”."""

import re

from portal.text.matching import fold

DAYS = "day|tag|jour|día|dia|giorno|dag|journée|jornada"
ALONE = re.compile(rf"(?:{DAYS})\s*(\d{{1,2}})")
BEFORE = re.compile(rf"(?:{DAYS})\s*\d+\s*[-–—:,|(]+\s*", re.IGNORECASE)


def day_number(text: str) -> int | None:
    """The number, where the text says nothing else."""
    found = ALONE.fullmatch(fold(text))
    return int(found[1]) if found else None


def without_number(text: str) -> str:
    """The text without its number of a day, unless it says nothing else."""
    return BEFORE.sub("", text) or text
