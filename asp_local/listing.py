"""Answers a list: filters, sorts and cuts out the page that the query asks for."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from asp_local.answers import bad_request
from asp_local.kinds import Kind
from asp_local.store import Stored
from asp_local.wire import Answer

DEFAULT_LIMIT = 10
LARGEST_LIMIT = 1000


def list_answer(kind: Kind, records: list[Stored], path: str, query: Mapping[str, str]) -> Answer:
    """One page of the records as JSON, with the totals and the next page in the headers."""
    offset = _number(query, "O", 0, 0, None)
    limit = _number(query, "L", DEFAULT_LIMIT, 1, LARGEST_LIMIT)
    filtered = _sorted(kind, _filtered(records, query), query.get("S", ""))
    page = filtered[offset : offset + limit]
    headers = {
        "X-Records-Total": str(len(records)),
        "X-Records-Filtered": str(len(filtered)),
        "X-Records-Page": str(len(page)),
    }
    if offset + limit < len(filtered):
        kept = {name: value for name, value in query.items() if name not in ("O", "L")}
        following = urlencode(kept | {"O": str(offset + limit), "L": str(limit)}, quote_via=quote)
        headers["Link"] = f'<{path}?{following}>; rel="next"'
    return Answer(200, b"[" + b",".join([each.answer for each in page]) + b"]", headers=headers)


def _number(query: Mapping[str, str], name: str, default: int, least: int, most: int | None) -> int:
    text = query.get(name)
    if text is None:
        return default
    limits = f"{name} must be a whole number of at least {least}" + (f" and at most {most}" if most else "")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise bad_request(f"{limits}.")
    number = int(text)
    if number < least or (most is not None and number > most):
        raise bad_request(f"{limits}.")
    return number


def _filtered(records: list[Stored], query: Mapping[str, str]) -> list[Stored]:
    site = query.get("SiteUuid")
    if site is not None:
        records = [each for each in records if each.record.get("SiteUuid", site) == site]
    text = query.get("Q", "").casefold()
    return [each for each in records if each.contains(text)] if text else records


def _sorted(kind: Kind, records: list[Stored], order: str) -> list[Stored]:
    if not order:
        return records
    name = order.removeprefix("-")
    if name not in kind.sortable():
        raise bad_request(f"S: {name} is no field to sort by.")

    def key(stored: Stored) -> tuple[bool, Any]:
        value = stored.record.get(name)
        if value is None:
            return (False, "")
        return (True, value.casefold() if isinstance(value, str) else value)

    return sorted(records, key=key, reverse=order.startswith("-"))
