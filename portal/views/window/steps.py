"""The integration window: five steps, each at its own address, also shown as a dialog (B6)."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, g, request, url_for

from portal.asp.errors import CredentialsRejected
from portal.asp.records import Site
from portal.errors import PortalError
from portal.forms.window.connection import ConnectForm
from portal.forms.window.event_settings import EventSettingsForm
from portal.forms.window.mappings import MappingForm
from portal.htmx import follow_address, go_on, leave_for, render_either
from portal.models import Connection, Event, Mapping, Organisation
from portal.operations.connection.seminars import SeminarChoice, list_seminars
from portal.operations.mapping.copying import find_default
from portal.operations.mapping.destination import free_events, free_sites, list_sites
from portal.operations.mapping.edited_settings import LABELS
from portal.operations.mapping.unmapping import describe_removal
from portal.operations.queries.access import find_event
from portal.operations.queries.organisation import find_connection, list_mappings, list_mappings_in_force
from portal.operations.syncing.approving import find_withholding
from portal.operations.syncing.obstacles import find_obstacles_of
from portal.views.access import for_members, is_admin, number_in
from portal.views.editing import Meanwhile
from portal.views.window.mapper import make_mapper

CONNECT, MAP_EVENTS, EVENT_SETTINGS, SESSION_FIELDS, SPEAKER_FIELDS = range(1, 6)
# number → name of its template, title
STEPS = {
    CONNECT: ("connect", "Connect"),
    MAP_EVENTS: ("map_events", "Map Events"),
    EVENT_SETTINGS: ("event_settings", "Event Settings"),
    SESSION_FIELDS: ("session_fields", "Map Session Fields"),
    SPEAKER_FIELDS: ("speaker_fields", "Map Speaker Fields"),
}
MAPPER_STEPS = {"session": SESSION_FIELDS, "speaker": SPEAKER_FIELDS}
WINDOW = "/orgs/<org>/integrations/asp"

blueprint = Blueprint("window", __name__)


@dataclass(frozen=True, slots=True)
class SiteChoices:
    """The ASP events to choose from: not asked for yet, asked in vain, or there."""

    asked: bool = False
    problem: str = ""
    sites: list[Site] = field(default_factory=list)
    hidden: int = 0  # mapped already
    rejected: bool = False  # the key and secret have to be entered again


@dataclass(frozen=True, slots=True)
class SeminarOffer:
    """The seminars of the chosen ASP event: none chosen yet, asked in vain, or there."""

    site: str = ""
    problem: str = ""
    seminars: list[SeminarChoice] = field(default_factory=list)


@blueprint.get(WINDOW)
@for_members
def window_show(organisation: Organisation) -> Response:
    connection = find_connection(organisation.id)
    wanted = request.args.get("step", type=int)
    step = wanted if wanted in STEPS else first_step(connection)
    return show_step(organisation, step if connection else CONNECT)


def first_step(connection: Connection | None) -> int:
    """Where Settings opens: at the credentials when there are none that ASP accepts (A7), else at the mappings."""
    return CONNECT if connection is None or connection.rejected_at else MAP_EVENTS


def show_step(organisation: Organisation, step: int, status: int = 200, **given: Any) -> Response:
    connection = find_connection(organisation.id)
    context: dict[str, Any] = {
        "step": step,
        "steps": STEPS,
        "connection": connection,
        "mappings": [],
        "chosen": None,
        "choosing": request.headers.get("HX-Trigger") == "integrations-choose",
        "template": f"window/_step_{'fields' if step in MAPPER_STEPS.values() else STEPS[step][0]}.html",
    }
    if step == CONNECT:
        context["form"] = given.get("form") or ConnectForm(connection, formdata=None)
        context["mappings"] = list_mappings_in_force(organisation)  # what is done is ticked at this step too
    elif step == MAP_EVENTS:
        context |= describe_mappings(organisation, given.get("form"), given.get("choices"))
    else:
        context |= describe_chosen(organisation, step, **given)
    response = render_either("window/window.html", "window/_window.html", status, **context)
    chosen = context["chosen"]
    address = step_address(organisation, step, chosen.id if chosen else None)
    return follow_address(response, address) if status == 200 else response


def describe_mappings(
    organisation: Organisation, form: MappingForm | None, choices: SiteChoices | None
) -> dict[str, Any]:
    rows, removing = list_mappings(organisation), request.args.get("remove", type=int)
    load_now = request.args.get("load") == "now" and is_admin()  # as nobody else may add a mapping
    choices = choices or (load_sites(organisation) if load_now else SiteChoices())
    free = free_events(organisation)
    adding = form is not None or bool(request.args.get("new")) or not rows
    form = form or proposed_mapping(organisation, free, choices)
    return {
        "mappings": rows,
        "obstacles": find_obstacles_of([row.mapping for row in rows], find_connection(organisation.id)),
        "withholding": find_withholding(row.mapping for row in rows),
        "free": free,
        "form": form,
        "choices": choices,
        "adding": adding,
        "removing": removing,
        "stays": next((describe_removal(row.mapping) for row in rows if row.mapping.id == removing), ""),
        "kept": request.args.get("keep", type=int),  # who was asked and keeps it comes back to it
        "again": False,  # nobody has just asked ASP once more
        "offer": load_seminars(organisation, form.site.data or ""),
    }


def proposed_mapping(organisation: Organisation, free: list[Event], choices: SiteChoices) -> MappingForm:
    """The form with what is chosen already: the event that one came from, and what there is only one of."""
    form = MappingForm(free, list_mappings_in_force(organisation), formdata=None)
    default = find_default(organisation)
    form.like.data = str(default.id) if default else ""
    event = came_from()
    if event is not None and event in free:
        form.event.data = str(event.id)
    elif len(free) == 1:
        form.event.data = str(free[0].id)
    if len(choices.sites) == 1:
        form.site.data = choices.sites[0].uuid
    return form


def describe_chosen(organisation: Organisation, step: int, **given: Any) -> dict[str, Any]:
    """The mappings, the one among them that steps 3 to 5 are about (C1), and that step's form."""
    rows = list_mappings(organisation)
    wanted = given["chosen"].id if "chosen" in given else request.args.get("mapping", type=int)
    event = came_from()
    own = [row for row in rows if event is not None and row.mapping.event_id == event.id]
    row = next((row for row in rows if row.mapping.id == wanted), next(iter([*own, *rows]), None))
    chosen = row.mapping if row else None
    context: dict[str, Any] = {"mappings": rows, "chosen": chosen, "form": None, "mapper": None}
    if chosen is not None and step == EVENT_SETTINGS:
        context["form"] = given.get("form") or EventSettingsForm.of(chosen)
        context |= {"labels": LABELS, "meanwhile": given.get("meanwhile") or Meanwhile()}
    elif chosen is not None:
        kind = "session" if step == SESSION_FIELDS else "speaker"
        context["mapper"] = given.get("mapper") or make_mapper(chosen, kind)
    return context


def load_sites(organisation: Organisation) -> SiteChoices:
    try:
        sites = list_sites(organisation)
    except PortalError as error:
        return SiteChoices(asked=True, problem=str(error), rejected=isinstance(error, CredentialsRejected))
    free = free_sites(organisation, sites)
    return SiteChoices(asked=True, sites=free, hidden=len(sites) - len(free))


def load_seminars(organisation: Organisation, site_uuid: str) -> SeminarOffer:
    """The site's seminars; the problem where ASP does not tell them, since the number can be typed all the same."""
    if not site_uuid:
        return SeminarOffer()
    try:
        return SeminarOffer(site_uuid, seminars=list_seminars(organisation, site_uuid))
    except PortalError as error:
        return SeminarOffer(site_uuid, str(error))


def step_address(organisation: Organisation, step: int, mapping_id: int | None = None) -> str:
    event = came_from()
    return url_for(
        "window.window_show",
        org=organisation.slug,
        event=event.id if event else None,
        step=step,
        mapping=mapping_id,
    )


@blueprint.app_template_global()
def came_from() -> Event | None:
    """The event from whose pages the window was opened, and to which it comes back (B6)."""
    number = number_in(request.args, "event")
    if not number or g.get("organisation") is None:
        return None
    if "came_from" not in g:
        g.came_from = find_event(g.organisation, number)
    found: Event | None = g.came_from
    return found


@blueprint.app_template_global()
def window_path() -> str:
    return url_for("window.window_show", org=g.organisation.slug)


@blueprint.app_template_global()
def window_base(event: Event | None = None) -> str:
    """The window's address up to where the parameters go; with the event that it was opened from."""
    event = event or came_from()
    return f"{window_path()}?{f'event={event.id}&' if event else ''}"


def way_back(organisation: Organisation, event: Event) -> str:
    """To where a button was pressed that stands on the agenda, on the cards and in the window."""
    back = request.form.get("back")
    if back == "agenda":
        return url_for("agenda.agenda_show", org=organisation.slug, event_id=event.id)
    if back == "cards":
        return url_for("integrations.integration_list", org=organisation.slug)
    return step_address(organisation, MAP_EVENTS)


def after_saving(organisation: Organisation, step: int, mapping: Mapping) -> Response:
    """Where Save, Next and Done lead once a step is stored: they stay, go on, or leave (B6)."""
    action = request.form.get("action", "save")
    if action == "done":
        event = came_from()
        return leave_for(
            url_for("agenda.agenda_show", org=organisation.slug, event_id=event.id)
            if event
            else url_for("integrations.integration_list", org=organisation.slug)
        )
    return go_on(step_address(organisation, step + 1 if action == "next" else step, mapping.id))
