"""One HTTP request to somebody else's server: its answer is whole within its time and size, or there is none (G5).

The only place that knows how `requests` and what lies below it behave; their errors end here.
"""

import http.client
import io
import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)

from portal.text.density import is_too_dense

# Bytes of an answer, unpacked: a page of 1,000 records with 50 kB of text each. More than that is held in no memory.
LARGEST_ANSWER = 50_000_000
PIECE = 65_536  # bytes that are read at a time: what a socket has at hand at most
LONGEST_CONNECT = 5.0  # seconds for each address that a name stands for: one of them may be dead
UNUSABLE_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    LocationValueError,
)


class Silence(Exception):
    """No usable answer; `arrived` unless it is known that the request did not travel (E11)."""

    def __init__(self, words: str, *, arrived: bool = True, timed_out: bool = False) -> None:
        super().__init__(words)
        self.arrived = arrived
        self.timed_out = timed_out


class NotAsked(Silence):
    """No time was left: the request was not sent."""

    def __init__(self) -> None:
        super().__init__("no time was left to ask", arrived=False)


class Oversized(Exception):
    """An answer of more bytes than are taken."""


class UnusableAddress(Exception):
    """The request was to go to something that is no address."""


class NoJson(Exception):
    """A body that is cut off, not JSON, nested too deep, or denser than anything real."""


@dataclass(frozen=True, slots=True)
class Received:
    """An answer, whole; `headers` are found in any case of letters, `links` are those of the Link header."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    links: tuple[Mapping[str, str], ...]


def exchange(
    web: requests.Session,
    method: str,
    address: str,
    within: float,
    *,
    largest: int | None = LARGEST_ANSWER,
    **content: Any,
) -> Received:
    """Send one request, once, and follow nothing; the whole answer must be there `within` so many seconds.

    With `largest` None the body is not waited for: the sender only wants to know whether the request was taken.
    Raises Silence, Oversized and UnusableAddress. `content` is what `requests` calls it: params, json, headers,
    auth.
    """
    if within <= 0:
        raise NotAsked
    try:
        answer = web.request(method, address, timeout=within, allow_redirects=False, stream=True, **content)
        body = _read(answer, largest)
    except requests.ConnectTimeout as problem:
        raise Silence("the connection could not be made in time", arrived=False) from problem
    except requests.ConnectionError as problem:
        raise Silence("the connection broke", arrived=not _never_made(problem)) from problem
    except requests.Timeout as problem:
        raise Silence("the answer did not come in time", timed_out=True) from problem
    except UNUSABLE_ADDRESS as problem:
        raise UnusableAddress from problem
    except requests.RequestException as problem:
        raise Silence("the answer could not be read") from problem
    except HTTPError as problem:  # while the body was read
        timed_out = isinstance(problem, ReadTimeoutError)
        raise Silence("the answer broke off", timed_out=timed_out) from problem
    return Received(answer.status_code, answer.headers, body, tuple(answer.links.values()))


def json_of(body: bytes) -> Any:
    """The value that the body holds. Raises NoJson."""
    if is_too_dense(body):
        raise NoJson
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise NoJson from problem


def open_web(
    base_url: str, in_flight: int = 1, at_last: Callable[[], None] = lambda: None
) -> requests.Session:
    """Pooled connections to one address, for several threads; the caller closes them.

    `at_last` is called right before a request travels; if it raises, the request is not sent. Raises
    UnusableAddress.
    """
    web = requests.Session()
    # What the environment says is read once: looking it up for every request costs more than the request, and a
    # netrc entry would replace the token.
    try:
        web.proxies = requests.utils.get_environ_proxies(base_url, no_proxy=None)
    except ValueError as problem:
        raise UnusableAddress from problem
    web.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    web.trust_env = False
    # Threads share the session: no state in it.
    web.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = LastLook(at_last, pool_connections=1, pool_maxsize=in_flight, pool_block=False, max_retries=0)
    web.mount("http://", adapter)
    web.mount("https://", adapter)
    web.headers.update({"Accept": "application/json", "User-Agent": "portal"})
    return web


def _read(answer: requests.Response, largest: int | None) -> bytes:
    """The body, piece by piece as it comes: a server that sends without end is left alone."""
    pieces, size = list[bytes](), 0
    try:
        while largest is not None and (piece := answer.raw.read1(PIECE, decode_content=True)):
            pieces.append(piece)
            size += len(piece)
            if size > largest:
                raise Oversized
    finally:
        answer.close()
    return b"".join(pieces)


def _never_made(problem: requests.ConnectionError) -> bool:
    """Whether there was no connection at all: only then is it certain that the request did not travel (E11)."""
    cause = problem.args[0] if problem.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, ProxyError):
        cause = cause.original_error
    return isinstance(cause, NewConnectionError)  # a name that is not found is one of them


class _TimedStream(io.RawIOBase):
    """What a connection sends, until the moment when all of it must be there: each byte alone would be in time."""

    def __init__(self, connection: socket.socket, stream: Any, within: float) -> None:
        self._connection = connection
        self._stream = stream
        self._ends_at = time.monotonic() + within

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not come in time")
        self._connection.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    """An answer whose head and body must be there within the time that its connection has when it begins."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        within = sock.gettimeout()
        if within is not None:
            self.fp = io.BufferedReader(_TimedStream(sock, self.fp.detach(), within))

    def begin(self) -> None:
        """Read the head; what a server says before its answer (RFC 9110, 15.2) is skipped.

        Taken for the answer, it would leave the true one to be read as the answer to the next request.
        """
        super().begin()
        while self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = None  # type: ignore[assignment]  # the base reads a head only once
            super().begin()


class TimedHttp(HTTPConnection):
    """A connection that gives each answer one time for all of it."""

    response_class = _TimedResponse

    def request(self, *arguments: Any, **options: Any) -> None:
        if self.sock is not None:  # it was used before: what was left of that answer's time is not this one's
            self.sock.settimeout(self.timeout)
        super().request(*arguments, **options)


class TimedHttps(TimedHttp, HTTPSConnection):
    """The same by HTTPS."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = TimedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = TimedHttps


class TimedAdapter(HTTPAdapter):
    """Lets a request take its `timeout` in all, until its answer is whole, also through a proxy."""

    pools: Mapping[str, type[HTTPConnectionPool]] = {"http": _HttpPool, "https": _HttpsPool}

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = dict(self.pools)

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = dict(self.pools)
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        in_all: Any = Timeout(total=timeout, connect=min(timeout, LONGEST_CONNECT))
        return super().send(request, stream, in_all, verify, cert, proxies)


class LastLook(TimedAdapter):
    """Looks once more when a request is made and about to travel: making it takes time, in which a run may sleep."""

    def __init__(self, at_last: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self._at_last = at_last

    def send(self, *arguments: Any, **options: Any) -> requests.Response:
        self._at_last()
        return super().send(*arguments, **options)
