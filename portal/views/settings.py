"""An organisation's settings: what it is called and who belongs to it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.models import Organisation
from portal.operations.queries.organisation import count_belongings, list_members
from portal.views.access import for_members

blueprint = Blueprint("settings", __name__)


@blueprint.get("/orgs/<org>/settings/details")
@for_members
def settings_details(organisation: Organisation) -> ResponseReturnValue:
    return render_template("settings/details.html", counts=count_belongings(organisation))


@blueprint.get("/orgs/<org>/settings/team")
@for_members
def settings_team(organisation: Organisation) -> ResponseReturnValue:
    return render_template("settings/team.html", members=list_members(organisation))
