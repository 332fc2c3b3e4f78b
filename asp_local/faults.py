"""The settings that make the server slow, strict or faulty, and the decisions that follow from them."""

import math
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

Clock = Callable[[], float]


class BadSetting(Exception):
    """A setting is unknown or its value makes no sense."""


@dataclass(frozen=True, slots=True)
class Controls:
    """All settings; 0 turns a limit or a fault off."""

    latency_ms: float = 0
    rate_per_s: float = 0
    # How rate_per_s is counted: by a bucket of rate_window_s, a sliding window, or one that begins anew each time.
    rate_kind: str = "bucket"
    rate_window_s: float = 1
    retry_after: bool = True  # whether a 429 says when to come back
    max_in_flight: int = 0
    token_ttl_s: float = 3600
    fail_rate: float = 0
    fail_status: int = 500
    drop_before_commit_rate: float = 0
    drop_after_commit_rate: float = 0
    garble_rate: float = 0  # answers that are a page of something in between, though all was done
    truncate_rate: float = 0  # answers that break off in the middle
    hang_s: float = 0
    # A write is carried out as much later as this, and answered only then: its sender has long timed out.
    late_commit_ms: float = 0
    # A firewall before it answers writes that look like an attack with this status and a page of its own.
    firewall_status: int = 0
    utf8mb3: bool = False  # writes with characters of four bytes end in a 500: the database keeps none
    one_problem: bool = False  # a 422 names the first wrong field alone
    # So many later pages of lists are answered as if one record before them had gone, or come in, meanwhile.
    pages_with_a_gap: int = 0
    pages_that_overlap: int = 0
    # Limits fail_rate and the faults below it to those requests whose "METHOD /path" contains it.
    fail_paths: str = ""
    down: bool = False

    def changed(self, settings: Mapping[str, Any]) -> "Controls":
        """These controls with some settings changed; raises BadSetting."""
        for name, value in settings.items():
            problem = _setting_problem(name, value)
            if problem:
                raise BadSetting(problem)
        return replace(self, **settings)

    def as_dict(self) -> dict[str, Any]:
        """All settings by name."""
        return asdict(self)


SETTINGS = {each.name: each.type for each in fields(Controls)}
SHARES = frozenset(
    {"fail_rate", "drop_before_commit_rate", "drop_after_commit_rate", "garble_rate", "truncate_rate"}
)
WORDS = {"rate_kind": ("bucket", "sliding", "fixed")}


def _setting_problem(name: str, value: Any) -> str | None:
    kind = SETTINGS.get(name)
    if kind is None:
        return f"{name} is no setting."
    if kind is bool:
        return None if isinstance(value, bool) else f"{name} must be true or false."
    if kind is str:
        allowed = WORDS.get(name)
        if allowed:
            return None if value in allowed else f"{name} must be one of {', '.join(allowed)}."
        return None if isinstance(value, str) else f"{name} must be a text."
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return f"{name} must be a number."
    if kind is int and not isinstance(value, int):
        return f"{name} must be a whole number."
    if name == "firewall_status" and value:
        return None if 400 <= value <= 499 else "firewall_status must be 0 or between 400 and 499."
    if name == "fail_status":
        return None if 400 <= value <= 599 else "fail_status must be between 400 and 599."
    if name == "rate_window_s" and value <= 0:
        return "rate_window_s must be more than 0."
    if value < 0 or (name in SHARES and value > 1):
        return f"{name} must be {'between 0 and 1' if name in SHARES else '0 or more'}."
    return None


class Dice:
    """Decides by chance; the same seed throws the same numbers."""

    def __init__(self, random_seed: int | None) -> None:
        self._random = random.Random(random_seed)  # noqa: S311 (faults to order, not secrets)
        self._lock = threading.Lock()

    def hit(self, share: float) -> bool:
        """True for that share of the throws. A share of 0 does not throw, so the row of numbers stays."""
        if share <= 0:
            return False
        with self._lock:
            return self._random.random() < share
