"""The rate limit, counted in one of the ways that servers have."""

import math
import threading
from collections import deque
from collections.abc import Callable

from asp_local.faults import Clock


class RateLimit:
    """Lets a rate of requests pass, counted over a window of some seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._setting: tuple[str, float, float] = ("", 0.0, 0.0)
        self._count: Callable[[float], float] = lambda _now: 0.0

    def wait(self, kind: str, rate_per_s: float, window_s: float) -> int | None:
        """None: the request passes. Otherwise the whole seconds after which one may."""
        if rate_per_s <= 0:
            return None
        setting = (kind, rate_per_s, window_s)
        with self._lock:
            now = self._clock()
            if setting != self._setting:
                self._setting, self._count = setting, COUNTERS[kind](rate_per_s, window_s, now)
            seconds = self._count(now)
        return max(1, math.ceil(seconds)) if seconds > 0 else None


def _bucket(rate: float, window: float, begun: float) -> Callable[[float], float]:
    """A bucket that holds a window's worth of requests, full at first, and fills steadily."""
    most = max(1.0, rate * window)
    left, filled = most, begun

    def count(now: float) -> float:
        nonlocal left, filled
        left, filled = min(most, left + (now - filled) * rate), now
        if left < 1:
            return (1 - left) / rate
        left -= 1
        return 0.0

    return count


def _sliding(rate: float, window: float, _begun: float) -> Callable[[float], float]:
    """As many requests within any window, whenever it begins."""
    most = max(1.0, rate * window)
    passed: deque[float] = deque()

    def count(now: float) -> float:
        while passed and passed[0] <= now - window:
            passed.popleft()
        if len(passed) + 1 > most:
            return passed[0] + window - now
        passed.append(now)
        return 0.0

    return count


def _fixed(rate: float, window: float, begun: float) -> Callable[[float], float]:
    """As many requests within a window; then it is counted from nought again."""
    most = max(1.0, rate * window)
    ends, passed = begun + window, 0

    def count(now: float) -> float:
        nonlocal ends, passed
        if now >= ends:
            ends, passed = ends + window * (1 + (now - ends) // window), 0
        if passed + 1 > most:
            return ends - now
        passed += 1
        return 0.0

    return count


COUNTERS = {"bucket": _bucket, "sliding": _sliding, "fixed": _fixed}
