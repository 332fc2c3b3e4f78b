"""Defining the custom fields of an event's sessions and people (H3)."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.errors import Refused
from portal.forms.custom_fields import FieldForm
from portal.forms.refusals import show_refusal
from portal.htmx import go_on, render_either
from portal.models import CustomField, Event, Organisation
from portal.operations.editing.custom_fields import KINDS, define_field, remove_field
from portal.operations.queries.editable import why_not_edit
from portal.programme.definitions import list_defined_fields
from portal.views.access import EVENT, for_admins, for_members

FIELDS = f"{EVENT}/custom-fields"

blueprint = Blueprint("custom_fields", __name__)


@blueprint.get(FIELDS)
@for_members
def field_list(organisation: Organisation, event: Event) -> Response:
    return show_fields(event, FieldForm(formdata=None), "session")


@blueprint.post(f"{FIELDS}/<any(session, speaker):kind>")
@for_admins
def field_define(organisation: Organisation, event: Event, kind: str) -> Response:
    form = FieldForm()
    options = (form.options.data or "").splitlines()
    try:
        field = define_field(
            event, kind, form.name.data or "", form.type.data or "", options, current_user.email
        )
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_fields(event, form, kind, 422)
    flash(f"The forms of {KINDS[kind]} have the field “{field.name}” now.", "success")
    return go_on(address_of(event))


@blueprint.post(f"{FIELDS}/<int(max=2147483647):custom_field_id>/remove")
@for_admins
def field_remove(organisation: Organisation, event: Event, field: CustomField) -> Response:
    name = field.name
    try:
        remove_field(event, field, current_user.email)
    except Refused as refusal:
        flash(str(refusal), "warning")
    else:
        flash(f"The forms have no field “{name}” any more; the values that records have stay.", "success")
    return go_on(address_of(event))


def address_of(event: Event) -> str:
    return url_for("custom_fields.field_list", org=event.organisation.slug, event_id=event.id)


def show_fields(event: Event, form: FieldForm, kind: str, status: int = 200) -> Response:
    return render_either(
        "custom_fields/list.html",
        "custom_fields/_list.html",
        status,
        form=form,
        kind=kind,
        kinds={each: list_defined_fields(event.id, each) for each in KINDS},
        reason_not_edit=why_not_edit(event),
    )
