"""Remembers what is expensive to work out, for as long as what it was worked out from stays the same."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from flask import current_app

MOST_RECORDS = 200_000  # of all that is remembered in a process, together


@dataclass(slots=True)
class Cache:
    """Values by name, each for one version of what it comes from; what was not asked for longest is forgotten first.

    It belongs to one process and outlives no restart. A name with another version counts as unknown, so nothing that
    changed in the database, whoever changed it, is answered from here.
    """

    room: int = MOST_RECORDS
    _kept: OrderedDict[tuple[Any, ...], tuple[str, Any, int]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, name: tuple[Any, ...], version: str) -> Any | None:
        """The value that was kept under this name for this version; None when there is none."""
        with self._lock:
            known, value, _ = self._kept.get(name, ("", None, 0))
            if known != version:
                return None
            self._kept.move_to_end(name)
            return value

    def keep(self, name: tuple[Any, ...], version: str, value: Any, records: int) -> None:
        """Keep a value that stands for so many records, in place of the one of another version."""
        with self._lock:
            self._kept.pop(name, None)
            self._kept[name] = (version, value, records + 1)
            while len(self._kept) > 1 and sum(each[2] for each in self._kept.values()) > self.room:
                self._kept.popitem(last=False)


def current_cache() -> Cache:
    """The cache of the application in whose context the caller runs."""
    found: Cache = current_app.extensions["portal_cache"]
    return found
