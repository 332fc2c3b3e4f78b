"""Removing a session or a person, after saying what becomes of it (H3, D9)."""

from flask import Blueprint, Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import Refused
from portal.htmx import leave_for
from portal.models import Contact, Event, Organisation, Session
from portal.operations.editing.removing import (
    remove_person,
    remove_session,
    what_becomes_of_person,
    what_becomes_of_session,
)
from portal.operations.queries.editable import why_not_edit
from portal.views.access import EVENT, for_admins
from portal.views.records import person_address, session_address

blueprint = Blueprint("removing", __name__)


@blueprint.get(f"{EVENT}/sessions/<session_id>/remove")
@for_admins
def session_ask(organisation: Organisation, event: Event, session: Session) -> ResponseReturnValue:
    back = session_address(event, session.source_id)
    name = session.name
    return show_question(event, name, what_becomes_of_session(session), back, "agenda")


@blueprint.post(f"{EVENT}/sessions/<session_id>/remove")
@for_admins
def session_remove(organisation: Organisation, event: Event, session: Session) -> Response:
    name = session.name
    try:
        gone = remove_session(session, current_user.email)
    except Refused as refusal:
        flash(str(refusal), "warning")
    else:
        flash(f"“{name}” {'is removed' if gone else 'counts as no longer accepted'}.", "success")
    return leave_for(url_for("agenda.agenda_show", org=organisation.slug, event_id=event.id))


@blueprint.get(f"{EVENT}/people/<contact_id>/remove")
@for_admins
def person_ask(organisation: Organisation, event: Event, contact: Contact) -> ResponseReturnValue:
    back = person_address(event, contact.source_id)
    return show_question(event, contact.name, what_becomes_of_person(contact), back, "people")


@blueprint.post(f"{EVENT}/people/<contact_id>/remove")
@for_admins
def person_remove(organisation: Organisation, event: Event, contact: Contact) -> Response:
    name = contact.name
    try:
        gone = remove_person(contact, current_user.email)
    except Refused as refusal:
        flash(str(refusal), "warning")
    else:
        flash(f"{name} {'is removed' if gone else 'is on no session any more'}.", "success")
    return leave_for(url_for("records.person_list", org=organisation.slug, event_id=event.id))


def show_question(event: Event, name: str, told: list[str], back: str, area: str) -> ResponseReturnValue:
    return render_template(
        "removing/ask.html", name=name, told=told, back=back, area=area, reason_not_edit=why_not_edit(event)
    )
