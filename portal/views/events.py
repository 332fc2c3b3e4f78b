"""An organisation's events: the list, bringing a programme in, an event's details."""

from flask import Blueprint, Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import InvalidFile, PortalError, Refused
from portal.forms.events import DetailsForm, EventForm
from portal.forms.refusals import show_refusal
from portal.forms.timezones import TimezoneForm
from portal.forms.uploads import ProgrammeForm
from portal.htmx import leave_for, render_either, render_part
from portal.models import Event, Organisation
from portal.operations.editing.events import change_event, create_event
from portal.operations.files.uploads import NewEvent, keep_upload
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.events import count_statuses, list_events, summarise_event
from portal.operations.queries.organisation import find_connection
from portal.operations.queries.timezones import find_offsets, list_timezones
from portal.operations.queries.uploads import list_editable_events, waiting_uploads
from portal.operations.syncing.obstacles import find_obstacles_of
from portal.sync.running.readiness import assess, count_standings
from portal.views.access import EVENT, for_admins, for_members
from portal.views.uploads import first_address

blueprint = Blueprint("events", __name__)


@blueprint.get("/orgs/<org>/")
@for_members
def event_list(organisation: Organisation) -> ResponseReturnValue:
    summaries = list_events(organisation)
    mappings = [each.mapping for each in summaries if each.mapping]
    return render_template(
        "events/list.html",
        summaries=summaries,
        obstacles=find_obstacles_of(mappings, find_connection(organisation.id)),
    )


@blueprint.get(f"{EVENT}/standings")
@for_members
def event_standings(organisation: Organisation, event: Event) -> Response:
    """How many of its sessions stand in which way in ASP, for lists of events."""
    return render_part("events/_standings.html", numbers=count_standings(assess(event)))


@blueprint.get("/orgs/<org>/events/new")
@for_admins
def event_new(organisation: Organisation) -> Response:
    return show_new(EventForm(formdata=None))


@blueprint.post("/orgs/<org>/events/new")
@for_admins
def event_create(organisation: Organisation) -> Response:
    form = EventForm()
    if not form.validate_on_submit():
        return show_new(form, 422)
    try:
        event = create_event(organisation, **form.wanted, actor=current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_new(form, 422)
    flash(f"{event.name} is made. Now its sessions.", "success")
    return leave_for(url_for("agenda.agenda_show", org=organisation.slug, event_id=event.id))


def show_new(form: EventForm, status: int = 200) -> Response:
    return render_either("events/new.html", "events/_new.html", status, form=form, timezones=list_timezones())


@blueprint.get("/orgs/<org>/import")
@for_admins
def event_import_form(organisation: Organisation) -> Response:
    return show_import(organisation, ProgrammeForm(list_editable_events(organisation), formdata=None))


@blueprint.post("/orgs/<org>/import")
@for_admins
def event_import(organisation: Organisation) -> Response:
    events = list_editable_events(organisation)
    form = ProgrammeForm(events)
    if not form.validate_on_submit():
        return show_import(organisation, form, 422)
    event = next((each for each in events if str(each.id) == form.event.data), None)
    try:
        upload = keep_upload(
            organisation,
            current_user.email,
            form.file.data.filename or "",
            form.content,
            event,
            NewEvent(form.name.data or "", (form.timezone.data or "").strip()),
        )
    except PortalError as error:
        show_refusal(form, error)
        return show_import(organisation, form, 422, error.problems if isinstance(error, InvalidFile) else [])
    return leave_for(first_address(organisation, upload))


def show_import(
    organisation: Organisation, form: ProgrammeForm, status: int = 200, problems: list[str] | None = None
) -> Response:
    return render_either(
        "events/import.html",
        "events/_import.html",
        status,
        form=form,
        problems=problems or [],
        waiting=waiting_uploads(organisation),
        timezones=list_timezones(),
    )


@blueprint.get(f"{EVENT}/details/edit")
@for_admins
def event_edit(organisation: Organisation, event: Event) -> Response:
    return show_edit(event, DetailsForm(formdata=None, obj=event))


@blueprint.post(f"{EVENT}/details/edit")
@for_admins
def event_change(organisation: Organisation, event: Event) -> Response:
    form = DetailsForm()
    if not form.validate_on_submit():
        return show_edit(event, form, 422)
    try:
        change_event(event, form.name.data or "", form.first_day.data, form.last_day.data, current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_edit(event, form, 422)
    flash("Saved.", "success")
    return leave_for(url_for("events.event_details", org=organisation.slug, event_id=event.id))


def show_edit(event: Event, form: DetailsForm, status: int = 200) -> Response:
    return render_either(
        "events/edit.html", "events/_edit.html", status, form=form, reason_not_edit=why_not_edit(event)
    )


@blueprint.get(f"{EVENT}/details")
@for_members
def event_details(organisation: Organisation, event: Event) -> Response:
    return show_event_details(event, TimezoneForm(formdata=None))


def show_event_details(event: Event, form: TimezoneForm, status: int = 200) -> Response:
    summary = summarise_event(event)
    mapped = [summary.mapping] if summary.mapping else []
    obstacles = find_obstacles_of(mapped, find_connection(event.organisation_id))
    return render_either(
        "events/details.html",
        "events/_details.html",
        status,
        summary=summary,
        stops=[stop for stops in obstacles.values() for stop in stops],
        statuses=count_statuses(event),
        offsets=find_offsets(event),
        timezones=list_timezones(),
        form=form,
    )
