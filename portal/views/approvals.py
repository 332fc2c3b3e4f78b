"""An admin's word that a sync may unpublish as many records as a run withheld (D12)."""

from flask import Blueprint, Response, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import PortalError, Refused
from portal.htmx import leave_for
from portal.models import Organisation, Run
from portal.operations.approving import approve_unpublishing, asks_for_approval, list_withheld
from portal.operations.queries.records import list_existing
from portal.views.access import for_admins, for_members, page_number
from portal.views.frame import SYNC_STARTED
from portal.views.runs import RUN

blueprint = Blueprint("approvals", __name__)


@blueprint.get(f"{RUN}/approve")
@for_members
def approval_show(organisation: Organisation, run: Run) -> ResponseReturnValue:
    g.event = run.event
    withheld = list_withheld(run, page_number())
    return render_template(
        "runs/approval.html",
        run=run,
        approvable=asks_for_approval(run),
        withheld=withheld,
        existing=list_existing(run.event, withheld.rows),
        address=url_for("approvals.approval_show", org=organisation.slug, run_id=run.id),
    )


@blueprint.post(f"{RUN}/approve")
@for_admins
def approval_give(organisation: Organisation, run: Run) -> Response:
    number = request.form.get("number", 0, type=int)
    try:
        following = approve_unpublishing(run, number, current_user.email, current_user.id)
    except PortalError as problem:
        flash(str(problem), "warning" if isinstance(problem, Refused) else "error")
        return leave_for(run_address(organisation, run))
    flash(SYNC_STARTED, "info")
    return leave_for(run_address(organisation, following))


def run_address(organisation: Organisation, run: Run) -> str:
    return url_for("runs.run_show", org=organisation.slug, run_id=run.id)
