"""Carries a request to Sessionboard until it is answered: token, limits, tries. Nothing above it knows of HTTP."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from portal.programme.sources.errors import (
    EventGone,
    NoAnswer,
    NotAllowed,
    SourceError,
    TokenRejected,
    UnexpectedAnswer,
    Unreachable,
)
from portal.retrying import growing_pause, may_succeed_later, retry_after
from portal.text.storable import made_storable
from portal.wire import (
    LARGEST_ANSWER,
    NoJson,
    Oversized,
    Received,
    Silence,
    UnusableAddress,
    exchange,
    json_of,
    open_web,
)

TOKEN_HEADER = "x-access-token"  # noqa: S105 (a header's name)
# The first try and five repeats, over more than ten seconds with the pause that is set by default, as with ASP (E12).
TRIES = 6
ENOUGH = 60.0  # seconds after which no further try begins: who waits is told within two minutes
# Seconds to wait after a 429 that does not say how long: thirty requests for a window of 15 minutes.
UNSAID_PAUSE = 30.0
LEAST_PAUSE = 1.0  # seconds to wait after one that asks for no pause at all
LOOK_UP = 1.0  # seconds between two looks at whether the wait shall go on
LONGEST = 1_800.0  # seconds of all requests together: twice the window of their limit
MOST_RECEIVED = 4 * LARGEST_ANSWER  # bytes of all answers together

REJECTED = (
    "Sessionboard did not accept this access token. Make a new one there, and enter it under Settings → "
    "Integrations."
)
IF_IT_GOES_ON = "Try again in a few minutes; if it goes on, ask Sessionboard’s support."
UNREACHABLE = "Sessionboard could not be reached. Try again in a few minutes."
TOO_LONG = "Sessionboard’s answers take too long to wait for them. Try again when it is quicker."
TOO_LARGE = "Sessionboard sent far more than any programme. It was not read."
BAD_ADDRESS = "The address of Sessionboard’s API is none that can be used."
NOT_JSON = "Sessionboard’s answer is cut off or no JSON"


class Transport:
    """An organisation's way to Sessionboard. It only reads.

    `between` is called before each request and every second while it waits; what it raises ends the waiting.
    Everything is over `within` so many seconds: no answer is waited for beyond that, and a pause that would last
    longer is reported instead of made.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        timeout: float,
        first_pause: float,
        within: float = LONGEST,
        between: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.requests = 0
        self._received = 0
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._first_pause = first_pause
        self._ends_at = clock() + within
        self._between = between
        self._clock = clock
        self._sleep = sleep
        try:
            self._web = open_web(self._base_url)
        except UnusableAddress as problem:
            raise SourceError(BAD_ADDRESS) from problem
        self._web.headers[TOKEN_HEADER] = token

    def close(self) -> None:
        self._web.close()

    def ask(
        self, method: str, path: str, params: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> Any:
        """The JSON value of the answer. Raises SourceError."""
        began, failed = self._clock(), 0
        while True:
            self._between()
            if self._clock() > self._ends_at:
                raise SourceError(TOO_LONG)
            try:
                answer = self._send(method, path, params, body)
                if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                    return _value(_checked(answer, path))
            except NoAnswer as problem:
                failed += 1
                pause = growing_pause(self._first_pause, failed)
                enough = self._clock() - began > ENOUGH or self._clock() + pause > self._ends_at
                if failed == TRIES or enough:
                    raise Unreachable(f"{UNREACHABLE} ({problem})") from problem
                self._wait(pause)
            else:  # a limit is obeyed as it is said, and is no failure
                self._wait(self._bearable(_seconds_to_wait(answer)))

    def _send(
        self, method: str, path: str, params: dict[str, Any] | None, body: dict[str, Any] | None
    ) -> Received:
        self.requests += 1
        within = min(self._timeout, self._ends_at - self._clock())
        try:
            answer = exchange(self._web, method, self._base_url + path, within, params=params, json=body)
        except Silence as problem:
            raise NoAnswer(str(problem)) from problem
        except Oversized as problem:
            raise UnexpectedAnswer(TOO_LARGE) from problem
        except UnusableAddress as problem:
            raise SourceError(BAD_ADDRESS) from problem
        self._received += len(answer.body)
        if self._received > MOST_RECEIVED:
            raise UnexpectedAnswer(TOO_LARGE)
        return answer

    def _wait(self, seconds: float) -> None:
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            self._sleep(min(left, LOOK_UP))
            self._between()

    def _bearable(self, seconds: float) -> float:
        if self._clock() + seconds > self._ends_at:
            raise SourceError(
                f"Sessionboard asks to wait for {seconds:.0f} seconds (its limit is used up). Try again after that."
            )
        return seconds


def _checked(answer: Received, path: str) -> Received:
    """The same answer. Raises what stands for it when it is no success."""
    status, noun = answer.status, path.rpartition("/")[2]
    if status == HTTPStatus.OK or status == HTTPStatus.CREATED:
        return answer
    if status == HTTPStatus.UNAUTHORIZED:
        raise TokenRejected(REJECTED)
    if status == HTTPStatus.FORBIDDEN:
        raise NotAllowed(
            f"Sessionboard does not allow this access token to read {noun} (403). Give the token that scope there, "
            "or enter another one under Settings → Integrations."
        )
    if status == HTTPStatus.NOT_FOUND:
        raise EventGone(
            f"Sessionboard has no such {noun} for this access token (404). See there whether the event still exists "
            "and whether the token may read it."
        )
    if may_succeed_later(status):
        raise NoAnswer(f"it answered {status}")
    words = _words(answer)
    raise UnexpectedAnswer(f"Sessionboard answered {status}{f': {words}' if words else ''}. {IF_IT_GOES_ON}")


def _words(answer: Received) -> str:
    try:
        said = json_of(answer.body)
    except NoJson:
        return ""
    message = said.get("message") if isinstance(said, dict) else None
    return made_storable(message.strip().rstrip(".")[:200]) if isinstance(message, str) else ""


def _value(answer: Received) -> Any:
    try:
        return json_of(answer.body)
    except NoJson as problem:
        raise NoAnswer(NOT_JSON) from problem


def _seconds_to_wait(answer: Received) -> float:
    seconds = retry_after(answer.headers)
    reset = answer.headers.get("RateLimit-Reset", "").strip()
    if seconds is None and re.fullmatch(r"[0-9]{1,6}(\.[0-9]*)?", reset):
        seconds = float(reset)
    return UNSAID_PAUSE if seconds is None else max(seconds, LEAST_PAUSE)
