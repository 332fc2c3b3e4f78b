"""What an admin should know about an integration, to read beside it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.models import Organisation
from portal.views.access import for_members

blueprint = Blueprint("documentation", __name__)


@blueprint.get("/orgs/<org>/documentation/asp-events")
@for_members
def documentation_show(organisation: Organisation) -> ResponseReturnValue:
    return render_template("documentation/asp_events.html")


@blueprint.get("/orgs/<org>/documentation/sessionboard")
@for_members
def documentation_sessionboard(organisation: Organisation) -> ResponseReturnValue:
    return render_template("documentation/sessionboard.html")
