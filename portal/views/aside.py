"""How a record stands in ASP, beside its fields (E9)."""

from typing import Any

from flask import request

from portal.htmx import wants_partial
from portal.models import Event, now
from portal.operations.queries.back_office import sessions_in_back_office
from portal.operations.queries.organisation import find_connection
from portal.operations.queries.records import find_in_asp
from portal.operations.syncing.upcoming import next_look
from portal.sync.running.readiness import assess_person, assess_session


def describe_in_asp(event: Event, kind: str, source_id: str) -> dict[str, Any]:
    """What the aside needs of a session ("session") or a person ("speaker").

    A form that HTMX swaps by itself, as when a row is added to it, keeps the aside that is there: to say how a
    record stands, its whole programme may have to be read.
    """
    if request.method == "POST" and wants_partial():
        return {"in_asp": None}
    is_session = kind == "session"
    found, moment = find_in_asp(event, kind, source_id), now()
    at = next_look(found.mapping, find_connection(event.organisation_id), moment) if found.mapping else None
    return {
        "kind": kind,
        "source_id": source_id,
        "state": assess_session(event, source_id) if is_session else assess_person(event, source_id),
        "in_asp": found,
        "next_at": at,
        "is_due": at is not None and at <= moment,
        "back_office": sessions_in_back_office(found.mapping) if is_session else None,
    }
