"""The cards of an organisation's integrations, and disconnecting one."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.errors import Refused
from portal.forms.integrations import DisconnectForm
from portal.htmx import leave_for, render_either
from portal.models import Organisation, now
from portal.operations.connection.connecting import describe_disconnect, disconnect_asp
from portal.operations.notices.attention import find_troubles_of
from portal.operations.queries.organisation import describe_integration, find_connection
from portal.operations.queries.sources import describe_source
from portal.operations.syncing.approving import find_withholding
from portal.operations.syncing.obstacles import find_obstacles_of
from portal.operations.syncing.upcoming import next_look
from portal.operations.syncing.website import find_looks
from portal.views.access import for_admins, for_members

SHOWN_RUNS = 6  # mappings whose last run the card shows; those of the others unfold, troubles come first
DISCONNECT = "/orgs/<org>/integrations/asp/disconnect"

blueprint = Blueprint("integrations", __name__)


@blueprint.get("/orgs/<org>/settings/integrations")
@for_members
def integration_list(organisation: Organisation) -> Response:
    state, moment = describe_integration(organisation), now()
    troubles = find_troubles_of(state.mappings, state.connection, moment)
    return render_either(
        "integrations/list.html",
        "integrations/_cards.html",
        state=state,
        rows=sorted(state.rows, key=lambda row: troubles[row.mapping.id] is None),
        most=SHOWN_RUNS,
        obstacles=find_obstacles_of(state.mappings, state.connection),
        upcoming={each.id: next_look(each, state.connection, moment) for each in state.mappings},
        withholding=find_withholding(state.mappings),
        troubles=troubles,
        looks=find_looks(state.mappings),
        moment=moment,
        sources=describe_source(organisation),
    )


@blueprint.get(DISCONNECT)
@for_admins
def integration_disconnect_form(organisation: Organisation) -> Response:
    if find_connection(organisation.id) is None:
        return leave_for(cards_address(organisation))
    form = DisconnectForm(organisation, formdata=None)
    form.question.data = describe_disconnect(organisation)
    return _ask_disconnect(form)


def _ask_disconnect(form: DisconnectForm, status: int = 200) -> Response:
    return render_either("integrations/disconnect.html", "integrations/_disconnect.html", status, form=form)


@blueprint.post(DISCONNECT)
@for_admins
def integration_disconnect(organisation: Organisation) -> Response:
    if find_connection(organisation.id) is not None:
        form = DisconnectForm(organisation)
        if not form.validate_on_submit():
            return _ask_disconnect(form, 422)
        try:
            disconnect_asp(organisation, current_user.email, form.question.data)
        except Refused as refusal:
            flash(str(refusal), "warning")
            return leave_for(url_for("integrations.integration_disconnect_form", org=organisation.slug))
        flash(
            "ASP Events is disconnected. Its secret was erased and its event mappings have ended.", "success"
        )
    return leave_for(cards_address(organisation))


def cards_address(organisation: Organisation) -> str:
    return url_for("integrations.integration_list", org=organisation.slug)
