"""An answer of ASP: what it says beside its status, and the error that stands for one that is no success."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from portal.asp.contract import TransportNames
from portal.asp.errors import Duplicate, Intercepted, NoAnswer, NotThere, RecordRefused, UnexpectedAnswer
from portal.retrying import may_succeed_later
from portal.text.addresses import parts_of
from portal.text.storable import with_storable_texts
from portal.wire import NoJson, json_of

TOTAL = re.compile("[0-9]{1,9}")  # of records; more digits are no number of any list
# What may stand for NUL or for half of a surrogate pair in JSON.
ODD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]")
PROBLEM_UNSAID = "not accepted"
# Outages by which a proxy says that it waits no longer: what stands behind may be at work on it still (E11).
GAVE_UP = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT}
# What firewalls and proxies answer to a request that they do not let pass, with a page of their own.
INTERCEPTED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
LEADS_ELSEWHERE = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` are found in any case of letters, `links` are those of the Link header."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    links: tuple[Mapping[str, str], ...] = ()

    @property
    def is_outage(self) -> bool:
        """Whether it says that ASP could not answer now, so that the same request may succeed later."""
        return may_succeed_later(self.status)

    @property
    def is_intercepted(self) -> bool:
        """Whether something in front of ASP has answered in its place."""
        page = (
            self.headers.get("Content-Type", "").lower().startswith("text/html")
            or self.body.lstrip()[:1] == b"<"
        )
        return self.status in INTERCEPTED and page


def value_of(answer: Answer) -> Any:
    """The JSON value; None for an empty body. Raises NoAnswer for anything else: a page of a proxy, half a body."""
    if not answer.body:
        return None
    try:
        value = json_of(answer.body)
        return with_storable_texts(value) if ODD.search(answer.body) else value
    except (NoJson, RecursionError) as problem:
        raise NoAnswer("the answer is no JSON", arrived=True) from problem


def value_in(answer: Answer) -> Any:
    """The same of an answer that must hold one: an empty one is none. Raises NoAnswer."""
    if not answer.body:
        raise NoAnswer("the answer is empty", arrived=True)
    return value_of(answer)


def outage(answer: Answer) -> NoAnswer:
    """What stands for an answer that `is_outage`."""
    return NoAnswer(
        f"ASP answered {answer.status}",
        arrived=True,
        timed_out=answer.status in GAVE_UP,
        status=answer.status,
    )


def check(answer: Answer, names: TransportNames, *, wrote: bool = True) -> Answer:
    """The same answer, to what `wrote` or only read. Raises what stands for it when it is no success: AspError."""
    status = answer.status
    if 200 <= status < 300:
        return answer
    if answer.is_intercepted:
        raise Intercepted(status, wrote=wrote)
    said = _said(answer)
    words = str(said.get(names.error) or "").strip()
    if status == HTTPStatus.NOT_FOUND:
        raise NotThere(words or "ASP has no such record.")
    if status == HTTPStatus.CONFLICT:
        uuid = said.get(names.duplicate_uuid)
        raise Duplicate(uuid if isinstance(uuid, str) else None)
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
        problems = _problems(said.get(names.errors), names)
        quoted = "; ".join(f"{slug}: {message}" for slug, message in problems.items()) or words
        raise RecordRefused(f"ASP refused it: {quoted.rstrip('.') or f'status {status}'}.", problems)
    if status == HTTPStatus.FORBIDDEN:
        raise UnexpectedAnswer("ASP Events does not allow this API key to do that (403).")
    if status in LEADS_ELSEWHERE:
        raise UnexpectedAnswer(
            f"ASP Events led to another address ({status}), where the portal does not follow with the API key. "
            "See that PORTAL_ASP_BASE_URL is the very address that ASP Events names, with https."
        )
    told = words.rstrip(".")
    raise UnexpectedAnswer(f"ASP Events answered {status}{f': {told}' if told else ''}.")


def told_total(answer: Answer, names: TransportNames) -> int | None:
    """How many records the whole list has, where the page says it."""
    total = answer.headers.get(names.total_header, "")
    return int(total) if TOTAL.fullmatch(total) else None


def next_page(
    query: dict[str, Any], answer: Answer, length: int, taken: int, names: TransportNames
) -> dict[str, Any] | None:
    """The query of the page after a page of this `length`, with which `taken` records were read; None after the last.

    Of the link's target only the query is used: the token must not travel to another host.
    """
    for link in answer.links:
        if "next" in link.get("rel", "").lower().split():
            return {**query, **dict(parse_qsl(parts_of(link["url"]).query))}
    total = told_total(answer, names)
    goes_on = length >= names.page_size if total is None else taken < total
    if length and goes_on:
        return {**query, names.offset: taken}
    return None


def _said(answer: Answer) -> dict[str, Any]:
    """The object in an answer that is no success; empty when there is none."""
    try:
        value = value_of(answer)
    except NoAnswer:
        return {}
    return value if isinstance(value, dict) else {}


def _problems(errors: Any, names: TransportNames) -> dict[str, str]:
    if isinstance(errors, dict):  # field → its messages, as many servers write it
        return {field: _in_words(messages) for field, messages in errors.items() if field}
    if not isinstance(errors, list):
        return {}
    return {
        str(error.get(names.error_field)): _in_words(error.get(names.error_message))
        for error in errors
        if isinstance(error, dict) and error.get(names.error_field)
    }


def _in_words(message: Any) -> str:
    return "; ".join(map(str, message if isinstance(message, list) else [message or ""])) or PROBLEM_UNSAID
