"""The window's first step: storing an API key and secret that ASP accepts (A2, A5)."""

from flask import Blueprint, Response, flash, request
from flask_login import current_user

from portal.errors import PortalError, Refused
from portal.forms.refusals import show_refusal
from portal.forms.window.connection import ConnectForm
from portal.htmx import go_on
from portal.models import Organisation
from portal.operations.connection.connecting import connect_asp, set_continuous
from portal.operations.queries.organisation import find_connection
from portal.views.access import for_admins
from portal.views.integrations import cards_address
from portal.views.window.steps import CONNECT, MAP_EVENTS, WINDOW, show_step, step_address

blueprint = Blueprint("connection", __name__)


@blueprint.post(f"{WINDOW}/continuous")
@for_admins
def continuous_switch(organisation: Organisation) -> Response:
    """The switch on the card (A6)."""
    wanted = request.form.get("continuous") == "on"
    try:
        set_continuous(organisation, wanted, current_user.email)
        flash(f"Continuous sync is {'on' if wanted else 'off'}.", "success")
    except Refused as refusal:
        flash(str(refusal), "warning")
    return go_on(cards_address(organisation))


@blueprint.post(f"{WINDOW}/connection")
@for_admins
def connection_save(organisation: Organisation) -> Response:
    form = ConnectForm(find_connection(organisation.id))
    if not form.validate_on_submit():
        return show_step(organisation, CONNECT, 422, form=form)
    tried = form.changes_credentials
    try:
        if tried:
            connect_asp(
                organisation,
                form.api_key.data,
                form.api_secret.data or "",
                form.continuous.data,
                current_user.email,
            )
        else:
            set_continuous(organisation, form.continuous.data, current_user.email)
    except PortalError as error:
        show_refusal(form, error)
        return show_step(organisation, CONNECT, 422, form=form)
    flash("ASP Events is connected." if tried else "Saved.", "success")
    return go_on(step_address(organisation, MAP_EVENTS))
