"""Servers that limit the rate of requests, each in its way, and clients that meet them on a clock of their own.

Nothing waits: what happens next stands in a queue by its moment.
"""

import heapq
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from portal.asp.pace import Pace

Rate = Callable[[float], float]  # requests per second that are allowed at a moment


def steady(rate: float) -> Rate:
    return lambda _moment: rate


def changing(before: float, after: float, at: float) -> Rate:
    return lambda moment: before if moment < at else after


class Server(Protocol):
    def wait(self, moment: float) -> float | None:
        """None: the request that arrives now is taken. Otherwise seconds until one would be."""


class Unlimited:
    def wait(self, moment: float) -> float | None:
        return None


class Bucket:
    """Holds the requests of some seconds, full at first, and fills steadily."""

    def __init__(self, rate: Rate, seconds: float = 1.0) -> None:
        self._rate = rate
        self._seconds = seconds
        self._left = rate(0) * seconds
        self._filled = 0.0

    def wait(self, moment: float) -> float | None:
        rate = self._rate(moment)
        self._left = min(rate * self._seconds, self._left + (moment - self._filled) * rate)
        self._filled = moment
        if self._left < 1:
            return (1 - self._left) / rate
        self._left -= 1
        return None


class SlidingWindow:
    """Takes as many within any so many seconds, whenever they begin."""

    def __init__(self, rate: Rate, seconds: float = 1.0) -> None:
        self._rate = rate
        self._seconds = seconds
        self._taken: deque[float] = deque()

    def wait(self, moment: float) -> float | None:
        while self._taken and self._taken[0] <= moment - self._seconds:
            self._taken.popleft()
        if len(self._taken) >= self._rate(moment) * self._seconds:
            return self._taken[0] + self._seconds - moment
        self._taken.append(moment)
        return None


class FixedWindow:
    """Counts from nought again every so many seconds; the clients arrive `phase` seconds after it did."""

    def __init__(self, rate: Rate, seconds: float = 1.0, phase: float = 0.0) -> None:
        self._rate = rate
        self._seconds = seconds
        self._phase = phase
        self._window = -1
        self._taken = 0

    def wait(self, moment: float) -> float | None:
        window = math.floor((moment + self._phase) / self._seconds)
        if window != self._window:
            self._window, self._taken = window, 0
        if self._taken >= self._rate(moment) * self._seconds:
            return (window + 1) * self._seconds - moment - self._phase
        self._taken += 1
        return None


class FewAtOnce:
    """Takes only so many at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way = 0

    def wait(self, moment: float) -> float | None:
        if self._under_way >= self._most:
            return 0.5
        self._under_way += 1
        return None

    def answered(self) -> None:
        self._under_way -= 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """How long all requests took, and how many were refused on the way."""

    seconds: float
    refused: int


class Clients:
    """Threads that send requests one after the other, as their pace lets them."""

    def __init__(
        self,
        server: Server,
        *,
        latency: float = 0.05,
        says_when: bool = True,
        threads: int = 8,
        seed: int = 1,
    ) -> None:
        self._server = server
        self._latency = latency
        self._says_when = says_when
        self._random = random.Random(seed)
        self._pace = Pace()
        self._queue: list[tuple[float, int, Callable[[float], None]]] = []
        self._entries = 0
        self._behind: list[Callable[[float], None]] = []  # wait for any answer
        self._threads = threads
        self._left = 0
        self._refused = 0

    def send(self, number: int) -> Outcome:
        """Send as many requests, each until it is taken."""
        self._left = number
        for _ in range(self._threads):
            self._at(0.0, self._begin_another)
        moment = 0.0
        while self._queue:
            moment, _, happen = heapq.heappop(self._queue)
            happen(moment)
        return Outcome(moment, self._refused)

    def _at(self, moment: float, happen: Callable[[float], None]) -> None:
        self._entries += 1
        heapq.heappush(self._queue, (moment, self._entries, happen))

    def _begin_another(self, moment: float) -> None:
        if self._left:
            self._left -= 1
            self._ask(moment)

    def _ask(self, moment: float) -> None:
        pause = self._pace.take(moment)
        if pause == math.inf:
            self._behind.append(self._ask)
        elif pause > 0:
            self._at(moment + pause + self._random.uniform(0, 0.0005), self._ask)  # nobody wakes up in time
        else:
            way = self._latency * self._random.uniform(0.9, 1.1) / 2
            self._at(moment + way, lambda arrival: self._arrive(moment, arrival, way))

    def _arrive(self, started: float, moment: float, way: float) -> None:
        wait = self._server.wait(moment)
        self._at(moment + way, lambda now: self._answer(started, now, wait))

    def _answer(self, started: float, moment: float, wait: float | None) -> None:
        if wait is None:
            if isinstance(self._server, FewAtOnce):
                self._server.answered()
            self._pace.accepted(started)
            self._begin_another(moment)
        else:
            self._refused += 1
            self._pace.refused(started, moment, math.ceil(wait) if self._says_when else None)
            self._ask(moment)
        behind, self._behind = self._behind, []
        for ask in behind:
            ask(moment)
