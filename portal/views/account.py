"""One's own account: where one belongs, and the password."""

from flask import Blueprint, Response, flash, g, url_for
from flask_login import current_user, login_required

from portal.errors import Refused
from portal.forms.passwords import ChangePasswordForm
from portal.forms.refusals import show_refusal
from portal.htmx import go_on, leave_for, render_either
from portal.models import Login
from portal.operations.accounts.logins import end_login, list_logins
from portal.operations.accounts.passwords import SHORTEST_PASSWORD
from portal.operations.accounts.users import change_password, check_own_password
from portal.operations.queries.access import list_memberships
from portal.views.access import stand_where_they_were
from portal.views.entering import enter, leave
from portal.views.tries import trying

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@login_required
def account_show() -> Response:
    return show_account(ChangePasswordForm(formdata=None))


@blueprint.post("/account")
@login_required
def account_change_password() -> Response:
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return show_account(form, 422)
    user, remembered = current_user._get_current_object(), g.login.remembered
    try:
        with trying(user.email) as attempt:
            check_own_password(user, form.current.data)
            attempt.right = True
        change_password(user.email, form.password.data, user.email)
    except Refused as refusal:
        show_refusal(form, refusal)
        return show_account(form, 422)
    enter(user, remembered)  # every log-in has ended; this browser, which knew the password, is in anew
    flash("Your password is changed. Wherever else you were logged in, you are logged out.", "success")
    return leave_for(url_for("account.account_show"))


@blueprint.post("/account/logins/<int(max=2147483647):login_id>/end")
@login_required
def login_end(login_id: int) -> Response:
    if login_id == g.login.id:
        leave()
        return leave_for(url_for("login.login_form"))
    end_login(current_user.id, login_id)
    flash("That browser is logged out.", "success")
    return go_on(url_for("account.account_show"))


def is_another(login: Login) -> bool:
    """Whether it is not the log-in of this browser, which is listed first."""
    return bool(login.id != g.login.id)


def show_account(form: ChangePasswordForm, status: int = 200) -> Response:
    stand_where_they_were()
    return render_either(
        "account/account.html",
        "account/_password.html",
        status,
        form=form,
        memberships=list_memberships(current_user.id),
        shortest=SHORTEST_PASSWORD,
        logins=sorted(list_logins(current_user.id), key=is_another),
        own_login=g.login.id,
    )
