"""A record as its form shows it, and what is to be written when two have edited it at once (H3).

A draft is field → plain value (text, true or false, a list); a form carries a mark of each value that it was
opened with, so that it is known later which fields its reader has changed and which somebody else has.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Draft = dict[str, Any]
NEW = "new:"  # before the name of a format, room … that is not on the event's list yet
_COLOURED = re.compile(r"(#[0-9a-f]{6}) (?=\S)")  # before the name of a new tag that has one


@dataclass(frozen=True, slots=True)
class MergedDraft:
    """What is to be written; the fields that somebody else has changed meanwhile; those that both have."""

    changed: Draft
    taken: frozenset[str] = field(default=frozenset())
    both: frozenset[str] = field(default=frozenset())


def name_and_colour(key: str) -> tuple[str, str | None]:
    """What a new name says after `new:`: the name, and the colour of a tag."""
    name = key.removeprefix(NEW)
    found = _COLOURED.match(name)
    return (name[found.end() :], found[1]) if found else (name, None)


def mark(value: Any) -> str:
    """A short mark of a value: another one for another value."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def marks_of(draft: Mapping[str, Any]) -> dict[str, str]:
    """The marks of a draft's fields, as its form carries them."""
    return {name: mark(value) for name, value in draft.items()}


def merge_drafts(
    seen: Mapping[str, str], mine: Mapping[str, Any], stored: Mapping[str, Any], theirs: Iterable[str] = ()
) -> MergedDraft:
    """Bring together a form, whose marks are `seen`, and what is stored by now.

    A field that only one side has changed is theirs who changed it; one that both have changed to different values
    is asked about. Of the fields in `theirs` the reader has said that what is stored counts.
    """
    changed, taken, both = {}, set(), set()
    for name, value in mine.items():
        now, before = mark(stored[name]), seen.get(name)
        if mark(value) == now:
            continue
        if before is None or before == now:
            if name not in theirs:
                changed[name] = value
        elif name in theirs or mark(value) == before:
            taken.add(name)
        else:
            both.add(name)
    return MergedDraft(changed, frozenset(taken), frozenset(both))
