"""Counts what arrives under /public."""

import threading
from collections import Counter
from typing import Any

SIGN_IN_PATH = "/public/token"


def path_pattern(segments: list[str]) -> str:
    """The path with `{id}` in place of each id: /public/COLLECTION/{id}/COLLECTION/{id}."""
    below = segments[1:]
    return "/" + "/".join([segments[0], *("{id}" if index % 2 else part for index, part in enumerate(below))])


class Statistics:
    """Counters that any thread may feed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_flight = 0
        self.reset()

    def reset(self) -> None:
        """Start counting again; requests under way still count as in flight."""
        with self._lock:
            self._by: Counter[str] = Counter()
            self._statuses: Counter[str] = Counter()
            self._max_in_flight = self._in_flight

    def begin(self, method: str, pattern: str) -> int:
        """Count a request that has arrived; the answer is how many are in flight with it."""
        with self._lock:
            self._by[f"{method} {pattern}"] += 1
            self._in_flight += 1
            self._max_in_flight = max(self._max_in_flight, self._in_flight)
            return self._in_flight

    def end(self, status: str) -> None:
        """Count how a request ended: its status, or "cut"."""
        with self._lock:
            self._in_flight -= 1
            self._statuses[status] += 1

    def as_dict(self) -> dict[str, Any]:
        """The numbers as `GET /_stats` shows them."""
        with self._lock:
            by, statuses = dict(self._by), dict(self._statuses)
            most = self._max_in_flight
        by_method: Counter[str] = Counter()
        for name, count in by.items():
            if not name.endswith(f" {SIGN_IN_PATH}"):
                by_method[name.partition(" ")[0]] += count
        return {
            "requests": sum(by.values()),
            "by": by,
            "writes": by_method["POST"] + by_method["PUT"],
            "tokens": by.get(f"POST {SIGN_IN_PATH}", 0),
            "deletes": by_method["DELETE"],
            "max_in_flight": most,
            "statuses": statuses,
        }
