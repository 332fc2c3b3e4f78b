"""An organisation's settings: what it is called."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.errors import Refused
from portal.forms.names import NameForm
from portal.forms.refusals import show_refusal
from portal.htmx import leave_for, render_either
from portal.models import Organisation
from portal.operations.accounts.organisation import rename_organisation
from portal.operations.queries.organisation import count_belongings
from portal.views.access import for_admins, for_members

DETAILS = "/orgs/<org>/settings/details"

blueprint = Blueprint("settings", __name__)


@blueprint.get(DETAILS)
@for_members
def settings_details(organisation: Organisation) -> Response:
    return show_organisation_details(organisation, NameForm(name=organisation.name, formdata=None))


@blueprint.post(DETAILS)
@for_admins
def settings_rename(organisation: Organisation) -> Response:
    form = NameForm()
    try:
        rename_organisation(organisation, form.name.data or "", current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_organisation_details(organisation, form, 422)
    flash(f"The organisation is called {organisation.name} now.", "success")
    return leave_for(url_for("settings.settings_details", org=organisation.slug))


def show_organisation_details(organisation: Organisation, form: NameForm, status: int = 200) -> Response:
    return render_either(
        "settings/details.html",
        "settings/_name.html",
        status,
        counts=count_belongings(organisation),
        form=form,
    )
