"""Stands before the API: asks for the token, counts, limits, delays and breaks as the controls say."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, g, jsonify, request

from sessionboard_local.faults import Clock, Controls, Faults, Limits

TOKEN_HEADER = "x-access-token"  # noqa: S105 (a header's name)


class Gate:
    """Everything that happens to a request besides its answer. `tokens`: token → whether it hides personal data."""

    def __init__(
        self, tokens: Mapping[str, bool], controls: Controls, clock: Clock, stopping: threading.Event
    ) -> None:
        self.tokens = dict(tokens)
        self.controls = controls
        self._clock = clock
        self._stopping = stopping
        self._limits = Limits(clock)
        self._faults = Faults()
        self._lock = threading.Lock()
        self._cache: dict[tuple[str, bytes, str], tuple[float, Any]] = {}
        self._seen: Counter[str] = Counter()

    def control(self, settings: Mapping[str, Any]) -> Controls:
        """Change some settings; raises BadSetting."""
        self.controls = self.controls.changed(settings)
        self._faults.reset()
        return self.controls

    def statistics(self) -> dict[str, Any]:
        """How many requests arrived, in all and by method and path."""
        with self._lock:
            return {"requests": self._seen.total(), "by": dict(self._seen)}

    def reset_statistics(self) -> None:
        with self._lock:
            self._seen.clear()

    def before(self) -> Response | None:
        """What is answered in the API's place, if anything."""
        arrived = time.perf_counter()
        controls = g.controls = self.controls
        with self._lock:
            self._seen[f"{request.method} {request.path}"] += 1
        call = f"{request.method} {request.full_path}"
        g.fault = self._faults.hit(call, controls)
        self._pause(arrived, controls)
        if controls.down:
            g.cut = True
            return Response(status=503)
        if g.fault and controls.fail_status:
            return _failure(controls.fail_status)
        token = request.headers.get(TOKEN_HEADER, "")
        if token not in self.tokens:
            abort(401, "The access token is missing or invalid.")
        g.hides_pii = controls.hide_pii or self.tokens[token]
        if request.method == "GET":  # searches are not limited
            g.allowance = self._limits.take(request.path.rpartition("/")[2], controls)
            if g.allowance is not None and g.allowance.refused:
                return _failure(429, str(g.allowance.reset))
        return None

    def after(self, answer: Response) -> Response:
        """The answer with the limit's headers, spoilt where the controls say so."""
        allowance = g.get("allowance")
        if allowance is not None:
            answer.headers["RateLimit-Limit"] = str(allowance.limit)
            answer.headers["RateLimit-Remaining"] = str(allowance.remaining)
            answer.headers["RateLimit-Reset"] = str(allowance.reset)
        breaks = g.controls.breaks if g.get("fault") and answer.status_code == 200 else ""
        if breaks == "json":
            answer.set_data(b"<html>Bad gateway</html>")
        elif breaks == "half":
            whole = answer.get_data()
            answer.set_data(whole[: len(whole) // 2])
        elif breaks == "list":
            answer.set_data(b"[]")
        elif breaks == "cut" or g.get("cut"):
            body = answer.get_data()
            answer.set_data(body[: len(body) // 2])
            answer.headers["Content-Length"] = str(len(body) + 100)  # more than will come
        return answer

    def cached(self, make: Callable[[], Response]) -> Response:
        """The answer to this search as it was given a short while ago, else a new one."""
        controls: Controls = g.controls
        if not controls.cache_s:
            return make()
        key = (request.full_path, request.get_data(), request.headers.get(TOKEN_HEADER, ""))
        kept = self._cache.get(key)
        if kept is None or self._clock() >= kept[0] + controls.cache_s:
            kept = self._cache[key] = (self._clock(), make().get_json())
        return jsonify(kept[1])

    def _pause(self, arrived: float, controls: Controls) -> None:
        pause = max(controls.latency_ms / 1000, controls.hang_s if g.fault else 0)
        left = arrived + pause - time.perf_counter()
        if left > 0:
            self._stopping.wait(left)


def _failure(status: int, retry_after: str = "1") -> Response:
    answer = jsonify({"error": f"Error {status}", "message": "sessionboard-local was told to fail."})
    answer.status_code = status
    if status == 429:
        answer.headers["Retry-After"] = retry_after
    return answer
