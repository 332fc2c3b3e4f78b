"""Making one person of two entries, after both were seen side by side (H3, D13)."""

from collections.abc import Collection

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import Refused
from portal.htmx import leave_for, render_either
from portal.models import Contact, Event, Organisation
from portal.operations.editing.labels import PERSON_LABELS as LABELS
from portal.operations.editing.removing import sessions_of
from portal.operations.editing.uniting import Pair, pair_up, unite, what_becomes_of_both
from portal.operations.queries.custom_fields import list_shown_fields
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.people_list import find_alike, find_people
from portal.views.access import EVENT, for_admins
from portal.views.records import person_address
from portal.views.undoing import tell_with_undo

MERGE = f"{EVENT}/people/<contact_id>/merge"
MOST_FOUND = 8  # people that are offered

blueprint = Blueprint("uniting", __name__)


@blueprint.get(MERGE)
@for_admins
def merge_choose(organisation: Organisation, event: Event, contact: Contact) -> ResponseReturnValue:
    """With whom: those who are alike, or whom a search finds."""
    search = request.args.get("search", "").strip()
    found = [
        each for each in find_people(event, search, MOST_FOUND + 1) if each.source_id != contact.source_id
    ]
    return render_template(
        "uniting/choose.html",
        contact=contact,
        name=contact.name,
        alike=find_alike(event, contact, MOST_FOUND),
        search=search,
        found=found[:MOST_FOUND],
        reason_not_edit=why_not_edit(event),
    )


@blueprint.get(f"{MERGE}/<other_contact_id>")
@for_admins
def merge_ask(organisation: Organisation, event: Event, contact: Contact, other: Contact) -> Response:
    return show_pair(event, contact, other)


@blueprint.post(f"{MERGE}/<other_contact_id>")
@for_admins
def merge_people(organisation: Organisation, event: Event, contact: Contact, other: Contact) -> Response:
    if other.id == contact.id:
        return go_back_to_choose(event, contact)
    theirs = [
        name.removeprefix("take_")
        for name, value in request.form.items()
        if name.startswith("take_") and value == "second"
    ]
    try:
        united = unite(pair_up(contact, other), request.form.get("seen", ""), theirs, current_user.email)
    except Refused as refusal:
        return show_pair(event, contact, other, theirs, str(refusal))
    stays = united.stays
    tell_with_undo(f"{stays.name} is one person now.", united.change)
    return leave_for(person_address(event, stays.source_id))


def show_pair(
    event: Event, contact: Contact, other: Contact, theirs: Collection[str] = (), refusal: str = ""
) -> Response:
    """Both side by side; `theirs` are the fields of which the other one's value was chosen already."""
    if other.id == contact.id:
        return go_back_to_choose(event, contact)
    pair = pair_up(contact, other)
    return render_either(
        "uniting/ask.html",
        "uniting/_ask.html",
        422 if refusal else 200,
        pair=pair,
        theirs=theirs,
        names=[contact.name, other.name],
        numbers=[len(sessions_of(contact)), len(sessions_of(other))],
        labels=labels_of_pair(pair),
        told=what_becomes_of_both(pair),
        problem=why_not_edit(event) or refusal,
    )


def go_back_to_choose(event: Event, contact: Contact) -> Response:
    flash("Choose somebody else of this event.", "warning")
    return leave_for(
        url_for(
            "uniting.merge_choose",
            org=event.organisation.slug,
            event_id=event.id,
            contact_id=contact.source_id,
        )
    )


def labels_of_pair(pair: Pair) -> dict[str, str]:
    """What the fields are called, the event's own among them."""
    custom = {
        each.key: each.name
        for contact in (pair.first, pair.second)
        for each in list_shown_fields(contact.event_id, "speaker", contact.custom_fields or {})
    }
    return LABELS | custom
