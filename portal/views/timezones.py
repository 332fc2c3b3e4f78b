"""Changing an event's timezone (D18)."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.errors import Refused
from portal.forms.refusals import show_refusal
from portal.forms.timezones import TimezoneForm
from portal.htmx import go_on
from portal.models import Event, Organisation
from portal.operations.editing.timezones import change_timezone
from portal.views.access import EVENT, for_admins
from portal.views.events import show_event_details

blueprint = Blueprint("timezones", __name__)


@blueprint.post(f"{EVENT}/timezone")
@for_admins
def timezone_change(organisation: Organisation, event: Event) -> Response:
    form = TimezoneForm()
    try:
        change_timezone(event, form.wanted, form.confirmed, current_user.email)
    except Refused as refusal:
        form.ask()
        show_refusal(form, refusal)
        return show_event_details(event, form, 422)
    flash(f"The timezone of {event.name} is {event.timezone} now.", "success")
    return go_on(url_for("events.event_details", org=organisation.slug, event_id=event.id))
