"""One's own account: where one belongs, and the password."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask_login import current_user, login_required, login_user

from portal.errors import Refused
from portal.extensions import limiter
from portal.forms.passwords import ChangePasswordForm
from portal.forms.refusals import show_refusal
from portal.htmx import leave_for, render_either
from portal.operations.accounts import SHORTEST_PASSWORD, change_own_password
from portal.operations.queries.access import list_memberships
from portal.views.login import STAY, TRIES, was_wrong

blueprint = Blueprint("account", __name__)


def user_tried() -> str:
    return f"account {current_user.get_id()}"


@blueprint.get("/account")
@login_required
def account_show() -> Response:
    return show_account(ChangePasswordForm(formdata=None))


@blueprint.post("/account")
@login_required
@limiter.limit(TRIES, key_func=user_tried, deduct_when=was_wrong)
def account_change_password() -> Response:
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return show_account(form, 422)
    try:
        change_own_password(current_user, form.current.data, form.password.data)
    except Refused as refusal:
        g.wrong_login = refusal.field == "current"
        show_refusal(form, refusal)
        return show_account(form, 422)
    # The old cookies name nobody any more; this browser stays in, for as long as it was going to.
    login_user(current_user, remember="remember_token" in request.cookies, duration=STAY)
    flash("Your password is changed. Wherever else you were logged in, you are logged out.", "success")
    return leave_for(url_for("account.account_show"))


def show_account(form: ChangePasswordForm, status: int = 200) -> Response:
    return render_either(
        "account/account.html",
        "account/_password.html",
        status,
        form=form,
        memberships=list_memberships(current_user.id),
        shortest=SHORTEST_PASSWORD,
    )
