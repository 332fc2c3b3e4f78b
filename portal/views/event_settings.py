"""The window's third step: what is sent, unpublished or made again for one mapping (D9, D10, E13)."""

from dataclasses import fields

from flask import Blueprint, Response, flash
from flask_login import current_user

from portal.errors import Refused
from portal.forms.event_settings import EventSettingsForm
from portal.forms.refusals import show_refusal
from portal.htmx import go_on
from portal.models import Mapping, Organisation
from portal.operations.event_settings import EventSettings, save_event_settings
from portal.views.access import for_admins
from portal.views.window import EVENT_SETTINGS, WINDOW, show_step, step_address

blueprint = Blueprint("event_settings", __name__)


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/settings")
@for_admins
def settings_save(organisation: Organisation, mapping: Mapping) -> Response:
    form = EventSettingsForm()
    if not form.validate_on_submit():
        return show_step(organisation, EVENT_SETTINGS, 422, chosen=mapping, form=form)
    wanted = EventSettings(**{each.name: form[each.name].data for each in fields(EventSettings)})
    try:
        save_event_settings(mapping, wanted, form.confirmed, current_user.email)
    except Refused as refusal:
        form.ask(mapping)
        show_refusal(form, refusal)
        return show_step(organisation, EVENT_SETTINGS, 422, chosen=mapping, form=form)
    flash("The settings are saved. They count from the next sync.", "success")
    return go_on(step_address(organisation, EVENT_SETTINGS, mapping.id))
