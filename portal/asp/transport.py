"""Carries a request to ASP until it is answered: token, throttle, retries. Nothing above it knows of HTTP."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from portal.asp.answers import Answer, check, outage, value_in, value_of
from portal.asp.contract import Contract
from portal.asp.errors import (
    CredentialsRejected,
    Duplicate,
    ListChanged,
    NoAnswer,
    NotThere,
    RecordRefused,
    UnexpectedAnswer,
    Unreachable,
)
from portal.asp.exchange import Exchange
from portal.asp.listing import read_once
from portal.asp.pace import UNSAID_PAUSE
from portal.asp.patience import READ_TRIES, WRITE_TRIES, Throttle, Waiting, tries
from portal.asp.tokens import Token, Tokens
from portal.retrying import retry_after

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# Tokens tried for one request. One that lives for a second may end on the way a few times, but a server that takes
# none would be asked for tokens without end.
TOKENS_TRIED = 5
# How often a list is read that changes meanwhile: as patient as E12 is with an answer that does not come.
READINGS = 5

UNREACHABLE = "ASP Events could not be reached. Try again in a few minutes."
# The longest wait, in seconds, that a 5xx may ask for: twelve tries of a write then take less than two minutes, and a
# run that cannot go on shall say so within two (E12).
LONGEST_OUTAGE_PAUSE = 8.0


class Transport:
    """An organisation's way to ASP, shared by the threads of a run."""

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
    ) -> None:
        self.contract = contract
        self.waiting = waiting or Waiting()
        self.first_pause = first_pause
        self.timeout = timeout
        self._credentials = (api_key.encode(), api_secret.encode())
        self._throttle = Throttle(self.waiting)
        self._exchange = Exchange(base_url, in_flight, self.waiting.until_good)
        self._tokens = Tokens(self._ask_token, contract.transport, self.waiting.clock)
        self.tally = self._exchange.tally

    def close(self) -> None:
        self._exchange.close()

    def read(self, path: str, params: dict[str, Any] | None = None, *, patient: bool = True) -> Any:
        """GET one thing; tried again and again when `patient`. Raises AspError."""
        return self._read(path, params, patient)[0]

    def read_list(
        self,
        path: str,
        take: Callable[[Any], Result | None],
        params: dict[str, Any] | None,
        *,
        patient: bool,
    ) -> list[Result]:
        """GET a list page by page; what `take` makes of each record, without None.

        A list that changes meanwhile is read again. Raises AspError, ListChanged when it goes on changing.
        """
        names = self.contract.transport
        query = {**(params or {}), names.offset: 0, names.limit: names.page_size}
        for _ in tries(self.waiting, self.first_pause, READINGS):
            try:
                return read_once(
                    lambda page: self._read(path, page, patient),
                    query,
                    names,
                    self.contract.session.uuid,
                    take,
                )
            except ListChanged:
                log.warning("ASP's list at %s changed while it was read", path)
        raise ListChanged

    def look(self, path: str, params: dict[str, Any] | None = None) -> Answer:
        """GET as it is, an answer that is no success included; for a probe of ASP. Raises AspError for silence."""
        return self._patiently(lambda: self._answered("GET", path, params=params), READ_TRIES)

    def show_token_answer(self) -> Answer:
        """What ASP answers to a request for a token; for a probe of ASP. Raises AspError."""
        return self._patiently(self._ask_token, READ_TRIES)

    def change(self, path: str, body: dict[str, Any]) -> Any:
        """PUT, which may be repeated at will. Raises AspError."""
        return self._patiently(lambda: value_of(self._try("PUT", path, json=body)), WRITE_TRIES)

    def create_once(self, path: str, body: dict[str, Any]) -> Any:
        """POST, tried once: only who knows how to look whether it arrived may repeat it (E11). Raises AspError."""
        return value_of(self._try("POST", path, json=body))

    def check_credentials(self) -> None:
        """Ask for a token. Raises CredentialsRejected or Unreachable."""
        self._patiently(self._tokens.fresh, READ_TRIES)

    def _read(self, path: str, params: dict[str, Any] | None, patient: bool) -> tuple[Any, Answer]:
        def get() -> tuple[Any, Answer]:
            answer = self._try("GET", path, params=params)
            return value_in(answer), answer

        return self._patiently(get, READ_TRIES) if patient else get()

    def _patiently(self, call: Callable[[], Result], most: int) -> Result:
        lost = NoAnswer("nothing was asked", arrived=False)
        for _ in tries(self.waiting, self.first_pause, most):
            try:
                return call()
            except NoAnswer as problem:
                log.warning("No answer from ASP: %s", problem)
                lost = problem
        raise Unreachable(UNREACHABLE, arrived=lost.arrived, status=lost.status) from lost

    def _try(self, method: str, path: str, **content: Any) -> Answer:
        answer = self._answered(method, path, **content)
        return check(answer, self.contract.transport, wrote=method != "GET")

    def _answered(self, method: str, path: str, **content: Any) -> Answer:
        """One try, with whatever waits and renewals of the token ASP asks for."""
        refused_token: Token | None = None
        refused_at = float("inf")
        refusals = 0
        while True:
            started = self._throttle.wait()
            try:
                token = self._tokens.current(instead_of=refused_token)
                answer = self._send(
                    method, path, headers={"Authorization": f"Bearer {token.text}"}, **content
                )
            except BaseException:
                self._throttle.lost(started)
                raise
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                self._throttle.refused(started, retry_after(answer.headers))
                refused_at = float("inf")  # what was a fresh token may be old after the wait
                continue
            self._throttle.answered(started)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                refusals += 1
                moment = self.waiting.clock()
                # One of a short life may have been over before ASP looked at it.
                alive = moment < token.stale_at
                if token.asked_at >= refused_at and (alive or refusals >= TOKENS_TRIED):
                    raise CredentialsRejected
                refused_token, refused_at = token, min(refused_at, moment)
                continue
            return answer

    def _ask_token(self) -> Answer:
        """In the turn of the request that needs the token: it teaches nothing about the limit of the others."""
        while True:
            answer = self._send("POST", self.contract.paths.token, auth=self._credentials)
            if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) and not answer.is_intercepted:
                raise CredentialsRejected
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                try:
                    return check(answer, self.contract.transport, wrote=False)
                except (Duplicate, NotThere, RecordRefused) as problem:  # which says nothing of any record
                    raise UnexpectedAnswer(
                        f"ASP Events answered a request for a token with {answer.status}. "
                        "See that PORTAL_ASP_BASE_URL is the address of its API."
                    ) from problem
            pause = retry_after(answer.headers) or UNSAID_PAUSE
            self._throttle.rest(pause)
            self.waiting.pause(pause)

    def _send(self, method: str, path: str, **content: Any) -> Answer:
        """One request, as it may begin now. Raises NoAnswer, for an outage too."""
        answer = self._exchange.send(method, path, min(self.timeout, self.waiting.left), **content)
        if answer.is_outage:
            self._throttle.rest(min(retry_after(answer.headers) or 0.0, LONGEST_OUTAGE_PAUSE))
            raise outage(answer)
        return answer
