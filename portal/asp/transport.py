"""Carries one request to ASP and back: token, throttle, retries, errors. Nothing above it knows of HTTP."""

import email.utils
import logging
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import LocationValueError, ReadTimeoutError

from portal.asp.contract import Contract
from portal.asp.errors import (
    AspError,
    CredentialsRejected,
    Duplicate,
    NoAnswer,
    NotThere,
    RecordRefused,
    UnexpectedAnswer,
    Unreachable,
)
from portal.asp.patience import READ_TRIES, WRITE_TRIES, Throttle, Waiting, tries

log = logging.getLogger(__name__)

UNREACHABLE = "ASP Events could not be reached. Try again in a few minutes."
TOKEN_RESERVE = 0.1  # a token is renewed when less than this share of its life is left, or half a minute
LONGEST_RESERVE = 30.0
TRANSIENT = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}  # and all from 500
LONGEST_OUTAGE_PAUSE = (
    8.0  # of what a 5xx asks to wait: a run that cannot go on shall say so within two minutes
)
UNUSABLE_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    LocationValueError,
)


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


@dataclass(frozen=True, slots=True)
class _Token:
    text: str = field(repr=False)
    asked_at: float
    stale_at: float


class Transport:
    """One pooled connection to ASP, shared by the threads of a run."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        api_secret: str,
        contract: Contract,
        timeout: float,
        in_flight: int,
        first_pause: float,
        waiting: Waiting | None = None,
        longest_pause: float = float("inf"),
    ) -> None:
        self.contract = contract
        self.tally = Tally()
        self.waiting = waiting or Waiting()
        self.first_pause = first_pause
        self.timeout = timeout
        self._base_url = base_url.rstrip("/")
        self._credentials = (api_key.encode(), api_secret.encode())
        self._longest_pause = longest_pause
        self._throttle = Throttle(self.waiting)
        self._token: _Token | None = None
        self._no_token_at = float("-inf")  # when asking for one last failed
        self._token_lock = threading.Lock()
        self._http = _pooled_session(self._base_url, in_flight)

    def close(self) -> None:
        self._http.close()

    def read(self, path: str, params: dict[str, Any] | None = None, *, patient: bool = True) -> Any:
        """GET one thing; tried again and again when `patient`. Raises AspError."""
        return self._read(path, params, patient)[0]

    def read_list(
        self, path: str, params: dict[str, Any] | None = None, *, patient: bool = True
    ) -> Iterator[Any]:
        """GET a list page by page and yield its records. Raises AspError."""
        names = self.contract.transport
        query = {**(params or {}), names.offset: 0, names.limit: names.page_size}
        seen: set[tuple[tuple[str, str], ...]] = set()
        taken = 0
        following: dict[str, Any] | None = query
        while following is not None:
            page, headers, links = self._read(path, following, patient)
            if not isinstance(page, list):
                raise UnexpectedAnswer("ASP Events answered with something else where a list was expected.")
            yield from page
            taken += len(page)
            following = _next_page(query, page, taken, headers, links, names.offset, names.total_header)
            if following is not None:
                mark = tuple(sorted((key, str(value)) for key, value in following.items()))
                if mark in seen:
                    raise UnexpectedAnswer("ASP Events sent a list whose pages go round in a circle.")
                seen.add(mark)

    def _read(
        self, path: str, params: dict[str, Any] | None, patient: bool
    ) -> tuple[Any, requests.structures.CaseInsensitiveDict[str], dict[Any, Any]]:
        def get() -> tuple[Any, Any, dict[Any, Any]]:
            answer = self._try("GET", path, params=params)
            return self._body(answer), answer.headers, answer.links

        return self._patiently(get, READ_TRIES) if patient else get()

    def change(self, path: str, body: dict[str, Any]) -> Any:
        """PUT, which may be repeated at will. Raises AspError."""
        return self._patiently(lambda: self._body(self._try("PUT", path, json=body)), WRITE_TRIES)

    def create_once(self, path: str, body: dict[str, Any]) -> Any:
        """POST, tried once: only who knows how to look whether it arrived may repeat it (E11). Raises AspError."""
        return self._body(self._try("POST", path, json=body))

    def check_credentials(self) -> None:
        """Ask for a token. Raises CredentialsRejected or Unreachable."""
        self._patiently(self._fresh_token, READ_TRIES)

    def _patiently(self, call: Any, most: int) -> Any:
        for last in tries(self.waiting, self.first_pause, most):
            try:
                return call()
            except NoAnswer as problem:
                log.warning("No answer from ASP: %s", problem)
                if last:
                    raise Unreachable(UNREACHABLE, arrived=problem.arrived) from problem
        raise AssertionError("tries() ends with a last one")

    def _try(self, method: str, path: str, **content: Any) -> requests.Response:
        """One try, with whatever waits and renewals of the token ASP asks for."""
        refused_token: _Token | None = None
        refused_at = float("inf")
        while True:
            started = self._throttle.wait()
            token = self._current_token(instead_of=refused_token)
            answer = self._send(method, path, headers={"Authorization": f"Bearer {token.text}"}, **content)
            if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                self._throttle.refused(started, self._bearable(_retry_after(answer)))
                refused_at = float("inf")  # what was a fresh token may be old after the wait
                continue
            if answer.status_code == HTTPStatus.UNAUTHORIZED:
                if token.asked_at >= refused_at:
                    raise CredentialsRejected
                refused_token, refused_at = token, min(refused_at, self.waiting.clock())
                continue
            self._throttle.answered()
            return self._checked(answer)

    def _send(self, method: str, path: str, **content: Any) -> requests.Response:
        self.tally.count(write=method != "GET" and "auth" not in content)
        try:
            answer = self._http.request(
                method, self._base_url + path, timeout=self.timeout, allow_redirects=False, **content
            )
        except requests.ConnectTimeout as problem:
            raise NoAnswer("the connection could not be made in time", arrived=False) from problem
        except requests.ConnectionError as problem:
            # Only a connection that was never made is known not to have carried the request.
            never_made = "NewConnectionError" in repr(problem) or "NameResolutionError" in repr(problem)
            raise NoAnswer(
                "the connection broke", arrived=not never_made, timed_out=_read_timed_out(problem)
            ) from problem
        except (requests.Timeout, requests.exceptions.ChunkedEncodingError) as problem:
            raise NoAnswer("the answer did not come in time", arrived=True, timed_out=True) from problem
        except UNUSABLE_ADDRESS as problem:
            raise AspError("PORTAL_ASP_BASE_URL is not an address that can be used.") from problem
        except requests.RequestException as problem:
            raise NoAnswer("the answer could not be read", arrived=True) from problem
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in TRANSIENT:
            if "Retry-After" in answer.headers:
                pause = min(_retry_after(answer), LONGEST_OUTAGE_PAUSE)
                self._throttle.refused(self.waiting.clock(), pause)
            gave_up = answer.status_code in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT)
            raise NoAnswer(f"ASP answered {answer.status_code}", arrived=True, timed_out=gave_up)
        return answer

    def _checked(self, answer: requests.Response) -> requests.Response:
        """Raises what stands for an answer that is no success."""
        status = answer.status_code
        if 200 <= status < 300:
            return answer
        names = self.contract.transport
        body = _json_or_none(answer)
        said = body if isinstance(body, dict) else {}
        words = str(said.get(names.error) or "").strip()
        if status == HTTPStatus.NOT_FOUND:
            raise NotThere(words or "ASP has no such record.")
        if status == HTTPStatus.CONFLICT:
            uuid = said.get(names.duplicate_uuid)
            raise Duplicate(uuid if isinstance(uuid, str) else None)
        if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
            problems = _problems(said.get(names.errors), names.error_field, names.error_message)
            quoted = "; ".join(f"{slug}: {message}" for slug, message in problems.items()) or words
            raise RecordRefused(f"ASP refused it: {quoted.rstrip('.') or f'status {status}'}.", problems)
        if status == HTTPStatus.FORBIDDEN:
            raise UnexpectedAnswer("ASP Events does not allow this API key to do that (403).")
        raise UnexpectedAnswer(f"ASP Events answered {status}{f': {words}' if words else ''}.")

    @staticmethod
    def _body(answer: requests.Response) -> Any:
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as problem:
            raise NoAnswer("the answer is no JSON", arrived=True) from problem

    def _current_token(self, instead_of: _Token | None) -> _Token:
        """The token in use; a new one when it is about to expire or is the one that was just refused.

        Who waited while another thread asked in vain shares its failure: one after the other, each would wait for
        ASP as long again.
        """
        began = self.waiting.clock()
        with self._token_lock:
            token = self._token
            if token is None or token is instead_of or self.waiting.clock() >= token.stale_at:
                if self._no_token_at > began:
                    raise NoAnswer("ASP gave no token", arrived=False)
                try:
                    token = self._fresh_token()
                except NoAnswer as problem:
                    self._no_token_at = self.waiting.clock()
                    raise NoAnswer(f"ASP gave no token: {problem}", arrived=False) from problem
                self._token = token
            return token

    def _fresh_token(self) -> _Token:
        while True:
            asked = self.waiting.clock()
            answer = self._send("POST", self.contract.paths.token, auth=self._credentials)
            if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                break
            self._throttle.refused(asked, self._bearable(_retry_after(answer)))
            self._throttle.wait()
        if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise CredentialsRejected
        body = self._body(self._checked(answer))
        text = body.get(self.contract.transport.token_key) if isinstance(body, dict) else body
        if not isinstance(text, str) or not text or not (text.isascii() and text.isprintable()):
            raise UnexpectedAnswer("ASP Events gave no token that could be used.")
        lifetime = self._lifetime(answer)
        return _Token(text, asked, asked + lifetime - min(LONGEST_RESERVE, lifetime * TOKEN_RESERVE))

    def _bearable(self, seconds: float) -> float:
        """The pause that ASP asks for; where somebody waits at a page, a long one is said instead of kept."""
        if seconds > self._longest_pause:
            raise AspError(f"ASP Events asks to wait for {seconds:.0f} seconds. Try again after that.")
        return seconds

    def _lifetime(self, answer: requests.Response) -> float:
        names = self.contract.transport
        header = answer.headers.get(names.token_lifetime_header, "")
        found = re.search(rf"{re.escape(names.token_lifetime_key)}\s*=\s*\"?(\d+)", header)
        return float(found.group(1)) if found else float(names.token_seconds)


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
        raise AspError("PORTAL_ASP_BASE_URL is not an address that can be used.") from problem
    http.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    http.trust_env = False
    http.cookies.set_policy(
        DefaultCookiePolicy(allowed_domains=[])
    )  # threads share the session: no state in it
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=in_flight, pool_block=False, max_retries=0)
    http.mount("http://", adapter)
    http.mount("https://", adapter)
    http.headers.update({"Accept": "application/json", "User-Agent": "portal"})
    return http


def _next_page(
    query: dict[str, Any],
    page: list[Any],
    taken: int,
    headers: Any,
    links: dict[Any, Any],
    offset: str,
    total_header: str,
) -> dict[str, Any] | None:
    """The query of the following page; None after the last.

    Of the link's target only the query is used: the token must not travel to another host.
    """
    for link in links.values():
        if "next" in link.get("rel", "").lower().split():
            return {**query, **dict(parse_qsl(urlsplit(link["url"]).query))}
    total = headers.get(total_header, "")
    if page and total.isdigit() and taken < int(total):
        return {**query, offset: taken}
    return None


def _retry_after(answer: requests.Response) -> float:
    """Seconds that ASP asks to wait; one where it names none."""
    text = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", text):
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 1.0
    if moment.tzinfo is None:  # written with the offset “-0000”: UTC as well
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _problems(errors: Any, field_name: str, message_name: str) -> dict[str, str]:
    if not isinstance(errors, list):
        return {}
    return {
        str(error.get(field_name)): str(error.get(message_name) or "not accepted")
        for error in errors
        if isinstance(error, dict) and error.get(field_name)
    }


def _json_or_none(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
