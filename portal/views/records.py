"""Sessions and people, to read."""

from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.htmx import render_either
from portal.models import Contact, Event, Organisation, Session
from portal.operations.editing.changes import MERGE, last_change
from portal.operations.queries.custom_fields import list_custom_values
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.narrowing import PROBLEM, WITHOUT
from portal.operations.queries.people_list import PEOPLE_FACETS, PEOPLE_SORTS, find_alike, list_people
from portal.operations.queries.records import describe_contact, describe_session
from portal.sync.planning.standing import Standing
from portal.sync.running.readiness import assess
from portal.text.clock import describe_changes
from portal.views.access import EVENT, for_members
from portal.views.aside import describe_in_asp
from portal.views.display import standing_state, words
from portal.views.list_address import ListAddress, make_options, push_clean, rank_in

MENUS = {"role": "Role", "acceptance": "Acceptance", "company": "Company"}
MOST_ALIKE = 3  # people who may be the same one
RANKS = {"state": rank_in(Standing)}

blueprint = Blueprint("records", __name__)


def session_address(event: Event, session_id: str) -> str:
    """Where a session of the event is read."""
    org = event.organisation.slug
    return url_for("records.session_show", org=org, event_id=event.id, session_id=session_id)


def person_address(event: Event, contact_id: str) -> str:
    """Where a person of the event is read."""
    org = event.organisation.slug
    return url_for("records.person_show", org=org, event_id=event.id, contact_id=contact_id)


@blueprint.get(f"{EVENT}/sessions/<session_id>")
@for_members
def session_show(organisation: Organisation, event: Event, session: Session) -> ResponseReturnValue:
    zone = ZoneInfo(event.timezone)
    return render_template(
        "records/session.html",
        session=session,
        details=describe_session(event, session),
        custom=list_custom_values(event.id, "session", session.custom_fields),
        change_of_clocks=describe_changes(
            (each.astimezone(zone).date() for each in (session.starts_at, session.ends_at) if each), zone
        ),
        reason_not_edit=why_not_edit(event),
        fixing=None,
        **describe_in_asp(event, "session", session.source_id),
    )


@blueprint.get(f"{EVENT}/people")
@for_members
def person_list(organisation: Organisation, event: Event) -> Response:
    path = url_for("records.person_list", org=organisation.slug, event_id=event.id)
    wanted = ListAddress.read(path, request.args, ("search", "sort", *PEOPLE_FACETS, "page"))
    states = assess(event).people
    chosen = {name: wanted.all(name) for name in PEOPLE_FACETS}
    people = list_people(event, states, chosen, wanted.first("search"), wanted.first("sort"), wanted.page)
    response = render_either(
        "records/people.html",
        "records/_people.html",
        people=people,
        states=states,
        wanted=wanted,
        options={
            name: make_options(people.numbers[name], chosen[name], partial(label_of, name), RANKS.get(name))
            for name in PEOPLE_FACETS
        },
        problems=people.numbers["problem"][PROBLEM],
        menus=MENUS,
        sorts=PEOPLE_SORTS,
        reason_not_edit=why_not_edit(event),
        last_change=last_change(event, ("speaker", MERGE), current_user.email),
    )
    return push_clean(response, wanted)


def label_of(name: str, value: str) -> str:
    """What is read for a value that people are narrowed to."""
    if value == WITHOUT:
        return "Without a company" if name == "company" else "On no session"
    if name == "state" and value in list(Standing):
        return standing_state(value)[0]
    return value if name == "company" else words(value)


@blueprint.get(f"{EVENT}/people/<contact_id>")
@for_members
def person_show(organisation: Organisation, event: Event, contact: Contact) -> ResponseReturnValue:
    appearances, outcomes = describe_contact(event, contact)
    return render_template(
        "records/person.html",
        contact=contact,
        appearances=appearances,
        custom=list_custom_values(event.id, "speaker", contact.custom_fields),
        outcomes=outcomes,
        alike=find_alike(event, contact, MOST_ALIKE),
        reason_not_edit=why_not_edit(event),
        fixing=None,
        **describe_in_asp(event, "speaker", contact.source_id),
    )
