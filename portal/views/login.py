"""Logging in and out, and the way from the bare address to somebody's events."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from portal.forms.login import LoginForm
from portal.htmx import leave_for, render_either
from portal.operations.accounts.users import check_login
from portal.operations.queries.access import list_organisations
from portal.text.addresses import parts_of
from portal.views.entering import enter, leave
from portal.views.tries import TooManyTries, trying

blueprint = Blueprint("login", __name__)


@blueprint.get("/")
@login_required
def home_show() -> ResponseReturnValue:
    organisations = list_organisations(current_user.id)
    if not organisations:
        return render_template("login/nowhere.html")
    return redirect(url_for("events.event_list", org=organisations[0].slug))


@blueprint.route("/login", methods=["GET", "POST"])
def login_form() -> Response:
    if current_user.is_authenticated:
        return leave_for(local_address(request.args.get("next")))
    form = LoginForm()
    if not form.validate_on_submit():
        return show_login(form, 422 if form.is_submitted() else 200)
    with trying(form.email.data) as attempt:
        user = check_login(form.email.data, form.password.data)
        attempt.right = user is not None
    if user is None:
        return show_login(form, 422, "The e-mail or the password is wrong.")
    enter(user, form.remember.data)
    return leave_for(local_address(request.args.get("next")))


@blueprint.post("/logout")
def login_end() -> Response:
    leave()
    wanted = request.form.get("next")
    return leave_for(local_address(wanted) if wanted else url_for("login.login_form"))


def show_login(form: LoginForm, status: int, problem: str = "") -> Response:
    return render_either("login/login.html", "login/_form.html", status, form=form, problem=problem)


@blueprint.errorhandler(TooManyTries)
def show_wait(error: TooManyTries) -> Response:
    """The login after too many wrong tries, which says how long to wait."""
    response = show_login(LoginForm(), 429, str(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def local_address(wanted: str | None) -> str:
    """Where to go after the login: a path of this portal, never another site."""
    if not wanted or not wanted.isprintable() or "\\" in wanted:
        return url_for("login.home_show")
    parts = parts_of(wanted)
    if (
        not parts.path
        or parts.scheme
        or parts.netloc
        or not wanted.startswith("/")
        or wanted.startswith("//")
    ):
        return url_for("login.home_show")
    return wanted
