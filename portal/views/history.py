"""Who changed what, and when (G2)."""

from flask import Blueprint, Response, request, url_for

from portal.htmx import render_either
from portal.models import Organisation
from portal.operations.queries.organisation import list_history
from portal.views.access import for_members, page_number

blueprint = Blueprint("history", __name__)


@blueprint.get("/orgs/<org>/history")
@for_members
def history_list(organisation: Organisation) -> Response:
    kind = request.args.get("kind", "")
    return render_either(
        "history/list.html",
        "history/_list.html",
        history=list_history(organisation, kind, page_number()),
        kind=kind,
        address=url_for("history.history_list", org=organisation.slug),
    )
