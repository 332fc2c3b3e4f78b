"""Joining an organisation by the link of an invitation; it lies outside every organisation."""

from enum import StrEnum

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from portal.errors import NotFound, Refused
from portal.extensions import limiter
from portal.forms.passwords import JoinForm, KnownPasswordForm, NewPasswordForm
from portal.forms.refusals import show_refusal
from portal.htmx import leave_for, render_either
from portal.models import Invitation
from portal.operations.accounts import SHORTEST_PASSWORD
from portal.operations.team import accept_invitation, find_invitation, needs_password
from portal.views.entering import enter
from portal.views.login import TRIES, was_wrong

INVITATION = "/invitations/<token>"

blueprint = Blueprint("invitations", __name__)


class Guest(StrEnum):
    """Who has opened the link."""

    NEW = "new"  # has no account: chooses a password
    KNOWN = "known"  # has an account: says its password
    HERE = "here"  # is logged in as the person who is invited
    OTHER = "other"  # is logged in as somebody else


def link_tried() -> str:
    return f"invitation {request.path}"


@blueprint.get(INVITATION)
def invitation_show(token: str) -> Response:
    try:
        invitation = find_invitation(token)
    except NotFound as gone:
        return show_gone(gone)
    guest = guest_of(invitation)
    return show_invitation(invitation, guest, form_for(invitation, guest))


@blueprint.post(INVITATION)
@limiter.limit(TRIES, deduct_when=was_wrong)
@limiter.limit(TRIES, key_func=link_tried, deduct_when=was_wrong)
def invitation_accept(token: str) -> Response:
    try:
        invitation = find_invitation(token)
        guest = guest_of(invitation)
        form = form_for(invitation, guest)
        if guest == Guest.OTHER or not form.validate_on_submit():
            g.wrong_login = guest == Guest.KNOWN
            return show_invitation(invitation, guest, form, 422)
        user = accept_invitation(token, form.password.data if "password" in form else "")
    except NotFound as gone:
        g.wrong_login = True
        return show_gone(gone)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_invitation(invitation, guest, form, 422)
    if guest != Guest.HERE:
        enter(user)
    flash(f"You belong to {invitation.organisation.name} now, as {invitation.role}.", "success")
    return leave_for(url_for("events.event_list", org=invitation.organisation.slug))


def guest_of(invitation: Invitation) -> Guest:
    if current_user.is_authenticated:
        return Guest.HERE if current_user.email == invitation.email else Guest.OTHER
    return Guest.NEW if needs_password(invitation) else Guest.KNOWN


def form_for(invitation: Invitation, guest: Guest) -> FlaskForm:
    if guest == Guest.NEW:
        return NewPasswordForm()
    return KnownPasswordForm(invitation.email) if guest == Guest.KNOWN else JoinForm()


def show_invitation(invitation: Invitation, guest: Guest, form: FlaskForm, status: int = 200) -> Response:
    return render_either(
        "invitations/accept.html",
        "invitations/_accept.html",
        status,
        invitation=invitation,
        guest=guest,
        form=form,
        shortest=SHORTEST_PASSWORD,
        address=request.path,
    )


def show_gone(reason: NotFound) -> Response:
    return render_either("invitations/gone.html", "invitations/_gone.html", 404, reason=reason)
