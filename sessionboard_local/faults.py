"""The settings that make the server slow, strict or faulty, and how it counts requests against its limits."""

import math
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from local_partner.settings import Range, Settings

Clock = Callable[[], float]
BREAKS = ("", "json", "half", "cut", "list")


@dataclass(frozen=True, slots=True)
class Controls(Settings):
    """All settings; 0, "" and false turn a limit or a fault off."""

    words: ClassVar = {"breaks": BREAKS, "envelope": ("results", "data")}
    ranges: ClassVar = {"fail_status": Range(400, 599)}

    latency_ms: float = 0
    hang_s: float = 0
    fail_status: int = 0
    # How a successful answer is spoilt: no JSON, half of its bytes, a cut connection, or a list without its envelope.
    breaks: str = ""
    # Limits hang_s, fail_status and breaks to those whose "METHOD /path?query" contains it.
    fail_paths: str = ""
    fail_times: int = 0  # as often, then well again; 0: always
    down: bool = False
    hide_pii: bool = False
    envelope: str = "results"  # newer endpoints say "data"
    older_arrays: bool = False  # speakers, moderators and chairpersons alone, without participants
    tell_categories: bool = False  # of custom statuses
    cache_s: float = 0  # so long is a search answered as it was answered before; Sessionboard's is 180
    limit: int = 100  # requests that are no search, in each window and category; 0: none
    window_s: float = 900


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a category's limit: `reset` in whole seconds, `refused` when it was used up."""

    limit: int
    remaining: int
    reset: int
    refused: bool


class Limits:
    """Counts the requests of each category in windows of time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = defaultdict(lambda: (float("-inf"), 0))

    def take(self, category: str, controls: Controls) -> Allowance | None:
        """Count one request; None where there is no limit."""
        if not controls.limit:
            return None
        with self._lock:
            now = self._clock()
            began, used = self._windows[category]
            if now >= began + controls.window_s:
                began, used = now, 0
            refused = used >= controls.limit
            self._windows[category] = (began, used if refused else used + 1)
            reset = max(1, math.ceil(began + controls.window_s - now))
            return Allowance(controls.limit, controls.limit - self._windows[category][1], reset, refused)


class Faults:
    """Says whether a request is to go wrong; counts those that did."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hits = 0

    def reset(self) -> None:
        with self._lock:
            self._hits = 0

    def hit(self, call: str, controls: Controls) -> bool:
        """Whether this call, "METHOD /path?query", is among those that fail."""
        if not (controls.fail_status or controls.breaks or controls.hang_s):
            return False
        with self._lock:
            if controls.fail_paths not in call or 0 < controls.fail_times <= self._hits:
                return False
            self._hits += 1
            return True
