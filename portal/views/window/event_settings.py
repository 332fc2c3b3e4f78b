"""The window's third step: what is sent, unpublished or recreated for one mapping (D9, D10, E13)."""

from flask import Blueprint, Response, flash, request
from flask_login import current_user

from portal.errors import Refused
from portal.forms.refusals import show_refusal
from portal.forms.window.event_settings import EventSettingsForm
from portal.htmx import go_on
from portal.models import Mapping, Organisation
from portal.operations.editing.saving import EditedMeanwhile
from portal.operations.mapping.edited_settings import LABELS, save_edited_settings
from portal.operations.mapping.event_settings import resume
from portal.views.access import for_admins
from portal.views.editing import ask_whose, tell_taken
from portal.views.window.steps import EVENT_SETTINGS, WINDOW, after_saving, show_step, way_back

blueprint = Blueprint("event_settings", __name__)


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/settings")
@for_admins
def settings_save(organisation: Organisation, mapping: Mapping) -> Response:
    form = EventSettingsForm()
    if not form.validate_on_submit():
        return show_step(organisation, EVENT_SETTINGS, 422, chosen=mapping, form=form)
    try:
        changed, merged = save_edited_settings(
            mapping, form.draft, current_user.email, form.confirmed, seen=form.marks, theirs=form.theirs
        )
    except EditedMeanwhile as error:
        return show_both(organisation, mapping, form, error)
    except Refused as refusal:
        if refusal.field == "confirm_timezone":
            form.ask_again(mapping)
        show_refusal(form, refusal)
        return show_step(organisation, EVENT_SETTINGS, 422, chosen=mapping, form=form)
    if changed or request.form.get("action", "save") == "save":
        flash("The settings are saved. They count from the next sync.", "success")
    tell_taken(LABELS[name] for name in LABELS if name in merged.taken)
    return after_saving(organisation, EVENT_SETTINGS, mapping)


def show_both(
    organisation: Organisation, mapping: Mapping, form: EventSettingsForm, error: EditedMeanwhile
) -> Response:
    """The form once more: what only the other one changed is taken over, what both changed is asked about."""
    mine = form.draft
    meanwhile = ask_whose(
        form,
        error,
        LABELS,
        lambda name: form.in_words(name, mine),
        lambda name: form.in_words(name, error.stored),
    )
    form.is_changed = True
    return show_step(organisation, EVENT_SETTINGS, 422, chosen=mapping, form=form, meanwhile=meanwhile)


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/resume")
@for_admins
def mapping_resume(organisation: Organisation, mapping: Mapping) -> Response:
    resume(mapping, current_user.email)
    flash(f"Continuous sync of {mapping.event.name} goes on.", "success")
    return go_on(way_back(organisation, mapping.event))
