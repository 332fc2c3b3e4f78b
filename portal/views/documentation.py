"""What an admin should know about an integration, to read beside it."""

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.asp.contract import load_contract
from portal.config import current_settings
from portal.models import Organisation
from portal.sync.planning.fields import catalogue, default_slug
from portal.sync.planning.reasons import REASONS, Weight, find_reason
from portal.views.access import for_members

blueprint = Blueprint("documentation", __name__)


@blueprint.get("/orgs/<org>/documentation/asp-events")
@for_members
def documentation_show(organisation: Organisation) -> ResponseReturnValue:
    known = load_contract(current_settings().asp_contract)
    return render_template(
        "documentation/asp_events.html",
        fields={
            kind: [(field, default_slug(known, kind, field)) for field in catalogue(kind)]
            for kind in ("session", "speaker")
        },
        reasons={weight: [each for each in REASONS if each.weight is weight] for weight in Weight},
    )


@blueprint.app_template_filter()
def reason_code(text: str) -> str | None:
    """The code of the catalogue's entry that a reason was made from, under which the documentation explains it."""
    found = find_reason(text)
    return found.code if found else None


@blueprint.app_template_filter()
def with_places(sentence: str) -> str:
    """A sentence of the catalogue as it is read: ‹date› stands for a value of the record."""
    return re.sub(r"\{(\w+)\}(?=(\w?))", lambda found: f"‹{found[1]}›" + (" " if found[2] else ""), sentence)


@blueprint.get("/orgs/<org>/documentation/sessionboard")
@for_members
def documentation_sessionboard(organisation: Organisation) -> ResponseReturnValue:
    return render_template("documentation/sessionboard.html")
