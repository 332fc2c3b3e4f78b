"""How often a request is tried, how long is waited between tries, and who may start now (E12)."""

import threading
import time
from collections.abc import Callable, Iterator

from portal.asp.errors import NoTimeLeft, Stopped
from portal.asp.pace import Pace
from portal.retrying import growing_pause

# With the default first pause of half a second seven tries take more than ten seconds and twelve less than forty: E12
# asks for five repeats over ten seconds at least, and for the end of a run that cannot go on within two minutes.
READ_TRIES = 7
WRITE_TRIES = 12  # more, so that a bad hour costs a run no record
LEAST_TRIES = 6  # the first, and five repeats
# Seconds after which no further try begins once LEAST_TRIES were made. Against a server that lets every request time
# out after twelve seconds that makes six tries, over less than ninety seconds.
ENOUGH = 60.0

# The longest wait, in seconds, that ASP may ask for at once: twice the widest window that limits usually have. If it
# named a day or a year, the run would keep its worker from everybody else for as long (G5).
LONGEST_PAUSE = 1_800.0

# Seconds until a request that may not begin yet asks again: nobody feels it, and no core is busy.
LOOK_AGAIN = 0.05


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
        if seconds > min(self.left, LONGEST_PAUSE) and not self.stop.is_set():
            raise NoTimeLeft(seconds)
        if self._pause is not None:
            self._pause(seconds)
        elif seconds > 0:
            self.stop.wait(seconds)
        if self.stop.is_set():
            raise Stopped

    def until_good(self) -> None:
        """Wait while no request may begin. Raises Stopped."""
        while self.clock() > self.good_until:
            self.pause(LOOK_AGAIN)


def tries(waiting: Waiting, first_pause: float, most: int) -> Iterator[bool]:
    """Yield once per try, pausing longer and longer between them; the value says whether it is the last.

    They end before it where no time would be left after the next pause.
    """
    begun = waiting.clock()
    for number in range(1, most + 1):
        enough = number >= LEAST_TRIES and waiting.clock() - begun > ENOUGH
        following = growing_pause(first_pause, number)
        last = number == most or enough
        yield last
        if last or waiting.left <= following:
            return
        waiting.pause(following)


class Throttle:
    """Shared by all requests of a run: lets each begin when the pace that ASP allows says so.

    Every `wait` is followed by one of `answered`, `refused` and `lost`.
    """

    def __init__(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._pace = Pace()
        self._changed = threading.Condition()
        self._turn = threading.Lock()  # the next to begin waits, the others behind it: nobody is overtaken

    def wait(self) -> float:
        """Wait for this request's turn; returns when it starts. Raises Stopped."""
        with self._turn:
            while True:
                with self._changed:
                    moment = self._waiting.clock()
                    late = moment > self._waiting.good_until
                    pause = LOOK_AGAIN if late else self._pace.take(moment)
                    if pause == 0:
                        return moment
                    if pause == float("inf"):
                        self._changed.wait(LOOK_AGAIN)
                        pause = 0.0
                self._waiting.pause(pause)

    def answered(self, started: float) -> None:
        """ASP took the request that started then, whatever it answers."""
        with self._changed:
            self._pace.accepted(started)
            self._changed.notify_all()

    def refused(self, started: float, retry_after: float | None) -> None:
        """ASP answered 429 to the request that started then; it asks for so many seconds, or does not say."""
        with self._changed:
            self._pace.refused(started, self._waiting.clock(), retry_after)
            self._changed.notify_all()

    def lost(self, started: float) -> None:
        """The request that started then has no answer."""
        with self._changed:
            self._pace.lost(started)
            self._changed.notify_all()

    def rest(self, seconds: float) -> None:
        """No request begins for so long."""
        with self._changed:
            self._pace.rest(self._waiting.clock() + seconds)
