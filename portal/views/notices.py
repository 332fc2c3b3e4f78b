"""Whom an organisation wants told when a mapping gets into trouble (G4)."""

from flask import Blueprint, Response, flash, url_for
from flask_login import current_user

from portal.config import current_settings
from portal.errors import PortalError, Refused
from portal.forms.notices import NoticesForm
from portal.forms.refusals import show_refusal
from portal.htmx import go_on, render_either
from portal.mail import can_mail
from portal.models import Organisation
from portal.operations.notices.telling import find_notice_settings, forget_webhook, save_notices, send_trial
from portal.operations.queries.organisation import list_members
from portal.views.access import for_admins, for_members
from portal.views.frame import tell_problem

NOTICES = "/orgs/<org>/settings/notices"

blueprint = Blueprint("notices", __name__)


@blueprint.get(NOTICES)
@for_members
def notice_settings(organisation: Organisation) -> Response:
    stored = find_notice_settings(organisation)
    return show_notices(organisation, NoticesForm(emails=stored.emails if stored else [], formdata=None))


@blueprint.post(NOTICES)
@for_admins
def notices_save(organisation: Organisation) -> Response:
    form = NoticesForm()
    form.offer(form.emails.data or [])
    try:
        if not form.validate_on_submit():
            return show_notices(organisation, form, 422)
        webhook = (form.webhook.data or "").strip()
        save_notices(organisation, webhook, form.emails.data or [], current_user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_notices(organisation, form, 422)
    flash("The notices are saved.", "success")
    return back(organisation)


@blueprint.post(f"{NOTICES}/trial")
@for_admins
def notices_try(organisation: Organisation) -> Response:
    try:
        send_trial(organisation, current_user.email)
        flash("A trial was sent. See that it has arrived.", "success")
    except PortalError as problem:
        tell_problem(problem)
    return back(organisation)


@blueprint.post(f"{NOTICES}/webhook/forget")
@for_admins
def notices_forget_webhook(organisation: Organisation) -> Response:
    forget_webhook(organisation, current_user.email)
    flash("The webhook’s address is erased.", "success")
    return back(organisation)


def show_notices(organisation: Organisation, form: NoticesForm, status: int = 200) -> Response:
    form.offer(each.user.email for each in list_members(organisation))
    return render_either(
        "notices/notices.html",
        "notices/_notices.html",
        status,
        form=form,
        stored=find_notice_settings(organisation),
        mails=can_mail(current_settings()),
    )


def back(organisation: Organisation) -> Response:
    return go_on(url_for("notices.notice_settings", org=organisation.slug))
