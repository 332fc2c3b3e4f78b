"""The JSON answers of the API, and the exception that carries a refusal to the place that sends it."""

import json
from typing import Any

from asp_local.store import to_json
from asp_local.wire import Answer, Request

Problem = dict[str, str]


class Refusal(Exception):
    """The request is refused with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Any value as JSON."""
    return Answer(status, to_json(value).encode(), headers=headers or {})


def error_answer(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    """`{"error": message}` with a status."""
    return json_answer({"error": message}, status, headers)


def bad_request(message: str) -> Refusal:
    """400: the request makes no sense."""
    return Refusal(error_answer(400, message))


def not_found(noun: str) -> Refusal:
    """404: there is no such record, or this account does not see it."""
    return Refusal(error_answer(404, f"There is no such {noun}."))


def unprocessable(problems: list[Problem]) -> Refusal:
    """422: every problem of the record at once."""
    return Refusal(json_answer({"errors": problems}, 422))


def duplicate(uuid: str) -> Refusal:
    """409: another record of the site has what must be unique."""
    return Refusal(json_answer({"error": "duplicate", "Uuid": uuid}, 409))


def unauthorised(headers: dict[str, str], message: str) -> Refusal:
    """401: the credentials or the token do not hold."""
    return Refusal(error_answer(401, message, headers))


def slow_down(seconds: int | None) -> Answer:
    """429: come back after so many seconds, which None leaves unsaid."""
    headers = {} if seconds is None else {"Retry-After": str(seconds)}
    return error_answer(429, "Too many requests.", headers)


def read_object(request: Request) -> dict[str, Any]:
    """The JSON object in a request's body; raises Refusal."""
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise bad_request("The body must be a JSON object.")
    return value
