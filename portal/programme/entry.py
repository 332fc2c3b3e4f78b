"""Reads the values of one object of a programme; what is wrong with them goes to the problems."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.programme.bounds import LONGEST_NAME, LONGEST_TEXT, MOST_PARTS
from portal.programme.problems import Problems, printable, shown
from portal.programme.values import (
    FIRST_YEAR,
    LAST_YEAR,
    flaw_of_text,
    flaw_of_tree,
    parse_moment,
    parse_uuid,
)
from portal.text.matching import fold, trimmed

WEB_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")


class Entry:
    """One object and its place, as `sessions[3]`. A value with a problem reads as if it were absent."""

    __slots__ = ("data", "place", "problems")

    def __init__(self, data: dict[str, Any], place: str, problems: Problems) -> None:
        self.data = data
        self.place = place
        self.problems = problems

    def refuse(self, key: str, text: str) -> None:
        """Note a problem of the value at `key`."""
        self.problems.add(f"{self.place}.{key}" if self.place else key, text)

    def absent(self, keys: Mapping[str, str]) -> frozenset[str]:
        """The fields whose key is not there at all, given as key → field (H2)."""
        return frozenset(field for key, field in keys.items() if key not in self.data)

    def text(self, key: str, longest: int = LONGEST_TEXT) -> str | None:
        """Text without what is invisible at its edges; its inside is never touched (D16). Empty = None (D2c)."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(key, f"{shown(value)} is not text")
            return None
        flaw = flaw_of_text(value)
        if len(value) > longest:
            flaw = f"is longer than {longest:,} characters"
        if flaw:
            self.refuse(key, f"{shown(value)} {flaw}")
            return None
        return trimmed(value) or None

    def name(self, key: str) -> str | None:
        """A text that stands in one line, in lists and in the database's indices."""
        return self.text(key, LONGEST_NAME)

    def name_or_number(self, key: str) -> str | None:
        """A name, or a whole number as its text."""
        value = self.data.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**LONGEST_NAME:
            return str(value)
        return self.name(key)

    def lower_name(self, key: str) -> str | None:
        """A name as it is compared, in lower case (D2c)."""
        value = self.name(key)
        return fold(value) if value else None

    def web_address(self, key: str) -> str | None:
        """An address that a page may link to, or None: what is none is nothing to complain of."""
        value = self.data.get(key)
        return value if isinstance(value, str) and WEB_ADDRESS.fullmatch(value) else None

    def uuid(self, key: str) -> str | None:
        """A UUID, which must be there."""
        value = self.data.get(key)
        found = parse_uuid(value)
        if found is None:
            self.refuse(key, "missing" if value is None else f"{shown(value)} is not a UUID")
        return found

    def moment(self, key: str) -> datetime | None:
        """A point in time; without an offset it is UTC."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, str):
            if not trimmed(value):
                return None
            found = parse_moment(trimmed(value))
            if found:
                return found
        years = f"of the years {FIRST_YEAR} to {LAST_YEAR}"
        self.refuse(key, f"{shown(value)} is not a date and time (ISO 8601, {years})")
        return None

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.data.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse(key, f"{shown(value)} is not true or false")
            return default
        return value

    def number(self, key: str) -> int | float | None:
        """A number, whole or not; true and false are none."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(key, f"{shown(value)} is not a number")
            return None
        return value

    def entry(self, key: str) -> "Entry | None":
        """An object; `{}` counts as none."""
        value = self.data.get(key)
        if value is None or value == {}:
            return None
        if not isinstance(value, dict):
            self.refuse(key, f"{shown(value)} is not an object")
            return None
        return Entry(value, f"{self.place}.{key}", self.problems)

    def entries(self, key: str, gaps: bool = False) -> list["Entry"]:
        """The objects of a list; with `gaps`, null stands for none."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, f"{shown(value)} is not a list")
            return []
        if self.place and len(value) > MOST_PARTS:
            self.refuse(key, f"has {len(value):,} entries; at most {MOST_PARTS:,} are taken")
            return []
        place = f"{self.place}.{key}" if self.place else key
        found = []
        for index, each in enumerate(value):
            if isinstance(each, dict):
                found.append(Entry(each, f"{place}[{index}]", self.problems))
            elif not (gaps and each is None):
                self.problems.add(f"{place}[{index}]", f"{shown(each)} is not an object")
        return found

    def custom_fields(self) -> dict[str, Any]:
        """The custom fields with their values, which may be of any kind."""
        fields = self.data.get("custom_fields")
        if fields is None:
            return {}
        if not isinstance(fields, dict):
            self.refuse("custom_fields", f"{shown(fields)} is not an object")
            return {}
        for name, value in fields.items():
            flaw = flaw_of_text(name) or flaw_of_tree(value)
            if flaw:
                self.refuse(f"custom_fields.{printable(name)}", f"the field {flaw}")
        return fields
