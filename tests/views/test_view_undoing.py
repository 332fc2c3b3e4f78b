"""What was saved in one form is taken back from its message, for a while (H3)."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, last_history, notes, opened, save, stored
from sqlalchemy import select
from view_samples import change_session, contact_id, make_event, session_id

from portal.models import Contact, CustomField, Event, KeptChange, Session, db, now
from portal.operations.queries.drafts import draft_of_session


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def place(event: int, rest: str) -> str:
    return f"/orgs/one/events/{event}/{rest}"


def whole_draft(app: Flask) -> dict[str, object]:
    with app.app_context():
        return draft_of_session(
            db.session.scalars(select(Session).where(Session.source_id == session_id(0))).one()
        )


def undo_in(page: str) -> str:
    """Where the message on this page undoes what it tells of."""
    found = re.search(r'action="([^"]+/changes/\d+/undo[^"]*)"', page.split('id="toasts"')[1])
    assert found is not None
    return unescape(found[1])


@EITHER
def test_h3_every_field_of_a_saved_session_goes_back(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    with app.app_context():
        db.session.add(
            CustomField(event_id=event, kind="session", name="Cups", type="number", options=[], position=1)
        )
        db.session.commit()
    change_session(app, event, 0, description="<p>Hello</p>")
    before = whole_draft(app)
    sent = opened(admin, event)
    cups = next(name for name in sent if name.startswith("custom_"))
    save(
        admin,
        event,
        sent
        | {
            "title": "Another title",
            "description": "<p>New <script>x</script>words</p>",
            "room": "new",
            "room_new": "Attic",
            "tag_new": "Fresh",
            "starts_at": "08:00",
            cups: "12",
            "person": ["new:" + '["Ada", "Byron", "ada@example.org"]'],
            "role": ["speaker"],
            "acceptance": ["accepted"],
            "action": "save",
        },
    )
    changed = whole_draft(app)
    page = admin.get(place(event, f"sessions/{session_id(0)}")).text

    answer = admin.post(undo_in(page), headers=headers or {})

    fields = ("title", "description", "room", "tags", "starts_at", "people", cups)
    assert [name for name in fields if changed[name] == before[name]] == []
    assert whole_draft(app) == before
    assert notes(stored(app, event)) == {}
    assert (answer.headers.get("HX-Redirect") or answer.location) == place(event, f"sessions/{session_id(0)}")
    assert "Undone in Small Conf: “Session 0”: Title" in last_history(app).text


def test_h3_a_saved_person_goes_back_where_nobody_has_changed_them_since(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    person = place(event, f"people/{contact_id(0)}")
    form = admin.get(f"{person}/edit").text
    seen = unescape(form.split('name="seen" value="')[1].split('"')[0])
    own = {"first_name": "First0", "last_name": "Lást0", "email": "person0-0@example.org"}
    own["biography"] = "One line\r\nand another"
    admin.post(f"{person}/edit", data=own | {"seen": seen, "first_name": "Ada", "job_title": "Countess"})
    page = admin.get(person).text
    with app.app_context():
        contact = db.session.scalars(select(Contact).where(Contact.source_id == contact_id(0))).one()
        contact.job_title = "Analyst"
        db.session.commit()

    answer = admin.post(undo_in(page))

    assert answer.location == person
    with app.app_context():
        contact = db.session.scalars(select(Contact).where(Contact.source_id == contact_id(0))).one()
        assert (contact.first_name, contact.job_title) == ("First0", "Analyst")
    assert "Undone: 1 person." in admin.get(person).text


def test_h3_the_list_of_people_offers_to_undo_too(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        fields = {contact_id(0): {"first_name": ["First0", "Ada"]}}
        change = KeptChange(
            event_id=event, kind="speaker", actor="admin@example.org", text="“First0”: …", fields=fields
        )
        db.session.add(change)
        db.session.commit()

    assert "You changed 1 person just now" in admin.get(place(event, "people")).text
    assert "You changed" not in admin.get(place(event, "agenda")).text


def test_h3_what_is_more_than_an_hour_old_is_not_undone(app: Flask, admin: FlaskClient, event: int) -> None:
    save(admin, event, opened(admin, event) | {"title": "Another title"})
    undo = undo_in(admin.get(place(event, f"sessions/{session_id(0)}")).text)

    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        admin.post(undo)

    assert stored(app, event).title == "Another title"


def test_h1_an_event_that_became_read_only_is_not_changed_by_undoing(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    save(admin, event, opened(admin, event) | {"title": "Another title"})
    undo = undo_in(admin.get(place(event, f"sessions/{session_id(0)}")).text)
    with app.app_context():
        db.session.get_one(Event, event).source = "sessionboard"
        db.session.commit()

    admin.post(undo)

    assert stored(app, event).title == "Another title"
