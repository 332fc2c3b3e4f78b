"""Removing sessions and people by hand: nothing is deleted in ASP, and what becomes of it is said first (H3, D9)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import last_history, notes, stored
from sqlalchemy import func, select
from view_samples import contact_id, make_event, make_mapping, session_id

from portal.models import Contact, Event, Link, Mapping, Participant, Session, db


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app, source="portal")


def place(event: int, rest: str) -> str:
    return f"/orgs/one/events/{event}/{rest}/remove"


def link(app: Flask, kind: str, key: str) -> None:
    with app.app_context():
        values = {"site_uuid": "site", "seminar_uuid": "seminar" if kind == "session" else ""}
        db.session.add(Link(organisation_id=1, kind=kind, key=key, asp_uuid="a", pushed_hash="h", **values))
        db.session.commit()


def count(app: Flask, table) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_d9_a_session_that_was_never_sent_is_removed(app: Flask, admin: FlaskClient, event: int) -> None:
    address = place(event, f"sessions/{session_id(0)}")

    asked = admin.get(address).text
    answer = admin.post(address)

    assert "never sent to ASP" in asked and "brings it back" not in asked
    assert answer.status_code == 303 and "“Session 0” is removed." in admin.get(answer.location).text
    assert (count(app, Session), count(app, Contact)) == (2, 6)
    assert admin.get(address).status_code == 404
    assert last_history(app).text == "Removed the session “Session 0” from Small Conf."


@pytest.mark.parametrize("unpublish, words", [(False, "stays as it is"), (True, "unpublishes its record")])
def test_d9_a_session_that_was_sent_counts_as_no_longer_accepted(
    app: Flask, admin: FlaskClient, event: int, unpublish: bool, words: str
) -> None:
    make_mapping(app, event, unpublish_sessions=unpublish)
    link(app, "session", session_id(0))
    address = place(event, f"sessions/{session_id(0)}")

    asked = admin.get(address).text
    admin.post(address)

    session = stored(app, event)
    assert words in asked
    assert (session.status, notes(session)) == ("deleted", {"status": "accepted"})


def test_h3_a_file_brings_it_back_and_that_is_said(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        db.session.get_one(Event, event).source = "file"
        db.session.commit()

    assert (
        "The next file that has it brings it back."
        in admin.get(place(event, f"sessions/{session_id(0)}")).text
    )


def test_d9_a_person_is_taken_off_their_sessions(app: Flask, admin: FlaskClient, event: int) -> None:
    address = place(event, f"people/{contact_id(0)}")

    asked = admin.get(address).text
    admin.post(address)

    assert "They are taken off 1 session." in asked
    assert (count(app, Contact), count(app, Participant)) == (5, 5)


def test_d9_a_person_who_was_sent_stays_on_no_session(app: Flask, admin: FlaskClient, event: int) -> None:
    make_mapping(app, event)
    link(app, "speaker", contact_id(0))
    address = place(event, f"people/{contact_id(0)}")

    asked = admin.get(address).text
    admin.post(address)

    assert "Their record in ASP stays as it is" in asked
    assert (count(app, Contact), count(app, Participant), count(app, Mapping)) == (6, 5, 1)


def test_h1_an_event_of_another_source_is_left_alone(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        db.session.get_one(Event, event).source = "sessionboard"
        db.session.commit()

    asked = admin.get(place(event, f"sessions/{session_id(0)}")).text
    admin.post(place(event, f"sessions/{session_id(0)}"))

    assert "Change it there" in asked and ">Remove</button>" not in asked
    assert count(app, Session) == 3
