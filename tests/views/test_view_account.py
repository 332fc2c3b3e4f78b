"""One's own account: the password, and what becomes of other sessions."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from view_samples import HTMX, PASSWORD, log_in, make_user

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])
NEW = "quite another password"


def change(client: FlaskClient, current: str = PASSWORD, password: str = NEW, repeat: str = "", **options):
    data = {"current": current, "password": password, "repeat": repeat or password}
    return client.post("/account", data=data, **options)


def test_the_account_is_reached_from_every_page(admin: FlaskClient) -> None:
    assert 'href="/account"' in admin.get("/orgs/one/").text
    page = admin.get("/account").text

    assert "admin@example.org" in page and 'href="/orgs/one/"' in page


def test_the_account_keeps_the_navigation_of_the_organisation_that_was_looked_at_last(app: Flask) -> None:
    for name in ("One", "Two"):
        make_user(app, "both@example.org", name)
    client = log_in(app, "both@example.org")

    for slug in ("two", "one"):
        client.get(f"/orgs/{slug}/")
        assert f'href="/orgs/{slug}/settings/integrations"' in client.get("/account").text


@EITHER
def test_another_password_ends_the_other_sessions(app: Flask, admin: FlaskClient, headers) -> None:
    elsewhere = log_in(app, "admin@example.org")

    answer = change(admin, headers=headers)

    assert (answer.location or answer.headers["HX-Redirect"]) == "/account"
    assert "Your password is changed." in admin.get("/account").text
    assert elsewhere.get("/orgs/one/").status_code == 302
    assert "The password of admin@example.org was changed." in admin.get("/orgs/one/history").text


def test_who_stays_logged_in_goes_on_doing_so(app: Flask, admin: FlaskClient) -> None:
    data = {"email": "admin@example.org", "password": PASSWORD, "remember": "y"}
    staying, elsewhere = app.test_client(), app.test_client()
    staying.post("/login", data=data)
    elsewhere.post("/login", data=data)

    change(staying)
    staying.delete_cookie("session")
    elsewhere.delete_cookie("session")

    assert staying.get("/orgs/one/").status_code == 200
    assert elsewhere.get("/orgs/one/").status_code == 302


@EITHER
@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"current": "not mine at all"}, "This is not your current password."),
        ({"current": ""}, "Enter your current password."),
        ({"password": "short"}, "at least 12 characters"),
        ({"repeat": "another one again"}, "The two passwords differ."),
    ],
)
def test_a_wrong_change_is_refused_at_its_field(
    app: Flask, admin: FlaskClient, values: dict[str, str], problem: str, headers
) -> None:
    answer = change(admin, headers=headers, **values)

    assert answer.status_code == 422
    assert problem in answer.text and 'aria-invalid="true"' in answer.text
    assert ("<html" in answer.text) == (not headers)
    assert log_in(app, "admin@example.org").get("/account").status_code == 200


def test_guessing_the_current_password_has_an_end(admin: FlaskClient) -> None:
    answers = [change(admin, current="a wrong guess").status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_a_cookie_of_before_names_nobody(app: Flask, admin: FlaskClient) -> None:
    with admin.session_transaction() as session:
        session["_user_id"] = "1"

    assert admin.get("/account").status_code == 302


def test_the_account_changes_nothing_without_the_page_s_token(app: Flask, admin: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    assert change(admin).status_code == 400
