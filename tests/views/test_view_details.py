"""An event's name and days, and new names on its lists, by hand (H3, C6)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, last_history
from sqlalchemy import select
from view_samples import make_event

from portal.models import Choice, Event, db


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def place(event: int, rest: str) -> str:
    return f"/orgs/one/events/{event}/{rest}"


@EITHER
def test_h3_name_and_days_are_edited(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    address = place(event, "details/edit")
    sent = {"name": " Large Conf ", "first_day": "2027-06-15", "last_day": "2027-06-16"}

    answer = admin.post(address, data=sent, headers=headers)
    wrong = admin.post(address, data=sent | {"name": "", "last_day": "2027-06-01"}, headers=headers)
    details = admin.get(place(event, "details")).text

    assert answer.status_code == (200 if headers else 303) and wrong.status_code == 422
    assert "Enter a name." in wrong.text and 'value="2027-06-01"' in wrong.text
    assert "15 June 2027 to 16 June 2027" in " ".join(details.split())
    assert "its days are 15 June 2027 to 16 June 2027" in last_history(app).text
    with app.app_context():
        assert db.session.get_one(Event, event).name == "Large Conf"


def test_g3_days_in_the_wrong_order_are_refused(admin: FlaskClient, event: int) -> None:
    sent = {"name": "Conf", "first_day": "2027-06-15", "last_day": "2027-06-01"}

    answer = admin.post(place(event, "details/edit"), data=sent)

    assert answer.status_code == 422 and "The last day is before the first." in answer.text


def names(app: Flask, kind: str) -> dict[str, str | None]:
    with app.app_context():
        rows = db.session.execute(select(Choice.name, Choice.colour).where(Choice.kind == kind))
        return dict(rows.all())


@EITHER
def test_c6_a_new_name_is_added_to_a_list(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    answer = admin.post(place(event, "lists/new"), data={"kind": "room", "name": " Attic "}, headers=headers)
    tag = {"kind": "tag", "name": "Fresh", "colour": "#3550D4"}
    admin.post(place(event, "lists/new"), data=tag, headers=headers)
    admin.post(place(event, "lists/new"), data=tag | {"name": "TAG 0", "colour": "0a0"}, headers=headers)

    assert answer.status_code == (200 if headers else 303)
    assert names(app, "room")["Attic"] is None
    assert names(app, "tag") | {} == {
        "tag 0": "#00aa00",
        "tag 1": "#aa3300",
        "tag 2": "#aa3300",
        "Fresh": "#3550d4",
    }
    assert last_history(app).kind == "name added"


@EITHER
@pytest.mark.parametrize(
    "sent, words",
    [
        ({"kind": "room", "name": "ROOM 0"}, "There is a room “ROOM 0” already."),
        ({"kind": "room", "name": " "}, "Enter a name."),
        ({"kind": "tag", "name": "New", "colour": "red"}, "Write a colour as #3550d4."),
        ({"kind": "planet", "name": "Mars"}, "Not a valid choice."),
    ],
)
def test_g3_a_name_that_cannot_be_added_says_why(
    admin: FlaskClient, event: int, sent: dict[str, str], words: str, headers
) -> None:
    answer = admin.post(place(event, "lists/new"), data=sent, headers=headers)

    assert answer.status_code == 422 and words in answer.text
    assert f'value="{sent["name"]}"' in answer.text


def test_h1_an_event_of_another_source_is_left_alone(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        db.session.get_one(Event, event).source = "sessionboard"
        db.session.commit()

    renamed = admin.post(place(event, "details/edit"), data={"name": "Other"})
    added = admin.post(place(event, "lists/new"), data={"kind": "room", "name": "Attic"})

    assert renamed.status_code == added.status_code == 422
    assert "Change it there" in renamed.text and "Attic" not in names(app, "room")
