"""An event's agenda, with its way to a sync."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.htmx import render_either, render_part, wants_partial
from portal.models import Event, Organisation
from portal.operations.many import last_change
from portal.operations.queries.agenda import list_agenda
from portal.operations.queries.drafts import why_not_edit
from portal.operations.queries.events import count_statuses, summarise_event
from portal.operations.syncing import active_run, find_mapping, why_not_sync
from portal.sync.running.readiness import Readiness, assess
from portal.views.access import for_members

blueprint = Blueprint("agenda", __name__)


@blueprint.get("/orgs/<org>/events/<int(max=2147483647):event_id>/agenda")
@for_members
def agenda_show(organisation: Organisation, event: Event) -> Response:
    readiness = assess(event)
    context = describe_list(event, readiness)
    if not wants_partial():
        context |= describe_head(event, readiness)
    return render_either("agenda/agenda.html", "agenda/_list.html", **context)


@blueprint.get("/orgs/<org>/events/<int(max=2147483647):event_id>/agenda/head")
@for_members
def agenda_head(organisation: Organisation, event: Event) -> ResponseReturnValue:
    return render_part("agenda/_head.html", **describe_head(event, assess(event)))


def describe_head(event: Event, readiness: Readiness) -> dict[str, Any]:
    """What the part above the list needs: it is fetched again when a run starts or ends."""
    return {
        "summary": summarise_event(event),
        "readiness": readiness,
        "mapping": find_mapping(event),
        "run": active_run(event),
        "reason": why_not_sync(event),
        "reason_not_edit": why_not_edit(event),
        "last_change": last_change(event, current_user.email),
    }


def describe_list(event: Event, readiness: Readiness) -> dict[str, Any]:
    search, status = request.args.get("search", "").strip(), request.args.get("status", "")
    days = list_agenda(event, search, status)
    statuses = count_statuses(event)
    return {
        "days": days,
        "states": readiness.states,
        "search": search,
        "status": status,
        "statuses": statuses,
        "total": sum(statuses.values()),
        "found": sum(len(day.rows) for day in days),
        "address": url_for("agenda.agenda_show", org=event.organisation.slug, event_id=event.id),
    }
