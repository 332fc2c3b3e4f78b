"""Two entries of one person are shown side by side, and made one (H3)."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, last_history
from sqlalchemy import select
from view_samples import contact_id, make_event, make_mapping, make_run, session_id

from portal.models import Contact, Participant, Session, db

FIRST, SECOND = contact_id(0, 0), contact_id(1, 0)


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """Two people each on sessions 0 and 1; the second of session 1 has the first one's e-mail in capitals."""
    event_id = make_event(app, sessions=2)
    change_person(app, SECOND, email="PERSON0-0@example.org", job_title="Analyst", mobile_phone="+33 1 23")
    change_person(app, FIRST, job_title="Countess")
    return event_id


def change_person(app: Flask, source_id: str, **values: object) -> None:
    with app.app_context():
        contact = db.session.scalars(select(Contact).where(Contact.source_id == source_id)).one()
        for name, value in values.items():
            setattr(contact, name, value)
        db.session.commit()


def place(event: int, rest: str = "") -> str:
    return f"/orgs/one/events/{event}/people/{FIRST}{rest}"


def seen_in(page: str) -> str:
    return unescape(page.split('name="seen" value="')[1].split('"')[0])


def on_session(app: Flask, number: int) -> list[tuple[str, str, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(Contact.source_id, Participant.role, Participant.status)
            .join(Participant, Participant.contact_id == Contact.id)
            .join(Session, Session.id == Participant.session_id)
            .where(Session.source_id == session_id(number))
            .order_by(Participant.position)
        )
        return [tuple(row) for row in rows]


@EITHER
def test_h3_two_entries_become_one_with_the_values_that_were_chosen(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    page = admin.get(place(event, f"/merge/{SECOND}")).text

    sent = {"seen": seen_in(page), "take_job_title": "second"}
    answer = admin.post(place(event, f"/merge/{SECOND}"), data=sent, headers=headers)

    assert "Analyst" in page and "Countess" in page and "Mobile phone" in page
    assert "Neither was sent to ASP yet." in page
    assert (answer.headers.get("HX-Redirect") or answer.location) == place(event)
    with app.app_context():
        people = {each.source_id: each for each in db.session.scalars(select(Contact))}
        assert SECOND not in people
        kept = people[FIRST]
        assert (kept.email, kept.job_title, kept.mobile_phone) == (
            "person0-0@example.org",
            "Analyst",
            "+33 1 23",
        )
    assert on_session(app, 1)[0] == (FIRST, "speaker", "accepted")
    assert last_history(app).kind == "people united"


def test_d6_who_stands_twice_in_a_role_then_counts_as_accepted_where_either_was(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    with app.app_context():
        ids = dict(db.session.execute(select(Contact.source_id, Contact.id)).all())
        session = db.session.scalars(select(Session).where(Session.source_id == session_id(1))).one()
        for position, (role, status) in enumerate((("speaker", "pending"), ("moderator", "pending"))):
            row = {"session_id": session.id, "contact_id": ids[FIRST], "position": 5 + position}
            db.session.add(Participant(role=role, status=status, **row))
        db.session.commit()
    seen = seen_in(admin.get(place(event, f"/merge/{SECOND}")).text)

    admin.post(place(event, f"/merge/{SECOND}"), data={"seen": seen})

    assert on_session(app, 1) == [
        (FIRST, "speaker", "accepted"),
        (contact_id(1, 1), "speaker", "accepted"),
        (FIRST, "moderator", "pending"),
    ]


def test_h3_who_may_be_the_same_is_offered(admin: FlaskClient, viewer: FlaskClient, event: int) -> None:
    person, choose = admin.get(place(event)).text, admin.get(place(event, "/merge?search=Lást1")).text

    assert "Perhaps the same person" in person and f"/merge/{SECOND}" in person
    assert "The same name or e-mail" in choose and f"/merge/{contact_id(0, 1)}" in choose
    assert "Perhaps the same person" not in viewer.get(place(event)).text
    assert viewer.get(place(event, f"/merge/{SECOND}")).status_code == 403
    assert viewer.post(place(event, f"/merge/{SECOND}")).status_code == 403


def test_h3_nobody_is_merged_with_themselves_or_with_nobody(admin: FlaskClient, event: int) -> None:
    answer = admin.post(place(event, f"/merge/{FIRST}"), data={"seen": ""})

    assert answer.location == place(event, "/merge")
    assert "Choose somebody else of this event." in admin.get(answer.location).text
    assert admin.get(place(event, "/merge/nobody")).status_code == 404


def test_g3_what_was_changed_meanwhile_is_shown_again(app: Flask, admin: FlaskClient, event: int) -> None:
    seen = seen_in(admin.get(place(event, f"/merge/{SECOND}")).text)
    change_person(app, SECOND, job_title="Mathematician")

    sent = {"seen": seen, "take_email": "second"}
    asked = admin.post(place(event, f"/merge/{SECOND}"), data=sent)

    assert asked.status_code == 422
    assert 'name="take_email" value="second" checked' in asked.text
    assert "One of them was changed meanwhile." in asked.text and "Mathematician" in asked.text
    assert on_session(app, 1)[0][0] == SECOND


def test_e11_nobody_is_merged_while_a_sync_runs(app: Flask, admin: FlaskClient, event: int) -> None:
    make_mapping(app, event)
    make_run(app, event)
    seen = seen_in(admin.get(place(event, f"/merge/{SECOND}")).text)

    answer = admin.post(place(event, f"/merge/{SECOND}"), data={"seen": seen})

    assert answer.status_code == 422 and "A sync of this event is running." in answer.text
    assert on_session(app, 1)[0][0] == SECOND


def test_h1_people_of_sessionboard_are_merged_there(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app, sessions=2, source="sessionboard")
    seen = seen_in(admin.get(place(event, f"/merge/{SECOND}")).text)

    answer = admin.post(place(event, f"/merge/{SECOND}"), data={"seen": seen})

    assert answer.status_code == 422 and "This event comes from Sessionboard" in answer.text
    assert on_session(app, 1)[0][0] == SECOND
