"""Joining an organisation by the link of an invitation; it lies outside every organisation."""

from enum import StrEnum

from flask import Blueprint, Response, flash, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm

from portal.errors import NotFound, Refused
from portal.forms.passwords import GuestForm, JoinForm
from portal.forms.refusals import show_refusal
from portal.htmx import leave_for, render_either
from portal.models import Invitation, Membership
from portal.operations.accounts.invitations import accept_as_guest, accept_as_user, open_invitation
from portal.operations.accounts.passwords import SHORTEST_PASSWORD
from portal.views.entering import enter
from portal.views.tries import count_stranger, trying

INVITATION = "/invitations/<token>"

blueprint = Blueprint("invitations", __name__)


class Guest(StrEnum):
    """Who has opened the link."""

    STRANGER = "stranger"  # is not logged in: says the password of their account, or chooses one
    HERE = "here"  # is logged in as the person who is invited
    OTHER = "other"  # is logged in as somebody else


@blueprint.get(INVITATION)
def invitation_show(token: str) -> Response:
    try:
        invitation = open_invitation(token)
    except NotFound as gone:
        return show_gone(gone)
    guest = guest_of(invitation)
    return show_invitation(invitation, guest, form_for(guest))


@blueprint.post(INVITATION)
def invitation_accept(token: str) -> Response:
    try:
        invitation = open_invitation(token)
        guest = guest_of(invitation)
        form = form_for(guest)
        if guest == Guest.OTHER or not form.validate_on_submit():
            return show_invitation(invitation, guest, form, 422)
        if guest == Guest.HERE:
            membership = accept_as_user(token, current_user._get_current_object())
        else:
            membership = accept_stranger(token, invitation.email, form)
            enter(membership.user)
    except NotFound as gone:
        count_stranger()
        return show_gone(gone)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_invitation(invitation, guest, form, 422)
    organisation = membership.organisation
    flash(f"You belong to {organisation.name} now, as {membership.role}.", "success")
    return leave_for(url_for("events.event_list", org=organisation.slug))


def accept_stranger(token: str, email: str, form: GuestForm) -> Membership:
    with trying(email) as attempt:
        membership = accept_as_guest(token, form.password.data, form.repeat.data or "")
        attempt.right = True
    return membership


def guest_of(invitation: Invitation) -> Guest:
    if not current_user.is_authenticated:
        return Guest.STRANGER
    return Guest.HERE if current_user.email == invitation.email else Guest.OTHER


def form_for(guest: Guest) -> FlaskForm:
    return GuestForm() if guest == Guest.STRANGER else JoinForm()


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
