"""What a request must be before anybody looks at it (G5)."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import opened, save, stored
from sqlalchemy import select
from view_samples import HTMX, PASSWORD, log_in, make_event, make_user, session_id

from portal.models import Login, Organisation, db
from portal.views.crowd import CROWD

LARGE = b"x" * 1_100_000


@pytest.mark.parametrize(
    "address",
    [
        "/orgs/%00/",
        "/orgs/one/events/1/sessions/%00",
        "/orgs/one/events/1/people/x%00",
        "/invitations/%00",
    ],
)
def test_address_with_nul_leads_nowhere(app: Flask, admin: FlaskClient, address: str) -> None:
    make_event(app)

    assert admin.get(address).status_code == 404


@pytest.mark.parametrize("query", ["kind=%00", "%00=1", "kind=a&kind=%00"])
def test_query_with_nul_is_no_request(admin: FlaskClient, query: str) -> None:
    assert admin.get(f"/orgs/one/history?{query}").status_code == 400


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("odd", ["\0", "a\0b"])
def test_form_with_nul_is_refused_before_anything_is_done(
    app: Flask, browser: FlaskClient, admin: FlaskClient, odd: str, headers: dict[str, str]
) -> None:
    login = browser.post(
        "/login", data={"email": f"admin@example.org{odd}", "password": PASSWORD}, headers=headers
    )
    name = admin.post("/orgs/one/settings/details", data={"name": odd}, headers=headers)
    key = admin.post("/orgs/one/settings/details", data={"name": "Two", odd: "x"}, headers=headers)

    assert [each.status_code for each in (login, name, key)] == [400, 400, 400]
    with app.app_context():
        assert db.session.scalars(select(Organisation.name)).all() == ["One"]


def test_name_of_a_file_with_nul_is_refused(admin: FlaskClient) -> None:
    data = {"file": (io.BytesIO(b"{}"), "a\0b.json")}

    assert admin.post("/orgs/one/import", data=data).status_code in (400, 422)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_g5_no_organisation_takes_all_threads(
    app: Flask, admin: FlaskClient, headers: dict[str, str]
) -> None:
    make_user(app, "other@example.org", "Two")
    other = log_in(app, "other@example.org")
    crowd = app.extensions[CROWD]
    for _ in range(8):
        crowd.join(1)  # as many of its requests are at work

    refused = admin.get("/orgs/one/runs", headers=headers)
    theirs = other.get("/orgs/two/runs", headers=headers)
    for _ in range(8):
        crowd.leave(1)

    assert (refused.status_code, refused.headers["Retry-After"], theirs.status_code) == (503, "2", 200)
    assert "Too many pages of your organisation" in refused.text
    assert [admin.get("/orgs/one/runs", headers=headers).status_code for _ in range(9)] == [200] * 9


def test_g5_form_is_small(admin: FlaskClient) -> None:
    answer = admin.post(
        "/orgs/one/settings/details", data=LARGE, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 413
    assert "more than any form of the portal needs" in answer.text


def test_g5_nobody_sends_files_who_is_not_logged_in(app: Flask, browser: FlaskClient) -> None:
    data = {"email": "a@example.org", "password": "wrong", "file": (io.BytesIO(LARGE), "a.json")}

    assert browser.post("/login", data=data).status_code == 413
    with app.app_context():
        assert db.session.scalars(select(Login)).all() == []


def test_g5_who_is_logged_in_sends_large_files(admin: FlaskClient) -> None:
    answer = admin.post("/orgs/one/import", data={"file": (io.BytesIO(LARGE), "a.json")})

    assert answer.status_code == 422
    assert "The file is not JSON" in answer.text


def test_way_back_may_have_any_letters(admin: FlaskClient) -> None:
    answer = admin.get("/login", query_string={"next": "/é€日?x=é"}, headers=HTMX)

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/%C3%A9%E2%82%AC%E6%97%A5?x=%C3%A9"


DEEP = "[" * 100_000
OUT_OF_TIME = ["0001-01-01", "1969-12-31", "2201-01-01", "9999-12-31"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_g3_day_that_no_clock_reaches_is_refused_at_its_field(
    app: Flask, admin: FlaskClient, headers: dict[str, str]
) -> None:
    event = f"/orgs/one/events/{make_event(app)}"
    for day in OUT_OF_TIME:
        typed = {"title": "Kept title", "starts_on": day, "starts_at": "00:00", "action": "save"}
        first = {"name": "Kept name", "timezone": "UTC", "first_day": day}

        session = admin.post(f"{event}/sessions/new", data=typed, headers=headers)
        move = admin.post(f"{event}/agenda/sessions/{session_id(0)}/move", data=typed, headers=headers)
        made = admin.post("/orgs/one/events/new", data=first, headers=headers)

        assert [each.status_code for each in (session, move, made)] == [422, 422, 422]
        assert all("Enter a day of the years 1970 to 2200." in each.text for each in (session, move, made))
        assert ("Kept title" in session.text, "Kept name" in made.text) == (True, True)


@pytest.mark.parametrize("field", ["seen", "asked"])
def test_g5_marks_of_a_form_that_nest_without_end_count_as_none(
    app: Flask, admin: FlaskClient, field: str
) -> None:
    event = make_event(app)
    fields = opened(admin, event) | {"title": "New", field: DEEP, "action": "save"}

    answer = save(admin, event, fields)

    assert answer.status_code == 303
    assert stored(app, event).title == "New"


@pytest.mark.parametrize(
    "key", [f"new:{DEEP}", 'new:["\\ud800", "B", "c@example.org"]', 'new:["\\u0000", "B", ""]']
)
def test_person_of_a_form_that_spells_what_nobody_means_breaks_no_page(
    app: Flask, admin: FlaskClient, key: str
) -> None:
    event = make_event(app)
    typed = {"title": "New", "person": key, "role": "speaker", "acceptance": "accepted", "action": "find"}

    answer = admin.post(f"/orgs/one/events/{event}/sessions/new", data=typed)

    assert answer.status_code in (200, 422)
    assert "New" in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_g5_only_forms_are_taken_for_forms(
    app: Flask, browser: FlaskClient, admin: FlaskClient, headers: dict[str, str]
) -> None:
    bodies = ['{"name": "Two"}', '{"name": ["Two"]}', '{"name": "\\ud800"}', DEEP]
    kinds = ["application/json", "application/x+json", "text/plain"]
    details = [
        admin.post("/orgs/one/settings/details", data=body, content_type=kind, headers=headers)
        for kind in kinds
        for body in bodies
    ]
    login = [browser.post("/login", data=body, content_type=kinds[0], headers=headers) for body in bodies]

    assert {each.status_code for each in details + login} == {415}
    assert "This request cannot be understood" in details[0].text
    with app.app_context():
        assert db.session.scalars(select(Organisation.name)).all() == ["One"]
