"""How often a request is tried, how long is waited between tries, and how many may start per second (E12)."""

import threading
import time
from collections.abc import Callable, Iterator

from portal.asp.errors import NoTimeLeft, Stopped

READ_TRIES = 7
WRITE_TRIES = 12  # more, so that a bad hour costs a run no record
LEAST_TRIES = 6  # the first, and five repeats
ENOUGH = 60.0  # seconds after which no further repeat begins once the least have been made
LONGEST_FACTOR = 8  # of the first pause

SLOWEST = 2.0  # seconds between two requests, at most
FIRST_SPACING = 0.05
FORGIVENESS = 0.97  # of the spacing, after each answer
LOOK_AGAIN = 0.05  # seconds until a request that may not begin yet asks again


class Waiting:
    """Waits that end at once when the run is stopped, on a clock that tests can replace.

    No request begins after `good_until`: a run that could not see for long whether it has been taken for dead
    waits until it has looked (E14). Where somebody waits at a page, all of it takes `within` seconds at most.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] | None = None,
        within: float = float("inf"),
    ) -> None:
        self.stop = threading.Event()
        self.clock = clock
        self.good_until = float("inf")
        self._ends_at = clock() + within
        self._pause = pause

    @property
    def left(self) -> float:
        """Seconds until everything must be over."""
        return self._ends_at - self.clock()

    def pause(self, seconds: float) -> None:
        """Raises Stopped when the run has been ended, before or meanwhile, and NoTimeLeft for a pause too long."""
        if seconds > self.left:
            raise NoTimeLeft(seconds)
        if self._pause is not None:
            self._pause(seconds)
        elif seconds > 0:
            self.stop.wait(seconds)
        if self.stop.is_set():
            raise Stopped


def tries(waiting: Waiting, first_pause: float, most: int) -> Iterator[bool]:
    """Yield once per try, pausing longer and longer between them; the value says whether it is the last.

    They end before it where no time would be left after the next pause.

    With the default first pause of half a second seven tries take more than ten seconds and twelve less than
    forty; against a server that lets every request time out after twelve seconds it is six over less than ninety.
    """
    begun = waiting.clock()
    for number in range(1, most + 1):
        enough = number >= LEAST_TRIES and waiting.clock() - begun > ENOUGH
        following = first_pause * min(2 ** (number - 1), LONGEST_FACTOR)
        last = number == most or enough
        yield last
        if last or waiting.left <= following:
            return
        waiting.pause(following)


class Throttle:
    """Shared by all requests of a run: obeys `Retry-After`, then spaces the requests out for a while."""

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self._next_start = 0.0
        self._spacing = 0.0
        self._slowed_at = float("-inf")

    def wait(self) -> float:
        """Wait for this request's turn; returns when it starts. Raises Stopped."""
        while True:
            with self._lock:
                moment = self._waiting.clock()
                start = max(self._paused_until, self._next_start)
                if moment > self._waiting.good_until:
                    start = moment + LOOK_AGAIN
                elif start <= moment:
                    self._next_start = moment + self._spacing
                    return moment
            self._waiting.pause(start - moment)

    def refused(self, started: float, retry_after: float) -> None:
        """ASP answered 429 to a request that started at `started`."""
        with self._lock:
            moment = self._waiting.clock()
            self._paused_until = max(self._paused_until, moment + retry_after)
            if started >= self._slowed_at:  # the other requests in flight say nothing new
                self._spacing = min(SLOWEST, max(FIRST_SPACING, self._spacing * 2))
                self._slowed_at = moment

    def answered(self) -> None:
        """ASP took a request: hurry up a little."""
        with self._lock:
            self._spacing = self._spacing * FORGIVENESS if self._spacing > 0.001 else 0.0
