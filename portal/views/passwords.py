"""A forgotten password: asking for a link, and choosing another by it; it lies outside every organisation."""

import logging
import threading

from flask import Blueprint, Flask, Response, flash, render_template, request, url_for

from portal.config import current_application, current_settings
from portal.errors import NotFound, PortalError, Refused
from portal.forms.passwords import ForgottenForm, NewPasswordForm
from portal.forms.refusals import show_refusal
from portal.htmx import leave_for, render_either
from portal.mail import can_mail, send_mail
from portal.models import PasswordReset
from portal.operations.accounts.passwords import SHORTEST_PASSWORD
from portal.operations.accounts.resets import ask_for_reset, find_reset, use_reset
from portal.views.entering import leave
from portal.views.front import mailed_address
from portal.views.tries import count_stranger

SUBJECT = "Another password for the portal"
PLACE = "TOKEN"

blueprint = Blueprint("passwords", __name__)
log = logging.getLogger(__name__)


@blueprint.get("/forgotten")
def password_forgotten() -> Response:
    return show_forgotten(ForgottenForm(formdata=None))


@blueprint.post("/forgotten")
def password_ask() -> Response:
    form = ForgottenForm()
    mails = can_mail(current_settings())
    if not form.validate_on_submit() or not mails:
        return show_forgotten(form, 422)
    count_stranger()
    mail_reset(form.email.data)
    return show_forgotten(form, asked=True)


@blueprint.get("/passwords/<token>")
def password_choose(token: str) -> Response:
    try:
        return show_choice(find_reset(token), NewPasswordForm(formdata=None))
    except NotFound as gone:
        return show_gone(gone)


@blueprint.post("/passwords/<token>")
def password_set(token: str) -> Response:
    form = NewPasswordForm()
    try:
        reset = find_reset(token)
        if not form.validate_on_submit():
            return show_choice(reset, form, 422)
        use_reset(token, form.password.data)
    except NotFound as gone:
        count_stranger()
        return show_gone(gone)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_choice(find_reset(token), form, 422)
    leave()  # whoever is logged in here: they log in anew, with the new one
    flash("Your password is changed. Log in with it.", "success")
    return leave_for(url_for("login.login_form"))


def mail_reset(email: str) -> None:
    """Send the link, if there is an account, after the answer: its time tells nobody which it was."""
    address = mailed_address(url_for("passwords.password_choose", token=PLACE))
    threading.Thread(target=_mail_reset, args=(current_application(), email, address), daemon=True).start()


def _mail_reset(app: Flask, email: str, address: str) -> None:
    with app.app_context():
        token = ask_for_reset(email)
        if token is None:
            return
        text = render_template("passwords/mail.txt", address=address.replace(PLACE, token))
        try:
            send_mail(current_settings(), email.strip().lower(), SUBJECT, text)
        except PortalError as problem:
            log.error("A link for another password could not be mailed: %s", problem)


def show_forgotten(form: ForgottenForm, status: int = 200, *, asked: bool = False) -> Response:
    return render_either(
        "passwords/forgotten.html",
        "passwords/_forgotten.html",
        status,
        form=form,
        mails=can_mail(current_settings()),
        asked=asked,
    )


def show_choice(reset: PasswordReset, form: NewPasswordForm, status: int = 200) -> Response:
    return render_either(
        "passwords/choose.html",
        "passwords/_choose.html",
        status,
        email=reset.user.email,
        form=form,
        shortest=SHORTEST_PASSWORD,
        address=request.path,
    )


def show_gone(reason: NotFound) -> Response:
    return render_either("passwords/gone.html", "passwords/_gone.html", 404, reason=reason)
