"""Whether the website shows what was synced, asked for again while that is not so."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.htmx import render_part
from portal.models import Event, Organisation
from portal.operations.syncing.website import find_look
from portal.sync.running.terms import mapping_of
from portal.views.access import EVENT, for_members

blueprint = Blueprint("website", __name__)


@blueprint.get(f"{EVENT}/website")
@for_members
def website_show(organisation: Organisation, event: Event) -> ResponseReturnValue:
    return render_part("website/_look.html", look=find_look(mapping_of(event)))
