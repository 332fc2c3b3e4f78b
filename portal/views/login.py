"""Logging in and out, and the way from the bare address to somebody's events."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_login import current_user, login_required

from portal.extensions import limiter
from portal.forms.login import LoginForm
from portal.htmx import leave_for, render_either
from portal.operations.accounts import check_login
from portal.operations.queries.access import list_organisations
from portal.views.entering import enter, leave

TRIES = "5 per minute"
WHOLE_MINUTE = 60  # seconds

blueprint = Blueprint("login", __name__)


def email_tried() -> str:
    return "email " + request.form.get("email", "").strip().lower()


def was_wrong(_response: Response) -> bool:
    return bool(g.get("wrong_login", False))


@blueprint.get("/")
@login_required
def home_show() -> ResponseReturnValue:
    organisations = list_organisations(current_user.id)
    if not organisations:
        return render_template("login/nowhere.html")
    return redirect(url_for("events.event_list", org=organisations[0].slug))


@blueprint.route("/login", methods=["GET", "POST"])
@limiter.limit(TRIES, methods=["POST"], deduct_when=was_wrong)
@limiter.limit(TRIES, key_func=email_tried, methods=["POST"], deduct_when=was_wrong)
def login_form() -> Response:
    if current_user.is_authenticated:
        return leave_for(local_address(request.args.get("next")))
    form = LoginForm()
    if not form.validate_on_submit():
        return show_login(form, 422 if form.is_submitted() else 200)
    user = check_login(form.email.data, form.password.data)
    if user is None:
        g.wrong_login = True
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


@blueprint.errorhandler(RateLimitExceeded)
def show_wait(_error: RateLimitExceeded) -> Response:
    """The login after too many wrong tries, which says how long to wait."""
    limit = limiter.current_limit
    until = datetime.fromtimestamp(limit.reset_at, UTC) if limit else datetime.now(UTC)
    left = (until - datetime.now(UTC)).total_seconds()
    seconds = min(max(1, round(left)), WHOLE_MINUTE)  # the counter's clock has whole seconds, and may say 61
    response = show_login(
        LoginForm(), 429, f"Five wrong tries within a minute. Wait {seconds} seconds, then try again."
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def local_address(wanted: str | None) -> str:
    """Where to go after the login: a path of this portal, never another site."""
    if not wanted or not wanted.isprintable() or "\\" in wanted:
        return url_for("login.home_show")
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith("//"):
        return url_for("login.home_show")
    return wanted
