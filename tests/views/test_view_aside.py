"""Beside a record stands what is known of it in ASP (E9)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from view_samples import HTMX, change_session, contact_id, make_event, make_mapping, session_id

from portal.models import Event, Link, db


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app, sessions=1)


def aside(client: FlaskClient, event: int, place: str) -> str:
    page = client.get(f"/orgs/one/events/{event}/{place}").text
    return page.split('id="records-aside"')[1].split("</aside>")[0]


def link(app: Flask, event: int, kind: str, key: str, seminar: str) -> None:
    with app.app_context():
        place = {"organisation_id": db.session.get_one(Event, event).organisation_id, "site_uuid": "site"}
        db.session.add(
            Link(kind=kind, key=key, seminar_uuid=seminar, asp_uuid=f"ASP-{kind}", pushed_hash="", **place)
        )
        db.session.commit()


@pytest.mark.parametrize(
    ("place", "kind", "key", "seminar"),
    [
        (f"sessions/{session_id(0)}", "session", session_id(0), "seminar"),
        (f"sessions/{session_id(0)}/edit", "session", session_id(0), "seminar"),
        (f"people/{contact_id(0)}", "speaker", contact_id(0), ""),
        (f"people/{contact_id(0)}/edit", "speaker", contact_id(0), ""),
    ],
)
def test_i2_it_names_the_record_there_and_when_it_was_sent(
    app: Flask, admin: FlaskClient, event: int, place: str, kind: str, key: str, seminar: str
) -> None:
    nowhere = aside(admin, event, place)
    make_mapping(app, event)
    waiting = aside(admin, event, place)
    link(app, event, kind, key, seminar)
    sent = aside(admin, event, place)

    assert "this event is not mapped" in nowhere and "Never sent" in nowhere
    assert "The site" in waiting and "Not yet" in waiting and "Waiting for first sync" in waiting
    assert f"ASP-{kind}" in sent and "Not yet" not in sent and "Changed since" in sent


def test_e9_it_says_why_and_leads_to_the_field(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int
) -> None:
    change_session(app, event, 0, client_session_id=None)
    make_mapping(app, event)
    place = f"sessions/{session_id(0)}"

    assert "Client Session ID is missing." in aside(admin, event, place)
    assert "field=client_session_id" in aside(admin, event, place)
    assert "Fix it" not in aside(viewer, event, place)
    assert "is missing" not in aside(admin, event, f"{place}/edit?of=readiness&total=1")


def test_a_form_that_is_swapped_keeps_what_stands_beside_it(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    address = f"/orgs/one/events/{event}/sessions/{session_id(0)}/edit"

    plain = admin.post(address, data={"action": "find"}).text
    swapped = admin.post(address, data={"action": "find"}, headers=HTMX).text

    assert "Sent to" in plain and "Sent to" not in swapped
    kept = swapped.split('id="records-aside"')[1].split("</aside>")[0]
    assert 'hx-preserve="true"' in kept
