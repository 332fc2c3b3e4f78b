"""The window's second step: which event goes to which ASP event and seminar (B)."""

from flask import Blueprint, Response, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import PortalError
from portal.forms.refusals import show_refusal
from portal.forms.window.mappings import MappingForm
from portal.htmx import go_on, render_part
from portal.models import Mapping, Organisation
from portal.operations.connection.checking import check_seminar
from portal.operations.mapping.adding import AddedMapping, Answers, add_mapping
from portal.operations.mapping.destination import free_events
from portal.operations.mapping.unmapping import remove_mapping
from portal.operations.queries.access import find_event
from portal.operations.queries.organisation import find_connection, list_mappings_in_force
from portal.operations.syncing.obstacles import find_obstacles
from portal.views.access import for_admins, number_in
from portal.views.window.steps import (
    MAP_EVENTS,
    WINDOW,
    load_seminars,
    load_sites,
    proposed_mapping,
    show_step,
    step_address,
    way_back,
)

CAN_SYNC = "Nothing keeps {event} from being synced any more."

blueprint = Blueprint("mappings", __name__)


@blueprint.post(f"{WINDOW}/mappings")
@for_admins
def mapping_add(organisation: Organisation) -> Response:
    mappings = list_mappings_in_force(organisation)
    form = MappingForm(free_events(organisation), mappings)
    event = find_event(organisation, number_in(request.form, "event"))
    if not form.validate_on_submit() or event is None:
        return show_step(organisation, MAP_EVENTS, 422, form=form, choices=load_sites(organisation))
    try:
        answers = Answers(
            confirms_timezone=form.confirmed_for(event),
            second_set=bool(form.confirm_second.data),
            unpublish=form.unpublishes,
            like=next((each for each in mappings if str(each.id) == form.like.data), None),
        )
        added = add_mapping(event, form.site.data, form.seminar, current_user.email, answers)
    except PortalError as error:
        form.ask_about(event)
        show_refusal(form, error)
        return show_step(organisation, MAP_EVENTS, 422, form=form, choices=load_sites(organisation))
    tell_added(added)
    return go_on(step_address(organisation, MAP_EVENTS))


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/remove")
@for_admins
def mapping_remove(organisation: Organisation, mapping: Mapping) -> Response:
    seminar = f"{mapping.site_name} › {mapping.seminar_name or 'seminar'} ({mapping.seminar_number})"
    text = f"{mapping.event.name} no longer syncs to {seminar}."
    remove_mapping(mapping, current_user.email)
    flash(text, "success")
    return go_on(step_address(organisation, MAP_EVENTS))


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/check")
@for_admins
def mapping_check(organisation: Organisation, mapping: Mapping) -> Response:
    """Check again: what was put right in ASP is seen at once (A7)."""
    event = mapping.event
    try:
        check_seminar(mapping)
    except PortalError as problem:
        flash(str(problem), "error")
    else:
        left = find_obstacles(event, mapping, find_connection(organisation.id))
        flash(left[0].words if left else CAN_SYNC.format(event=event.name), "warning" if left else "success")
    return go_on(way_back(organisation, event))


@blueprint.get(f"{WINDOW}/sites")
@for_admins
def site_list(organisation: Organisation) -> ResponseReturnValue:
    """The dropdown of ASP events, asked for by itself because ASP may take its time."""
    choices = load_sites(organisation)
    form = proposed_mapping(organisation, [], choices)
    form.site.data = request.args.get("site") or form.site.data
    return render_part("window/_sites.html", form=form, choices=choices, again=_asked_again())


@blueprint.get(f"{WINDOW}/seminars")
@for_admins
def seminar_list(organisation: Organisation) -> ResponseReturnValue:
    """What is offered while a Seminar ID is typed (B3)."""
    offer = load_seminars(organisation, request.args.get("site", ""))
    chosen = request.args.get("seminar_id", "")
    return render_part("window/_seminars.html", offer=offer, chosen=chosen, again=_asked_again())


def _asked_again() -> bool:
    """Whether somebody pressed "Try again": the focus then goes to what came of it."""
    return request.headers.get("HX-Trigger", "").endswith("-again")


def tell_added(added: AddedMapping) -> None:
    """What keeps it from being synced stands on the mapping itself, from which Next may have led on already."""
    event = added.mapping.event
    name, connection = event.name, find_connection(event.organisation_id)
    if not added.created:
        flash(f"{name} was mapped like this already; nothing has changed.", "info")
    elif added.goes_on:
        flash(f"{name} is mapped again, with the fields and settings that this mapping had.", "success")
    elif find_obstacles(event, added.mapping, connection):
        flash(f"{name} is mapped. It can’t sync yet: see under Map Events what it lacks.", "warning")
    else:
        flash(f"{name} is mapped.", "success")
