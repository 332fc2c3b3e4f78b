"""One HTTP request to ASP and its answer. The only place that knows `requests`, whose errors end here."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)

from portal.asp.answers import Answer
from portal.asp.errors import AspError, NoAnswer, UnexpectedAnswer

UNUSABLE_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    LocationValueError,
)
BAD_ADDRESS = "PORTAL_ASP_BASE_URL is not an address that can be used."
LARGEST_ANSWER = 50_000_000  # bytes, unpacked
PIECE = 65_536  # bytes that are read at a time


@dataclass(slots=True)
class Tally:
    """HTTP requests of a run: all of them, and the writes (POST and PUT other than the token's)."""

    requests: int = 0
    writes: int = 0
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
        self._http = _pooled_session(self._base_url, in_flight, at_last)

    def close(self) -> None:
        self._http.close()

    def send(self, method: str, path: str, within: float, **content: Any) -> Answer:
        """Send one request, once; the whole answer must be there `within` so many seconds.

        Raises NoAnswer, UnexpectedAnswer for an answer that is too large, and AspError for an address that is none.
        `content` is what `requests` calls it: params, json, headers, auth.
        """
        if within <= 0:
            raise NoAnswer("no time was left to ask", arrived=False)
        self.tally.count(write=method != "GET" and "auth" not in content)
        ends_at = time.monotonic() + within
        try:
            answer = self._http.request(
                method,
                self._base_url + path,
                timeout=within,
                allow_redirects=False,
                stream=True,
                **content,
            )
            body = _read(answer, ends_at)
        except requests.ConnectTimeout as problem:
            raise NoAnswer("the connection could not be made in time", arrived=False) from problem
        except requests.ConnectionError as problem:
            raise NoAnswer("the connection broke", arrived=not _never_made(problem)) from problem
        except requests.Timeout as problem:
            raise NoAnswer("the answer did not come in time", arrived=True, timed_out=True) from problem
        except UNUSABLE_ADDRESS as problem:
            raise AspError(BAD_ADDRESS) from problem
        except requests.RequestException as problem:
            raise NoAnswer("the answer could not be read", arrived=True) from problem
        except HTTPError as problem:  # while the body was read
            timed_out = isinstance(problem, ReadTimeoutError)
            raise NoAnswer("the answer broke off", arrived=True, timed_out=timed_out) from problem
        return Answer(answer.status_code, answer.headers, body, tuple(answer.links.values()))


def _read(answer: requests.Response, ends_at: float) -> bytes:
    """The body, piece by piece as it comes: a server that sends little by little, or without end, is left alone."""
    pieces, size = list[bytes](), 0
    try:
        while piece := answer.raw.read1(PIECE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_ANSWER:
                raise UnexpectedAnswer(f"ASP Events sent an answer of more than {LARGEST_ANSWER:,} bytes.")
            if time.monotonic() > ends_at:
                raise NoAnswer("the answer did not come in time", arrived=True, timed_out=True)
    finally:
        answer.close()
    return b"".join(pieces)


def _never_made(problem: requests.ConnectionError) -> bool:
    """Whether there was no connection at all: then alone it is known that the request did not travel (E11)."""
    cause = problem.args[0] if problem.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, ProxyError):
        cause = cause.original_error
    return isinstance(cause, NewConnectionError)  # a name that is not found is one of them


class LastLook(HTTPAdapter):
    """Looks once more when a request is made and about to travel: making it takes time, in which a run may sleep."""

    def __init__(self, at_last: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self._at_last = at_last

    def send(self, request: requests.PreparedRequest, *more: Any, **options: Any) -> requests.Response:
        self._at_last()
        return super().send(request, *more, **options)


def _pooled_session(base_url: str, in_flight: int, at_last: Callable[[], None]) -> requests.Session:
    http = requests.Session()
    # What the environment says is read once: looking it up for every request costs more than the request, and a
    # netrc entry would replace the token.
    try:
        http.proxies = requests.utils.get_environ_proxies(base_url, no_proxy=None)
    except ValueError as problem:
        raise AspError(BAD_ADDRESS) from problem
    http.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    http.trust_env = False
    # Threads share the session: no state in it.
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = LastLook(at_last, pool_connections=1, pool_maxsize=in_flight, pool_block=False, max_retries=0)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    http.headers.update({"Accept": "application/json", "User-Agent": "portal"})
    return http
