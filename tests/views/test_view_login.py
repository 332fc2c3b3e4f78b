"""Logging in: who gets in, who waits, where the way leads."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from view_samples import HTMX, PASSWORD, log_in, make_user

WRONG = "The e-mail or the password is wrong."


def attempt(browser: FlaskClient, email: str, password: str = "wrong", **options):
    return browser.post("/login", data={"email": email, "password": password}, **options)


@pytest.fixture
def known(app: Flask) -> str:
    make_user(app, "admin@example.org", "Évènements & Cie")
    return "admin@example.org"


def test_login_leads_to_the_first_organisation(browser: FlaskClient, known: str) -> None:
    answer = attempt(browser, "  Admin@Example.org ", PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/").location == "/orgs/%C3%A9v%C3%A8nements-cie/"


def test_login_returns_to_the_page_that_asked_for_it(browser: FlaskClient, known: str) -> None:
    asked = browser.get("/orgs/évènements-cie/runs?page=2")
    address = asked.location
    answer = browser.post(address, data={"email": known, "password": PASSWORD})

    assert answer.status_code == 303
    assert answer.location.startswith("/orgs/") and answer.location.endswith("/runs?page=2")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_login_says_that_what_was_entered_is_not_saved(browser: FlaskClient, known: str, headers) -> None:
    said = "You were logged out meanwhile. What you had entered was not saved."

    browser.get("/orgs/évènements-cie/settings/team", headers=headers)
    assert said not in browser.get("/login").text
    browser.post("/orgs/évènements-cie/settings/details", data={"name": "Another"}, headers=headers)
    assert said in browser.get("/login").text


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "javascript:alert(1)",
        "orgs/one/",
        "/\n/x",
        "//[",
        "http://[::1",
        "//\u2100.example.com/",
    ],
)
def test_login_never_leads_to_another_site(browser: FlaskClient, known: str, wanted: str) -> None:
    answer = browser.post(
        "/login", query_string={"next": wanted}, data={"email": known, "password": PASSWORD}
    )

    assert (answer.status_code, answer.location) == (303, "/")


def test_login_says_the_same_of_an_unknown_email_and_a_wrong_password(
    browser: FlaskClient, known: str
) -> None:
    answers = [attempt(browser, known), attempt(browser, "nobody@example.org")]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(WRONG in answer.text for answer in answers)


def test_login_waits_after_five_wrong_tries_for_an_email(app: Flask, known: str) -> None:
    for number in range(5):
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        assert attempt(app.test_client(), known, environ_base=address).status_code == 422

    waiting = attempt(app.test_client(), known, PASSWORD, environ_base={"REMOTE_ADDR": "192.0.2.99"})

    assert waiting.status_code == 429
    assert "Five wrong tries within a minute. Wait " in waiting.text
    assert 1 <= int(waiting.headers["Retry-After"]) <= 60


def test_login_waits_after_five_wrong_tries_from_an_address(browser: FlaskClient, known: str) -> None:
    for number in range(5):
        attempt(browser, f"guess{number}@example.org")

    assert attempt(browser, known, PASSWORD).status_code == 429


def test_g1_many_addresses_of_one_network_are_no_way_round_the_wait(app: Flask, known: str) -> None:
    def guess(address: str) -> int:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return attempt(client, f"guess-from-{address}@example.org").status_code

    one_network = [guess(f"2001:db8:1:2::{number:x}") for number in range(1, 7)]

    assert one_network == [422] * 5 + [429]
    assert (guess("2001:db8:1:3::1"), guess("::ffff:192.0.2.1"), guess("192.0.2.1")) == (422, 422, 422)


def test_login_counts_only_wrong_tries(app: Flask, known: str) -> None:
    answers = [attempt(app.test_client(), known, PASSWORD).status_code for _ in range(7)]

    assert answers == [303] * 7


def test_login_answers_htmx_with_the_form_or_the_way(browser: FlaskClient, known: str) -> None:
    wrong = attempt(browser, known, headers=HTMX)
    right = attempt(browser, known, PASSWORD, headers=HTMX)

    assert wrong.status_code == 422
    assert "<html" not in wrong.text and WRONG in wrong.text
    assert right.headers["HX-Redirect"] == "/"


def test_logout_ends_the_session(app: Flask, known: str) -> None:
    client = log_in(app, known)

    assert client.post("/logout").location == "/login"
    assert client.get("/").location == "/login"


def test_login_stays_when_asked_to(browser: FlaskClient, known: str) -> None:
    browser.post("/login", data={"email": known, "password": PASSWORD, "remember": "y"})
    browser.delete_cookie("session")

    assert browser.get("/").status_code == 302
    assert browser.get("/").location.startswith("/orgs/")


def test_somebody_without_an_organisation_is_told_so(app: Flask, known: str) -> None:
    from portal.models import Membership, db

    client = log_in(app, known)
    with app.app_context():
        db.session.query(Membership).delete()
        db.session.commit()

    assert "No organisation yet" in client.get("/").text
