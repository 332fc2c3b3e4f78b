"""What counts as a UUID, a point in time, a colour, a timezone or a text in a programme that comes in."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from portal.text.matching import trimmed
from portal.text.storable import is_storable

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
)
# What tools that hide personal data write: j***@e***.org.
MASK = re.compile(r"^\*$|\*{2,}|\*.*@|@.*\*|#{3,}|[•●∗＊█▪·…]|\.{3}")
# What such tools write in an address's place; before an @ only what is nobody's own word.
HIDING = frozenset("redacted masked anonymised anonymized xxx xxxx xxxxx xxxxxx xxxxxxx xxxxxxxx".split())
IN_ITS_PLACE = HIDING | frozenset(
    "x xx hidden removed withheld protected private confidential anonymous".split()
)
BESIDE_IT = frozenset("e mail email address data".split())
HIDDEN_NAME = re.compile(
    r"^\*$|\*{2,}|^[\[(<]\s*(?:redacted|masked|hidden|removed|anonymi[sz]ed)\s*[\])>]$|^redacted$",
    re.IGNORECASE,
)
MASKED = (
    "is masked: the file was made with personal data hidden. Export it again with personal data shown, as a user or "
    "token that may see it"
)
COLOUR = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
FIRST_YEAR, LAST_YEAR = 1970, 2200
DEEPEST = 20  # levels of a custom field's value; the database and the pages walk it recursively


def parse_uuid(value: Any) -> str | None:
    """The UUID in lower case, or None when it is not one in the form 8-4-4-4-12."""
    if not isinstance(value, str):
        return None
    text = trimmed(value).lower()
    return text if UUID.fullmatch(text) else None


def parse_moment(text: str) -> datetime | None:
    """The point in time in UTC, or None when the text is not a date with a time; UTC without an offset."""
    text = text.upper()
    if not MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:  # before converting: the years 1 and 9999 would overflow
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def parse_day(text: str) -> date | None:
    """The day that is written as 2027-03-04, or None for anything else and for years in which no programme lies."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def is_masked(email: str | None) -> bool:
    """Whether somebody has hidden part of the address: nobody can be known or written to by it (H2)."""
    if email is None:
        return False
    if MASK.search(email):
        return True
    before, at, _ = email.lower().partition("@")
    words = set(re.findall(r"\w+", before))
    hiding = words & (HIDING if at else IN_ITS_PLACE)
    return bool(hiding) and words <= hiding | BESIDE_IT


def hides_name(names: Iterable[Any]) -> bool:
    """Whether somebody has hidden all that there is of a person’s name: “***”, “A*** M***”, “[redacted]”."""
    told = [each for each in names if isinstance(each, str) and each]
    return bool(told) and all(HIDDEN_NAME.search(each) for each in told)


def parse_colour(value: Any) -> str | None:
    """The colour as #rrggbb, or None when it is not written as #rgb or #rrggbb, the # left out or not."""
    if not isinstance(value, str):
        return None
    text = trimmed(value).lower()
    if not (found := COLOUR.fullmatch(text)):
        return None
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


@cache
def timezones() -> frozenset[str]:
    """IANA's timezones. Read from the package, as a machine's own folder holds other things than zones."""
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(names) - {"Factory"}  # a placeholder for “not set”


def flaw_of_text(text: str) -> str | None:
    """Why the text cannot be stored, or None."""
    if is_storable(text):
        return None
    if "\0" in text:
        return "has a NUL character in it"
    return "has half a surrogate pair in it, which is no character"


def flaw_of_tree(tree: Any) -> str | None:
    """Why a custom field's value cannot be stored, or None. Walks without recursion, however deep it is."""
    pending: list[tuple[Any, int]] = [(tree, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > DEEPEST:
            return "is nested too deep"
        flaw = None
        if isinstance(value, str):
            flaw = flaw_of_text(value)
        elif isinstance(value, float) and not math.isfinite(value):
            flaw = "has a number that is too large"
        elif isinstance(value, list):
            pending.extend((each, depth + 1) for each in value)
        elif isinstance(value, dict):
            pending.extend((each, depth + 1) for pair in value.items() for each in pair)
        if flaw:
            return flaw
    return None
