"""The documented calls, answered from the records. What the controls say of them is the gate's."""

import math
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, request

from sessionboard_local.faults import Controls
from sessionboard_local.gate import Gate
from sessionboard_local.records import LOOKUPS, OLDER_LISTS, EventRecords, Record, Records

LARGEST_PAGE = 100


def make_api(records: Records, gate: Gate) -> Blueprint:
    """The blueprint of everything under /v1."""
    api = Blueprint("api", __name__, url_prefix="/v1")
    api.before_request(gate.before)
    api.after_request(gate.after)

    @api.get("/events")
    def events() -> Response:
        with records.lock:
            return _page([each.event for each in records.events.values()])

    @api.post("/event/<event_id>/sessions")
    def sessions(event_id: str) -> Response:
        found = _event(records, event_id)
        with records.lock:
            wanted = [each for each in found.sessions.values() if _is_wanted(each)]
            return gate.cached(lambda: _page(_in_order(wanted), lambda each: _shown(found, each)))

    @api.post("/event/<event_id>/speakers")
    def speakers(event_id: str) -> Response:
        found = _event(records, event_id)
        with records.lock:
            wanted = [each for each in found.contacts.values() if _is_wanted(each)]
            return gate.cached(
                lambda: _page(_in_order(wanted), lambda each: _person(found.contact(each["id"])))
            )

    @api.get("/event/<event_id>/<lookup>")
    def lookup(event_id: str, lookup: str) -> Response:
        found = _event(records, event_id)
        with records.lock:
            if lookup == "fields":
                return _page(found.fields)
            if lookup not in LOOKUPS:
                abort(404, "There is no such list.")
            return _page(list(found.lookups[lookup].values()))

    return api


def _event(records: Records, event_id: str) -> EventRecords:
    found = records.events.get(event_id)
    if found is None:
        abort(404, "There is no such event.")
    return found


def _filters() -> Record:
    body = request.get_json(silent=True) if request.data else {}
    filters = (body or {}).get("filters") or {}
    if not isinstance(body, dict) or not isinstance(filters, dict):
        abort(400, "The body must be an object with filters.")
    return filters


def _is_wanted(record: Record) -> bool:
    filters = _filters()
    if "isAbstract" in filters and bool(record.get("is_abstract")) != filters["isAbstract"]:
        return False
    after = (filters.get("updatedAt") or {}).get("after")
    return not after or _moment(record.get("updated_at")) > _moment(after)


def _moment(text: Any) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError):
        abort(400, "updatedAt.after must be a moment in ISO 8601.")


def _in_order(found: list[Record]) -> list[Record]:
    sort = (request.get_json(silent=True) or {}).get("sort") or {} if request.data else {}
    if sort.get("order") != "updatedAt":
        return found
    return sorted(found, key=lambda each: each.get("updated_at") or "", reverse=sort.get("sort") == "desc")


def _page(found: list[Record], show: Any = lambda each: each) -> Response:
    number, size = _number("page", 1), _number("pageSize", 25)
    if size > LARGEST_PAGE:
        abort(400, f"pageSize must be at most {LARGEST_PAGE}.")
    start = (number - 1) * size
    return jsonify(
        {
            _controls().envelope: [show(each) for each in found[start : start + size]],
            "pagination": {
                "currentPage": number,
                "pageSize": size,
                "totalPages": math.ceil(len(found) / size),
                "totalResults": len(found),
            },
        }
    )


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        abort(400, f"{name} must be a number from 1.")
    return int(text)


def _controls() -> Controls:
    found: Controls = g.controls
    return found


def _shown(event: EventRecords, stored: Record) -> Record:
    session = event.session(stored["id"])
    if _controls().older_arrays:
        del session["participants"]
    if _controls().tell_categories and session.get("status") in event.categories:
        session["status_category"] = event.categories[session["status"]]
    for key in OLDER_LISTS:
        session[key] = [_person(each) for each in session[key]]
    for each in session.get("participants", ()):
        each["contact"] = _person(each["contact"])
    return session


def _person(contact: Record) -> Record:
    if not g.hides_pii or not contact.get("email"):
        return contact
    name, _, host = contact["email"].partition("@")
    return {**contact, "email": f"{name[:1]}***@{host[:1]}***.{host.rpartition('.')[2]}"}
