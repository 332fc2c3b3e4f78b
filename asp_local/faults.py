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
    max_in_flight: int = 0
    token_ttl_s: float = 3600
    fail_rate: float = 0
    fail_status: int = 500
    drop_after_commit_rate: float = 0
    hang_s: float = 0
    # A write is carried out as much later as this, and answered only then: its sender has long timed out.
    late_commit_ms: float = 0
    # Limits fail_rate, drop_after_commit_rate, hang_s and late_commit_ms to those whose "METHOD /path" contains it.
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
SHARES = frozenset({"fail_rate", "drop_after_commit_rate"})


def _setting_problem(name: str, value: Any) -> str | None:
    kind = SETTINGS.get(name)
    if kind is None:
        return f"{name} is no setting."
    if kind is bool:
        return None if isinstance(value, bool) else f"{name} must be true or false."
    if kind is str:
        return None if isinstance(value, str) else f"{name} must be a text."
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return f"{name} must be a number."
    if kind is int and not isinstance(value, int):
        return f"{name} must be a whole number."
    if name == "fail_status":
        return None if 400 <= value <= 599 else "fail_status must be between 400 and 599."
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


class RateLimit:
    """A token bucket that holds one second's worth of requests."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rate = 0.0
        self._left = 0.0
        self._filled = clock()

    def wait(self, rate_per_s: float) -> int | None:
        """Take one request from the bucket, or say after how many whole seconds one will be there."""
        if rate_per_s <= 0:
            return None
        with self._lock:
            now = self._clock()
            most = max(1.0, rate_per_s)
            if rate_per_s != self._rate:
                self._rate, self._left = rate_per_s, most
            else:
                self._left = min(most, self._left + (now - self._filled) * rate_per_s)
            self._filled = now
            if self._left >= 1:
                self._left -= 1
                return None
            return max(1, math.ceil((1 - self._left) / rate_per_s))
