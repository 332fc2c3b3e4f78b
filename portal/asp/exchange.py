"""One HTTP request to ASP and its answer. The only place that knows `requests`, whose errors end here."""

import os
import threading
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import (
    LocationValueError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)

from portal.asp.answers import Answer
from portal.asp.errors import AspError, NoAnswer

UNUSABLE_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    LocationValueError,
)
BAD_ADDRESS = "PORTAL_ASP_BASE_URL is not an address that can be used."


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

    def __init__(self, base_url: str, timeout: float, in_flight: int) -> None:
        self.tally = Tally()
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._http = _pooled_session(self._base_url, in_flight)

    def close(self) -> None:
        self._http.close()

    def send(self, method: str, path: str, **content: Any) -> Answer:
        """Send one request, once. Raises NoAnswer, and AspError for an address that is none.

        `content` is what `requests` calls it: params, json, headers, auth.
        """
        self.tally.count(write=method != "GET" and "auth" not in content)
        try:
            answer = self._http.request(
                method, self._base_url + path, timeout=self._timeout, allow_redirects=False, **content
            )
        except requests.ConnectTimeout as problem:
            raise NoAnswer("the connection could not be made in time", arrived=False) from problem
        except requests.ConnectionError as problem:
            raise NoAnswer(
                "the connection broke", arrived=not _never_made(problem), timed_out=_read_timed_out(problem)
            ) from problem
        except (requests.Timeout, requests.exceptions.ChunkedEncodingError) as problem:
            raise NoAnswer("the answer did not come in time", arrived=True, timed_out=True) from problem
        except UNUSABLE_ADDRESS as problem:
            raise AspError(BAD_ADDRESS) from problem
        except requests.RequestException as problem:
            raise NoAnswer("the answer could not be read", arrived=True) from problem
        return Answer(answer.status_code, answer.headers, answer.content, tuple(answer.links.values()))


def _never_made(problem: requests.ConnectionError) -> bool:
    """Whether there was no connection at all: then alone it is known that the request did not travel (E11)."""
    cause = problem.args[0] if problem.args else None
    if isinstance(cause, MaxRetryError):
        cause = cause.reason
    if isinstance(cause, ProxyError):
        cause = cause.original_error
    return isinstance(cause, NewConnectionError)  # a name that is not found is one of them


def _read_timed_out(problem: requests.ConnectionError) -> bool:
    """A time-out within the answer's body comes as a broken connection."""
    return any(isinstance(each, ReadTimeoutError) for each in problem.args)


def _pooled_session(base_url: str, in_flight: int) -> requests.Session:
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
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=in_flight, pool_block=False, max_retries=0)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    http.headers.update({"Accept": "application/json", "User-Agent": "portal"})
    return http
