"""Where programmes come from: the card of Sessionboard, its window, and Refresh on an event (H1)."""

from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import NotFound, PortalError, Refused
from portal.forms.refusals import show_refusal
from portal.forms.sources import SourceForm
from portal.htmx import go_on, leave_for, render_either, render_part
from portal.models import Event, Organisation
from portal.operations.queries.editable import FROM_SESSIONBOARD
from portal.operations.queries.sources import describe_source
from portal.operations.sources.connecting import (
    EventThere,
    connect_sessionboard,
    disconnect_sessionboard,
    list_events_there,
)
from portal.operations.sources.hooks import Hook, find_own_hook, make_hook
from portal.operations.sources.pulling import PulledProgramme, pull_programme
from portal.text.numbers import count
from portal.views.access import EVENT, for_admins, for_members
from portal.views.integrations import cards_address

WINDOW = "/orgs/<org>/integrations/sessionboard"
REFRESH = f"{EVENT}/refresh"

blueprint = Blueprint("sources", __name__)


@blueprint.get(f"{WINDOW}/card")
@for_members
def source_card(organisation: Organisation) -> ResponseReturnValue:
    return render_part("sources/_card.html", state=describe_source(organisation))


@blueprint.get(WINDOW)
@for_admins
def source_show(organisation: Organisation) -> Response:
    """The events over there, or how to get at them."""
    state = describe_source(organisation)
    if state.source is None or "token" in request.args:
        return show_window(organisation, form=SourceForm(state.source, formdata=None))
    return show_window(organisation)


@blueprint.post(f"{WINDOW}/token")
@for_admins
def source_connect(organisation: Organisation) -> Response:
    form = SourceForm(describe_source(organisation).source)
    if not form.validate_on_submit():
        return show_window(organisation, 422, form)
    try:
        connect_sessionboard(organisation, form.region.data, form.token.data, current_user.email)
    except PortalError as error:
        show_refusal(form, error)
        return show_window(organisation, 422, form)
    flash("Sessionboard is connected. Now choose the events.", "success")
    return go_on(window_address(organisation))


@blueprint.post(f"{WINDOW}/events")
@for_admins
def source_take(organisation: Organisation) -> Response:
    """Take one event in, or bring it up to date."""
    try:
        pulled = pull_programme(organisation, request.form.get("event", ""), current_user.email)
    except PortalError as error:
        return show_window(organisation, 422, problem=str(error))
    flash(describe_pull(pulled), "success")
    return go_on(window_address(organisation))


@blueprint.post(f"{WINDOW}/check")
@for_admins
def source_check(organisation: Organisation) -> Response:
    """Try the stored token again: continuous sync goes on where it is accepted (A6)."""
    try:
        list_events_there(organisation)
        flash("Sessionboard accepts the access token.", "success")
    except PortalError as error:
        flash(str(error), "error")
    return go_on(cards_address(organisation))


@blueprint.get(f"{WINDOW}/webhook")
@for_admins
def source_webhook(organisation: Organisation) -> Response:
    if describe_source(organisation).source is None:
        return leave_for(cards_address(organisation))
    return show_webhook(find_own_hook(organisation))


@blueprint.post(f"{WINDOW}/webhook")
@for_admins
def source_webhook_make(organisation: Organisation) -> Response:
    """Make the webhook, or another secret for it; the answer shows the secret, once."""
    rotate = request.form.get("rotate") == "yes"
    return show_webhook(make_hook(organisation, current_user.email, rotate=rotate))


def show_webhook(hook: Hook | None) -> Response:
    return render_either("sources/webhook.html", "sources/_webhook.html", hook=hook)


@blueprint.get(f"{WINDOW}/disconnect")
@for_admins
def source_disconnect_form(organisation: Organisation) -> Response:
    state = describe_source(organisation)
    if state.source is None:
        return leave_for(cards_address(organisation))
    return render_either("sources/disconnect.html", "sources/_disconnect.html", state=state)


@blueprint.post(f"{WINDOW}/disconnect")
@for_admins
def source_disconnect(organisation: Organisation) -> Response:
    if describe_source(organisation).source is not None:
        kept = disconnect_sessionboard(organisation, current_user.email)
        events = count(kept, "event")
        flash(
            f"Sessionboard is disconnected; its token was erased. {events} can be edited here now.", "success"
        )
    return leave_for(cards_address(organisation))


@blueprint.get(REFRESH)
@for_admins
def source_refresh_form(organisation: Organisation, event: Event) -> Response:
    check_source(event)
    return render_either("sources/refresh.html", "sources/_refresh.html", problem="", question="")


@blueprint.post(REFRESH)
@for_admins
def source_refresh(organisation: Organisation, event: Event) -> Response:
    """Bring the event up to date now; a timezone that would change is asked about (D18)."""
    check_source(event)
    confirmed = request.form.get("confirm_timezone") == "yes"
    name = event.name
    try:
        pulled = pull_programme(
            organisation, event.source_id or "", current_user.email, confirm_timezone=confirmed
        )
    except PortalError as error:
        asks = isinstance(error, Refused) and error.field == "confirm_timezone"
        said = {"question": str(error), "problem": ""} if asks else {"question": "", "problem": str(error)}
        return render_either("sources/refresh.html", "sources/_refresh.html", 422, **said)
    flash(describe_pull(pulled) if pulled.changed else f"{name} is up to date.", "success")
    return leave_for(url_for("agenda.agenda_show", org=organisation.slug, event_id=pulled.event.id))


def check_source(event: Event) -> None:
    """Raises NotFound for an event that Sessionboard does not fill: its address was typed, or was still open."""
    if event.source != FROM_SESSIONBOARD:
        raise NotFound(f"The programme of {event.name} is not brought in from Sessionboard.")


def show_window(
    organisation: Organisation, status: int = 200, form: SourceForm | None = None, problem: str = ""
) -> Response:
    events: list[EventThere] = []
    if form is None and not problem:
        try:
            events = list_events_there(organisation)
        except PortalError as error:
            problem = str(error)
    context = {"state": describe_source(organisation), "form": form, "events": events, "problem": problem}
    return render_either("sources/window.html", "sources/_window.html", status, **context)


def describe_pull(pulled: PulledProgramme) -> str:
    sessions, people = pulled.stored.sessions, pulled.stored.contacts
    gone = sessions.removed + people.removed
    return (
        f"{pulled.event.name}: {count(sessions.received, 'session')}, "
        f"{count(people.received, 'person', 'people')}; {sessions.created + people.created:,} new, "
        f"{sessions.updated + people.updated:,} changed{f', {gone:,} gone' if gone else ''}."
    )


def window_address(organisation: Organisation) -> str:
    return url_for("sources.source_show", org=organisation.slug)
