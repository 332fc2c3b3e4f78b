"""Sessions and people, to read."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.htmx import render_either
from portal.models import Contact, Event, Organisation, Session
from portal.operations.queries.drafts import why_not_edit
from portal.operations.queries.records import describe_contact, describe_session, list_people
from portal.sync.running.readiness import assess
from portal.views.access import for_members, page_number

EVENT = "/orgs/<org>/events/<int(max=2147483647):event_id>"

blueprint = Blueprint("records", __name__)


@blueprint.get(f"{EVENT}/sessions/<session_id>")
@for_members
def session_show(organisation: Organisation, event: Event, session: Session) -> ResponseReturnValue:
    return render_template(
        "records/session.html",
        session=session,
        details=describe_session(event, session),
        state=assess(event).states.get(session.source_id),
        reason_not_edit=why_not_edit(event),
    )


@blueprint.get(f"{EVENT}/people")
@for_members
def person_list(organisation: Organisation, event: Event) -> Response:
    search = request.args.get("search", "").strip()
    return render_either(
        "records/people.html",
        "records/_people.html",
        people=list_people(event, search, page_number()),
        search=search,
        reason_not_edit=why_not_edit(event),
        address=url_for("records.person_list", org=organisation.slug, event_id=event.id),
    )


@blueprint.get(f"{EVENT}/people/<contact_id>")
@for_members
def person_show(organisation: Organisation, event: Event, contact: Contact) -> ResponseReturnValue:
    appearances, outcomes = describe_contact(event, contact)
    return render_template(
        "records/person.html",
        contact=contact,
        appearances=appearances,
        outcomes=outcomes,
        reason_not_edit=why_not_edit(event),
    )
