"""Habits of real servers, and of what stands before and behind them, that the controls can turn on."""

import json

from asp_local.answers import error_answer, json_answer
from asp_local.wire import HTML, Answer, Request

# What firewalls for web applications take for an attack, in small letters.
SUSPECT = ("<script", "union select", "../..", "onerror=")
FIREWALL_PAGE = (
    "<html><head><title>Request blocked</title></head><body><h1>Request blocked</h1></body></html>"
)
LAST_OF_THREE_BYTES = "\uffff"  # what lies beyond needs four bytes in UTF-8


def stopped_by_firewall(request: Request, status: int) -> Answer | None:
    """The page of a firewall, for a body that looks like an attack to it."""
    sent = _text(request).casefold()
    return Answer(status, FIREWALL_PAGE.encode(), HTML) if any(each in sent for each in SUSPECT) else None


def failed_to_store(request: Request) -> Answer | None:
    """The error of a database that keeps no characters of four bytes (utf8mb3), such as emoji."""
    if max(_text(request), default="") <= LAST_OF_THREE_BYTES:
        return None
    return error_answer(500, "Incorrect string value.")


def with_first_problem_alone(answer: Answer) -> Answer:
    """A 422 as servers answer that stop at the first wrong field."""
    said = json.loads(answer.body) if answer.status == 422 else {}
    return json_answer({"errors": said["errors"][:1]}, 422) if "errors" in said else answer


def _text(request: Request) -> str:
    """What is sent, without JSON's escapes."""
    try:
        return json.dumps(json.loads(request.body or b"null"), ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
