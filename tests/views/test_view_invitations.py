"""Accepting an invitation: as a new person, with an account, logged in, and as somebody else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, PASSWORD, log_in, make_user

from portal.models import HistoryEntry, Membership, Organisation, User, db
from portal.operations.accounts.invitations import invite

GUEST = "guest@example.org"
EITHER = pytest.mark.parametrize("headers", [{}, HTMX])


@pytest.fixture
def address(app: Flask) -> str:
    make_user(app, "admin@example.org", "One")
    with app.app_context():
        organisation = db.session.scalars(select(Organisation)).one()
        return f"/invitations/{invite(organisation, GUEST, 'viewer', 'admin@example.org')}"


def join(browser: FlaskClient, address: str, password: str = PASSWORD, headers=None, **data: str):
    return browser.post(address, data={"password": password, **data}, headers=headers or {})


def went(answer) -> str | None:
    return answer.location or answer.headers.get("HX-Redirect")


def roles(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.execute(select(User.email, Membership.role).join(Membership))
        return {email: role for email, role in rows}


def test_the_page_says_who_is_invited_where_and_as_what(browser: FlaskClient, address: str) -> None:
    page = browser.get(address).text

    assert "Join <bdi>One</bdi>" in page
    assert f"{GUEST} is invited as a viewer" in page
    assert 'id="repeat"' in page


@EITHER
def test_a_new_person_chooses_a_password_and_is_in(
    app: Flask, browser: FlaskClient, address: str, headers
) -> None:
    answer = join(browser, address, repeat=PASSWORD, headers=headers)

    assert went(answer) == "/orgs/one/"
    assert "You belong to One now, as viewer." in browser.get("/orgs/one/").text
    assert roles(app) == {"admin@example.org": "admin", GUEST: "viewer"}
    assert log_in(app, GUEST).get("/orgs/one/").status_code == 200
    with app.app_context():
        last = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
        assert (last.kind, last.actor, last.text) == ("user added", GUEST, f"{GUEST} joined as viewer.")


@EITHER
@pytest.mark.parametrize(
    ("password", "repeat", "problem"),
    [
        ("", "", "Choose a password."),
        ("short", "short", "at least 12 characters"),
        (PASSWORD, "another password", "The two passwords differ."),
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(
    app: Flask, browser: FlaskClient, address: str, password: str, repeat: str, problem: str, headers
) -> None:
    answer = join(browser, address, password, repeat=repeat, headers=headers)

    assert answer.status_code == 422
    assert problem in answer.text and 'aria-invalid="true"' in answer.text
    assert ("<html" in answer.text) == (not headers)
    assert GUEST not in roles(app)


def test_somebody_with_an_account_says_its_password(app: Flask, browser: FlaskClient, address: str) -> None:
    make_user(app, GUEST, "Two")

    wrong = join(browser, address, "a wrong password")
    right = join(browser, address)

    assert wrong.status_code == 422 and "this is not its password" in wrong.text
    assert went(right) == "/orgs/one/"
    assert browser.get("/orgs/one/").status_code == 200


@pytest.mark.parametrize(
    "data", [None, {"password": "a wrong password"}, {"password": "short", "repeat": "short"}]
)
def test_g1_link_tells_nobody_whether_there_is_an_account(app: Flask, address: str, data) -> None:
    def look() -> str:
        client = app.test_client()
        page = (client.get(address) if data is None else client.post(address, data=data)).text
        return re.sub(r"(CSRFToken\": |csrf_token\" value=)\"[^\"]+", "", page)

    without = look()
    make_user(app, GUEST, "Two")

    assert look() == without


def test_g1_new_password_does_not_replace_the_one_of_an_account(app: Flask, address: str) -> None:
    make_user(app, GUEST, "Two")

    answer = join(app.test_client(), address, "another password", repeat="another password")

    assert answer.status_code == 422 and "has an account already" in answer.text
    assert roles(app)[GUEST] == "admin" and log_in(app, GUEST).get("/orgs/one/").status_code == 404


def test_g1_invitations_are_no_way_round_the_wait_at_the_login(app: Flask, address: str) -> None:
    make_user(app, GUEST, "Two")
    addresses = [address]
    for name in ("Three", "Four"):
        make_user(app, "admin@example.org", name)
        with app.app_context():
            organisation = db.session.scalars(select(Organisation).where(Organisation.name == name)).one()
            addresses.append(f"/invitations/{invite(organisation, GUEST, 'viewer', 'admin@example.org')}")

    def guess(number: int, path: str, **data: str) -> int:
        place = {"REMOTE_ADDR": f"192.0.2.{number}"}
        return app.test_client().post(path, data={"password": "wrong"} | data, environ_base=place).status_code

    assert [guess(number, addresses[number % 3]) for number in range(5)] == [422] * 5
    assert guess(6, addresses[2]) == 429
    assert guess(7, "/login", email=GUEST, password=PASSWORD) == 429


def test_wrong_passwords_are_counted_as_at_the_login(app: Flask, browser: FlaskClient, address: str) -> None:
    make_user(app, GUEST, "Two")
    for number in range(5):
        place = {"REMOTE_ADDR": f"192.0.2.{number}"}
        assert browser.post(address, data={"password": "wrong"}, environ_base=place).status_code == 422

    assert join(browser, address).status_code == 429


@EITHER
def test_somebody_who_is_logged_in_joins_with_one_button(
    app: Flask, browser: FlaskClient, address: str, headers
) -> None:
    make_user(app, GUEST, "Two")
    guest = log_in(app, GUEST)

    page = guest.get(address).text
    answer = guest.post(address, headers=headers)

    assert f"You are logged in as {GUEST}." in page and 'type="password"' not in page
    assert went(answer) == "/orgs/one/"
    assert guest.get("/orgs/one/").status_code == 200


def test_somebody_else_is_told_so_and_can_log_out_for_it(app: Flask, address: str) -> None:
    admin = log_in(app, "admin@example.org")

    page = admin.get(address).text
    answer = admin.post(address)
    out = admin.post("/logout", data={"next": address})

    assert f"This invitation is for <strong>{GUEST}</strong>" in page
    assert answer.status_code == 422 and GUEST not in roles(app)
    assert out.location == address
    assert 'id="repeat"' in admin.get(address).text


def test_logging_out_leads_to_no_other_site(app: Flask, address: str) -> None:
    admin = log_in(app, "admin@example.org")

    assert admin.post("/logout", data={"next": "https://example.com/"}).location == "/"


@EITHER
def test_a_link_works_once_and_then_says_what_to_do(
    app: Flask, browser: FlaskClient, address: str, headers
) -> None:
    join(browser, address, repeat=PASSWORD)

    again = app.test_client().post(address, headers=headers)

    assert again.status_code == 404
    assert "has been used, has expired or was withdrawn" in again.text
    assert app.test_client().get("/invitations/unknown").status_code == 404


def test_the_token_goes_to_no_other_site(browser: FlaskClient, address: str) -> None:
    # “no-referrer” would be stricter, but the form's own protection needs the Referer under HTTPS
    headers = browser.get(address).headers

    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("same-origin", "no-store")


def test_nobody_joins_without_the_page_s_token(app: Flask, browser: FlaskClient, address: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    assert join(browser, address, repeat=PASSWORD).status_code == 400
    assert GUEST not in roles(app)
