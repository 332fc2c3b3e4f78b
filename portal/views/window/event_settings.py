"""The window's third step: what is sent, unpublished or recreated for one mapping (D9, D10, E13)."""

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user

from portal.errors import Refused
from portal.forms.refusals import show_refusal
from portal.forms.window.event_settings import EventSettingsForm
from portal.htmx import leave_for
from portal.models import Mapping, Organisation
from portal.operations.mapping.copying import set_default
from portal.operations.mapping.event_settings import resume, save_event_settings
from portal.views.access import for_admins
from portal.views.window.steps import EVENT_SETTINGS, WINDOW, after_saving, show_step

blueprint = Blueprint("event_settings", __name__)


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/settings")
@for_admins
def settings_save(organisation: Organisation, mapping: Mapping) -> Response:
    form = EventSettingsForm()
    if not form.validate_on_submit():
        return show_step(organisation, EVENT_SETTINGS, 422, chosen=mapping, form=form)
    try:
        changed = save_event_settings(mapping, form.wanted, current_user.email, form.confirmed)
    except Refused as refusal:
        if refusal.field == "confirm_timezone":
            form.ask(mapping)
        show_refusal(form, refusal)
        return show_step(organisation, EVENT_SETTINGS, 422, chosen=mapping, form=form)
    changed |= set_default(mapping, form.is_default.data, current_user.email)
    if changed or request.form.get("action", "save") == "save":
        flash("The settings are saved. They count from the next sync.", "success")
    return after_saving(organisation, EVENT_SETTINGS, mapping)


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/resume")
@for_admins
def mapping_resume(organisation: Organisation, mapping: Mapping) -> Response:
    resume(mapping, current_user.email)
    flash(f"Continuous sync of {mapping.event.name} goes on.", "success")
    return leave_for(url_for("integrations.integration_list", org=organisation.slug))
