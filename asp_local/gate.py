"""Stands before the API: counts, refuses, delays and breaks requests as the controls say."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from asp_local.answers import Refusal, error_answer, json_answer, not_found, slow_down, unauthorised
from asp_local.api import Api, method_not_allowed
from asp_local.faults import Clock, Controls, Dice
from asp_local.habits import failed_to_store, stopped_by_firewall, with_first_problem_alone
from asp_local.limits import RateLimit
from asp_local.seed import Account
from asp_local.statistics import SIGN_IN_PATH, Statistics, path_pattern
from asp_local.store import Store
from asp_local.tokens import Tokens
from asp_local.wire import HTML, Answer, Request

INVALID_TOKEN = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
WRONG_PAIR = {"WWW-Authenticate": 'Basic realm="asp-local"'}
WRITES = frozenset({"POST", "PUT"})
CUT = Answer(cut=True)
PAGE_IN_BETWEEN = b"<!doctype html><title>One moment</title><p>Checking your browser</p>"


class Gate:
    """Everything under /public."""

    def __init__(
        self,
        store: Store,
        accounts: Iterable[Account],
        controls: Controls,
        random_seed: int | None,
        clock: Clock,
        stopping: threading.Event,
    ) -> None:
        self.controls = controls
        self.statistics = Statistics()
        self._api = Api(store)
        self._tokens = Tokens(accounts, clock)
        self._dice = Dice(random_seed)
        self._rate_limit = RateLimit(clock)
        self._stopping = stopping
        self._changing = threading.Lock()

    def control(self, settings: Mapping[str, Any]) -> Controls:
        """Change some settings; raises BadSetting."""
        with self._changing:
            self.controls = self.controls.changed(settings)
        if "token_ttl_s" in settings:
            self._tokens.shorten(self.controls.token_ttl_s)
        return self.controls

    def answer(self, request: Request) -> Answer:
        """Answer a request as the API would, in the state that the controls put it in."""
        arrived = time.perf_counter()
        # One reading of the controls: a request lives under the settings that it arrived under.
        controls = self.controls
        pattern = path_pattern(request.segments())
        in_flight = self.statistics.begin(request.method, pattern)
        answer = CUT
        try:
            if not controls.down:
                answer = self._answer(request, pattern, in_flight, controls)
                self._delay(arrived, request, controls)
        finally:
            # Before the answer leaves, so that a sender who has it never meets their own last request.
            self.statistics.end("cut" if answer.cut else str(answer.status))
        return answer

    def _answer(self, request: Request, pattern: str, in_flight: int, controls: Controls) -> Answer:
        if controls.max_in_flight and in_flight > controls.max_in_flight:
            return slow_down(1 if controls.retry_after else None)
        at_risk = self._is_at_risk(request, controls)
        if at_risk and self._dice.hit(controls.fail_rate):
            return _failure(controls.fail_status)
        if at_risk and request.method in WRITES and self._dice.hit(controls.drop_before_commit_rate):
            return CUT
        try:
            if pattern == SIGN_IN_PATH:
                return self._give_token(request, controls)
            wait = self._rate_limit.wait(controls.rate_kind, controls.rate_per_s, controls.rate_window_s)
            if wait is not None:
                return slow_down(wait if controls.retry_after else None)
            if at_risk and request.method in WRITES:
                self._stopping.wait(controls.late_commit_ms / 1000)
                stopped = _stopped(request, controls)
                if stopped is not None:
                    return stopped
            if at_risk and request.method == "GET":
                request = self._as_if_changed(request)
            answer = self._answer_resource(request, pattern)
        except Refusal as refusal:
            return with_first_problem_alone(refusal.answer) if controls.one_problem else refusal.answer
        is_write = request.method in WRITES and answer.status < 300
        if at_risk and is_write and self._dice.hit(controls.drop_after_commit_rate):
            return CUT
        return self._spoilt(answer, controls) if at_risk else answer

    def _spoilt(self, answer: Answer, controls: Controls) -> Answer:
        """What of an answer arrives: a page of something in between, half of it, or all."""
        if self._dice.hit(controls.garble_rate):
            return replace(answer, body=PAGE_IN_BETWEEN, content_type=HTML)
        return replace(answer, torn=True) if self._dice.hit(controls.truncate_rate) else answer

    def _as_if_changed(self, request: Request) -> Request:
        """The same request for a page one record further on or back, as often as the controls say."""
        with self._changing:
            gaps, overlaps = self.controls.pages_with_a_gap, self.controls.pages_that_overlap
            offset = request.query.get("O", "0")
            if not (gaps or overlaps) or not offset.isdecimal() or offset == "0":
                return request
            shift, left = (
                (1, {"pages_with_a_gap": gaps - 1}) if gaps else (-1, {"pages_that_overlap": overlaps - 1})
            )
            self.controls = self.controls.changed(left)
        return replace(request, query=request.query | {"O": str(int(offset) + shift)})

    def _answer_resource(self, request: Request, pattern: str) -> Answer:
        methods = self._api.methods(pattern)
        if request.method == "DELETE":
            return method_not_allowed(methods)
        account = self._tokens.account_of(request.headers.get("authorization", ""))
        if account is None:
            raise unauthorised(INVALID_TOKEN, "The token is wrong or has expired.")
        if not methods:
            raise not_found("resource")
        if request.method not in methods:
            return method_not_allowed(methods)
        return self._api.answer(request, pattern, account)

    def _give_token(self, request: Request, controls: Controls) -> Answer:
        if request.method != "POST":
            return method_not_allowed(["POST"])
        token = self._tokens.issue(request.headers.get("authorization", ""), controls.token_ttl_s)
        if token is None:
            raise unauthorised(WRONG_PAIR, "The API key or the API secret is wrong.")
        return json_answer(token, headers={"Authentication-Info": f"expires-in={int(controls.token_ttl_s)}"})

    def _is_at_risk(self, request: Request, controls: Controls) -> bool:
        return controls.fail_paths in f"{request.method} {request.path}"

    def _delay(self, arrived: float, request: Request, controls: Controls) -> None:
        pause = controls.latency_ms / 1000
        if controls.hang_s and self._is_at_risk(request, controls):
            pause = max(pause, controls.hang_s)
        left = arrived + pause - time.perf_counter()
        if left > 0:
            self._stopping.wait(left)


def _stopped(request: Request, controls: Controls) -> Answer | None:
    """What a write gets that does not come as far as the API, or not back from it."""
    if controls.firewall_status:
        stopped = stopped_by_firewall(request, controls.firewall_status)
        if stopped is not None:
            return stopped
    return failed_to_store(request) if controls.utf8mb3 else None


def _failure(status: int) -> Answer:
    if status == 429:
        return slow_down(1)
    return error_answer(status, "asp-local was told to fail.", INVALID_TOKEN if status == 401 else {})
