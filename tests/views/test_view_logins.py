"""Log-ins on the server: what ends them, and what a browser keeps of who used it before (G1b)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import PASSWORD, log_in, make_user

from portal.models import Login, Membership, User, db
from portal.operations.accounts.users import change_password
from portal.text.browsers import describe_browser

ADMIN = "admin@example.org"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
COOKIES = ("session", "remember_token")


def remembered(app: Flask, email: str = ADMIN) -> FlaskClient:
    client = app.test_client()
    client.post("/login", data={"email": email, "password": PASSWORD, "remember": "y"})
    return client


def copy_of(app: Flask, client: FlaskClient, *names: str) -> FlaskClient:
    """Another browser with the same cookies, as somebody has who copied them."""
    other = app.test_client()
    for name in names:
        cookie = client.get_cookie(name)
        assert cookie is not None
        other.set_cookie(name, cookie.value)
    return other


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def logins(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(Login.id, Login.browser).order_by(Login.id))]


@pytest.mark.parametrize("name", COOKIES)
def test_g1b_copied_cookies_open_nothing_after_the_log_out(app: Flask, admin: FlaskClient, name: str) -> None:
    client = remembered(app)
    copied = copy_of(app, client, name)
    assert is_in(copied)

    client.post("/logout")

    assert not is_in(copied)
    assert is_in(admin)  # another browser of the same person


@pytest.mark.parametrize("name", COOKIES)
def test_g1b_remembered_log_in_ends_after_14_days(app: Flask, admin: FlaskClient, name: str) -> None:
    client = remembered(app)
    copied = [copy_of(app, client, name) for _ in range(2)]

    with time_machine.travel(datetime.now(UTC) + timedelta(days=13, hours=23)):
        assert is_in(copied[0])
    with time_machine.travel(datetime.now(UTC) + timedelta(days=14, minutes=1)):
        assert not is_in(copied[1])


def test_g1b_log_in_that_is_not_remembered_ends_when_it_is_not_used(app: Flask, admin: FlaskClient) -> None:
    start = datetime.now(UTC)

    for hours in (11, 22):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert is_in(admin)
    with time_machine.travel(start + timedelta(hours=35)):
        assert not is_in(admin)


def test_g1b_new_password_ends_every_log_in(app: Flask, admin: FlaskClient) -> None:
    other = remembered(app)

    with app.app_context():
        change_password(ADMIN, "quite another password", "test")

    assert not is_in(admin) and not is_in(other)
    assert logins(app) == []


def test_g1b_removal_from_the_last_organisation_ends_every_log_in(app: Flask, viewer: FlaskClient) -> None:
    make_user(app, ADMIN, "One")
    make_user(app, ADMIN, "Two")
    make_user(app, "viewer@example.org", "Two", role="viewer")
    admin = log_in(app, ADMIN)
    with app.app_context():
        members = db.session.execute(
            select(Membership.id, Membership.organisation_id)
            .join(User)
            .where(User.email == "viewer@example.org")
            .order_by(Membership.organisation_id)
        ).all()

    admin.post(f"/orgs/one/settings/team/members/{members[0].id}/remove")
    assert is_in(viewer)
    admin.post(f"/orgs/two/settings/team/members/{members[1].id}/remove")

    assert not is_in(viewer)


def test_g1b_account_lists_the_log_ins_and_ends_each(app: Flask, admin: FlaskClient) -> None:
    other = app.test_client()
    other.post("/login", data={"email": ADMIN, "password": PASSWORD}, headers={"User-Agent": FIREFOX})
    page = admin.get("/account").text
    (own, _), (others, words) = logins(app)

    assert words == "Firefox on Windows"
    assert page.index("(this one)") < page.index(words)  # though the other one was seen later
    assert admin.post(f"/account/logins/{others}/end").location == "/account"
    assert not is_in(other) and is_in(admin)
    assert admin.post(f"/account/logins/{own}/end").location == "/login"
    assert not is_in(admin)


def test_g1_nobody_ends_the_log_in_of_somebody_else(
    app: Flask, admin: FlaskClient, viewer: FlaskClient
) -> None:
    theirs = logins(app)[0][0]

    viewer.post(f"/account/logins/{theirs}/end")

    assert is_in(admin)


def test_g1b_browser_keeps_nothing_for_who_logs_in_next(app: Flask, admin: FlaskClient) -> None:
    make_user(app, "viewer@example.org", "One", role="viewer")
    admin.post("/orgs/one/settings/team/invitations", data={"email": "a@example.org", "role": "admin"})
    admin.post("/logout")

    admin.post("/login", data={"email": "viewer@example.org", "password": PASSWORD})
    page = admin.get("/orgs/one/settings/team").text

    assert "/invitations/" not in page.replace("/settings/team/invitations", "")


def test_g1b_token_of_a_form_is_another_after_log_in_and_log_out(app: Flask) -> None:
    make_user(app, ADMIN, "One")
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True

    def token() -> str:
        found = re.search(
            r'name="csrf_token" value="([^"]+)"', client.get("/login", follow_redirects=True).text
        )
        assert found is not None
        return found[1]

    before = token()
    client.post("/login", data={"email": ADMIN, "password": PASSWORD, "csrf_token": before})
    inside = token()

    assert client.post("/logout", data={"csrf_token": before}).status_code == 400
    assert client.post("/logout", data={"csrf_token": inside}).status_code == 303
    assert client.post("/login", data={"email": ADMIN, "csrf_token": inside}).status_code == 400


def test_token_of_a_log_in_stands_nowhere_in_the_database(app: Flask, admin: FlaskClient) -> None:
    with admin.session_transaction() as session:
        token = session["_user_id"]
    with app.app_context():
        db.engine.dispose()
        stored = b"".join(
            each.read_bytes()
            for each in app.extensions["portal_settings"].instance_dir.iterdir()
            if each.is_file()
        )

    assert len(token) > 40 and token.encode() not in stored


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.0 <script>", "A browser"),
        ("", "A browser"),
    ],
)
def test_browser_is_described_in_words(user_agent: str, words: str) -> None:
    assert describe_browser(user_agent) == words
