"""One HTTP request to ASP: counted, and what goes wrong with it in the words of this room (E11)."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.asp.answers import Answer
from portal.asp.errors import AspError, NoAnswer, UnexpectedAnswer
from portal.wire import LARGEST_ANSWER, Oversized, Silence, UnusableAddress, exchange, open_web

BAD_ADDRESS = "PORTAL_ASP_BASE_URL is not an address that can be used."
TOO_LARGE = f"ASP Events sent an answer of more than {LARGEST_ANSWER:,} bytes."


MOST_KEPT = 10_000  # requests of a run that are remembered for ASP's support; earlier ones are forgotten


@dataclass(frozen=True, slots=True)
class Sent:
    """One request without what may be secret or personal: no query, no header, no body."""

    at: float  # on the monotonic clock
    method: str
    path: str
    status: int | None  # None: no answer
    seconds: float


@dataclass(slots=True)
class Tally:
    """HTTP requests of a run: all of them, the writes (POST and PUT other than the token's), and the latest ones."""

    requests: int = 0
    writes: int = 0
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=MOST_KEPT), repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, *, write: bool) -> None:
        with self._lock:
            self.requests += 1
            self.writes += write


class Exchange:
    """Pooled connections to one address, shared by the threads of a run."""

    def __init__(self, base_url: str, in_flight: int, at_last: Callable[[], None] = lambda: None) -> None:
        """`at_last` is called right before a request travels; what it raises keeps it here."""
        self.tally = Tally()
        self._base_url = base_url.rstrip("/")
        try:
            self._web = open_web(self._base_url, in_flight, at_last)
        except UnusableAddress as problem:
            raise AspError(BAD_ADDRESS) from problem

    def close(self) -> None:
        self._web.close()

    def send(self, method: str, path: str, within: float, **content: Any) -> Answer:
        """Send one request, once; the whole answer must be there `within` so many seconds.

        Raises NoAnswer, UnexpectedAnswer for an answer that is too large, and AspError for an address that is none.
        `content` is what `requests` calls it: params, json, headers, auth.
        """
        if within > 0:
            self.tally.count(write=method != "GET" and "auth" not in content)
        began, status = time.monotonic(), None
        try:
            answer = self._send(method, path, within, **content)
            status = answer.status
            return answer
        finally:
            self.tally.sent.append(Sent(began, method, path, status, time.monotonic() - began))

    def _send(self, method: str, path: str, within: float, **content: Any) -> Answer:
        try:
            received = exchange(self._web, method, self._base_url + path, within, **content)
        except Silence as problem:
            raise NoAnswer(str(problem), arrived=problem.arrived, timed_out=problem.timed_out) from problem
        except Oversized as problem:
            raise UnexpectedAnswer(TOO_LARGE) from problem
        except UnusableAddress as problem:
            raise AspError(BAD_ADDRESS) from problem
        return Answer(received.status, received.headers, received.body, received.links)
