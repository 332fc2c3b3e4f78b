"""One HTTP request to ASP: counted, and what goes wrong with it in the words of this room (E11)."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.asp.answers import Answer
from portal.asp.errors import AspError, NoAnswer, UnexpectedAnswer
from portal.wire import LARGEST_ANSWER, NotAsked, Oversized, Silence, UnusableAddress, exchange, open_web

BAD_ADDRESS = "PORTAL_ASP_BASE_URL is not an address that can be used."
TOO_LARGE = f"ASP Events sent an answer of more than {LARGEST_ANSWER:,} bytes."
# Requests of a run that are remembered for ASP's support; earlier ones are forgotten. They are 1.4 MB as CSV and
# 0.1 MB packed: the end of a large run is kept, where most questions arise, and neither memory nor database feels it.
MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One request without what may be secret or personal: no query, no header, no body."""

    at: float  # on the monotonic clock
    method: str
    path: str
    status: int | None  # None: no answer
    seconds: float


@dataclass(slots=True)
class RequestTally:
    """HTTP requests of a run: all of them, the writes (POST and PUT other than the token's), and the latest ones."""

    requests: int = 0
    writes: int = 0
    create_timed_out_at: float | None = None  # the last time, on the clock of the waiting (E11)
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=MOST_KEPT), repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, sent: Sent, *, write: bool) -> None:
        """One that has travelled, whatever came of it."""
        with self._lock:
            self.requests += 1
            self.writes += write
            self.sent.append(sent)


class Exchange:
    """Pooled connections to one address, shared by the threads of a run."""

    def __init__(self, base_url: str, in_flight: int, at_last: Callable[[], None] = lambda: None) -> None:
        """`at_last` is called right before a request travels; if it raises, the request is not sent."""
        self.tally = RequestTally()
        self._base_url = base_url.rstrip("/")
        try:
            self._web = open_web(self._base_url, in_flight, at_last)
        except UnusableAddress as problem:
            raise AspError(BAD_ADDRESS) from problem

    def close(self) -> None:
        self._web.close()

    def send(self, method: str, path: str, within: float, **content: Any) -> Answer:
        """Send one request, once; the whole answer must be there `within` so many seconds.

        Raises NoAnswer, UnexpectedAnswer for an answer that is too large, and AspError for an address that cannot be
        one. `content` is what `requests` calls it: params, json, headers, auth.
        """
        began, status, travelled = time.monotonic(), None, True
        try:
            received = exchange(self._web, method, self._base_url + path, within, **content)
            status = received.status
        except Silence as problem:
            travelled = not isinstance(problem, NotAsked)
            raise NoAnswer(str(problem), arrived=problem.arrived, timed_out=problem.timed_out) from problem
        except Oversized as problem:
            raise UnexpectedAnswer(TOO_LARGE) from problem
        except UnusableAddress as problem:
            travelled = False
            raise AspError(BAD_ADDRESS) from problem
        except AspError:  # of `at_last`
            travelled = False
            raise
        finally:
            if travelled:
                sent = Sent(began, method, path, status, time.monotonic() - began)
                self.tally.note(sent, write=method != "GET" and "auth" not in content)
        return Answer(received.status, received.headers, received.body, received.links)
