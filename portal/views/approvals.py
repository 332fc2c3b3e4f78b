"""An admin's word that a run may unpublish as much as it asked for (D12)."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.errors import PortalError, Refused
from portal.htmx import go_on, leave_for
from portal.models import Organisation, Run
from portal.operations.event_settings import approve_unpublishing
from portal.views.access import for_admins
from portal.views.frame import SYNC_STARTED
from portal.views.runs import RUN

blueprint = Blueprint("approvals", __name__)


@blueprint.post(f"{RUN}/approve")
@for_admins
def approval_give(organisation: Organisation, run: Run) -> Response:
    try:
        following = approve_unpublishing(run, current_user.email, current_user.id)
    except PortalError as problem:
        flash(str(problem), "warning" if isinstance(problem, Refused) else "error")
        return go_on(run_address(organisation, run))
    flash(SYNC_STARTED, "info")
    return leave_for(run_address(organisation, following))


def run_address(organisation: Organisation, run: Run) -> str:
    return url_for("runs.run_show", org=organisation.slug, run_id=run.id)
