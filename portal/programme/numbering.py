"""Client Session IDs by a pattern: `CONF-{number:03}` gives CONF-001, CONF-002 … (H3)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count, islice

from portal.text.matching import trimmed

WIDEST = 9  # digits
_NUMBER = re.compile(r"\{number(?::0?([1-9]))?\}")
_ENDING = re.compile(r"(.*?)(\d+)(\D*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What stands before the number and after it, and how many digits it has at the least."""

    before: str
    width: int
    after: str

    def __str__(self) -> str:
        return f"{self.before}{{number{f':0{self.width}' if self.width > 1 else ''}}}{self.after}"

    def fill(self, number: int) -> str:
        return f"{self.before}{number:0{self.width}}{self.after}"


def parse_pattern(text: str) -> Pattern | None:
    """The pattern, or None for a text that has not exactly one `{number}` or `{number:03}`, or any other bracket."""
    text = trimmed(text)
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    if set("{}") & set(before + after):
        return None
    return Pattern(before, int(found[0][1] or 1), after)


def suggest(existing: Collection[str]) -> tuple[Pattern, int]:
    """The pattern that half of the existing IDs follow, and the number after their highest; else `{number:03}`."""
    shapes: Counter[tuple[str, str]] = Counter()
    numbers: dict[tuple[str, str], list[str]] = {}
    for each in existing:
        if (found := _ENDING.fullmatch(each)) and len(found[2]) <= WIDEST:
            shape = (found[1], found[3])
            shapes[shape] += 1
            numbers.setdefault(shape, []).append(found[2])
    (before, after), followers = shapes.most_common(1)[0] if shapes else (("", ""), 0)
    if followers * 2 < len(existing) or not followers:
        return Pattern("", 3, ""), 1
    used = numbers[before, after]
    padded = [each for each in used if each.startswith("0")]
    width = min((len(each) for each in (padded or used)), default=1) if padded else 1
    return Pattern(before, width, after), max(map(int, used)) + 1


def numbered(pattern: Pattern, start: int, wanted: int, taken: Collection[str]) -> list[str]:
    """As many IDs by the pattern, from this number on, without those that are taken already."""

    def free() -> Iterator[str]:
        known = set(taken)
        for number in count(start):
            if (found := pattern.fill(number)) not in known:
                yield found

    return list(islice(free(), wanted))
