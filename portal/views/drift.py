"""What ASP has otherwise than it was last pushed, and whose words stand there."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import PortalError, Refused
from portal.htmx import go_on
from portal.models import Event, KeptField, Organisation
from portal.operations.connection.clients import contract
from portal.operations.queries.record_names import names_of_records
from portal.operations.syncing.drift import (
    FieldKey,
    compare_with_asp,
    keep_theirs,
    list_kept_fields,
    put_ours_back,
    release_field,
)
from portal.operations.syncing.runs import require_mapping
from portal.sync.running.terms import mapping_of
from portal.text.excerpts import around_difference
from portal.text.html import words_of
from portal.text.numbers import count
from portal.views.access import EVENT, for_admins, for_members
from portal.views.frame import tell_problem

DRIFT = f"{EVENT}/drift"
SHOWN = 200  # records; a page never has more (G5)

blueprint = Blueprint("drift", __name__)


@blueprint.get(DRIFT)
@for_members
def drift_show(organisation: Organisation, event: Event) -> ResponseReturnValue:
    """Asks ASP, within the time that a page may wait; nothing is written."""
    mapping = mapping_of(event)
    report, problem = None, ""
    try:
        report = compare_with_asp(mapping) if mapping else None
    except PortalError as error:
        problem = str(error)
    kept = list_kept_fields(mapping) if mapping else []
    names = report.names if report else names_of_records(event.id) if kept else {}
    return render_template(
        "drift/drift.html",
        mapping=mapping,
        report=report,
        problem=problem,
        shown=SHOWN,
        in_short=in_short,
        kept=kept,
        names=names,
        address=url_for("drift.drift_show", org=organisation.slug, event_id=event.id),
    )


@blueprint.post(f"{DRIFT}/ours")
@for_admins
def drift_put_back(organisation: Organisation, event: Event) -> Response:
    everything = "all" in request.form
    try:
        wanted = None if everything else chosen_fields()
        number = put_ours_back(require_mapping(event), wanted, current_user.email)
        fields = count(number, "field is", "fields are")
        flash(f"{fields} sent again by the next sync.", "success")
    except PortalError as error:
        tell_problem(error)
    return back(organisation, event)


@blueprint.post(f"{DRIFT}/theirs")
@for_admins
def drift_keep(organisation: Organisation, event: Event) -> Response:
    try:
        keep_theirs(require_mapping(event), chosen_fields(), current_user.email)
        flash("What ASP has stays. No sync writes these fields until you release them below.", "success")
    except Refused as refusal:
        flash(str(refusal), "warning")
    return back(organisation, event)


@blueprint.post(f"{DRIFT}/kept/<int(max=2147483647):field_id>")
@for_admins
def drift_release(organisation: Organisation, event: Event, field: KeptField) -> Response:
    release_field(require_mapping(event), field, current_user.email)
    flash("The field is synced again.", "success")
    return back(organisation, event)


def in_short(slug: str, both: tuple[Any, Any]) -> tuple[str, str]:
    """What was pushed and what is there, where they differ: of HTML the words, unless those are the same."""
    before, after = (
        ", ".join(each) if isinstance(each, list) else "" if each is None else str(each) for each in both
    )
    if slug in (contract().session.description, contract().speaker.biography):
        words = words_of(before), words_of(after)
        before, after = words if words[0] != words[1] else (before, after)
    return around_difference(before, after)


def chosen_fields() -> list[FieldKey]:
    """The ticked fields of the page: kind, id and slug. Raises Refused when there is none."""
    parts = [each.split(" ", 2) for each in request.form.getlist("field")]
    fields = [(kind, key, slug) for kind, key, slug in (each for each in parts if len(each) == 3)]
    if not fields:
        raise Refused("Tick the fields first.")
    return fields


def back(organisation: Organisation, event: Event) -> Response:
    return go_on(url_for("drift.drift_show", org=organisation.slug, event_id=event.id))
