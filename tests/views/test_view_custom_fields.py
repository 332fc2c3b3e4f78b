"""Custom fields: defined per event, shown in the forms, kept against a later file (H3, C5)."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, fields_of, last_history, notes, opened, save, stored
from sqlalchemy import select
from view_samples import change_session, make_event, make_mapping, session_id

from portal.models import Contact, CustomField, Event, db
from portal.operations.mapping.field_mappings import mappable_fields
from portal.programme.custom import ShownField


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def place(event: int, rest: str = "") -> str:
    return f"/orgs/one/events/{event}/custom-fields{rest}"


def define(
    client: FlaskClient, event: int, name: str, type_: str = "text", kind="session", headers=None, **more
):
    data = {"name": name, "type": type_, **more}
    return client.post(place(event, f"/{kind}"), data=data, headers=headers or {})


def key(name: str) -> str:
    return ShownField(name, "text").key


@EITHER
def test_h3_a_field_is_defined_asked_and_mapped(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    make_mapping(app, event)
    answer = define(admin, event, " Seats ", "number", headers=headers)
    page = admin.get(place(event)).text

    save(admin, event, opened(admin, event) | {key("Seats"): "40"})

    assert answer.status_code == 303 and "Seats" in page
    assert stored(app, event).custom_fields == {"Wish": ["tea", "coffee"], "Seats": 40}
    assert "Seats none → “40”" in last_history(app).text
    with app.app_context():
        keys = [each.key for each in mappable_fields(db.session.get_one(Event, event), "session")]
        assert "custom:Seats" in keys


def test_a_day_is_told_in_words(app: Flask, admin: FlaskClient, event: int) -> None:
    define(admin, event, "Slides due", "date")

    save(admin, event, opened(admin, event) | {key("Slides due"): "2027-06-15"})

    page = admin.get(f"/orgs/one/events/{event}/sessions/{session_id(0)}").text
    assert "15 June 2027" in page and "2027-06-15" not in page
    assert "Slides due none → 15 June 2027" in last_history(app).text


VALUES = [
    ("text", "Tea", "Tea"),
    ("long text", "One\nTwo", "One\nTwo"),
    ("number", "2.5", 2.5),
    ("checkbox", "y", True),
    ("choice", "Big", "Big"),
    ("date", "2027-06-15", "2027-06-15"),
]


@pytest.mark.parametrize("type_, typed, value", VALUES)
def test_h3_each_type_holds_its_values(
    app: Flask, admin: FlaskClient, event: int, type_: str, typed: str, value: Any
) -> None:
    define(admin, event, "Own", type_, options="Small\nBig")

    save(admin, event, opened(admin, event) | {key("Own"): typed})
    again = opened(admin, event)
    save(admin, event, again)
    kept = stored(app, event).custom_fields["Own"]
    emptied = {name: text for name, text in again.items() if name != key("Own")}
    save(admin, event, emptied if type_ == "checkbox" else again | {key("Own"): ""})

    assert kept == value and type(kept) is type(value)
    assert again[key("Own")].replace("\r\n", "\n") == typed
    assert "Own" not in stored(app, event).custom_fields


@pytest.mark.parametrize(
    "type_, typed, words",
    [
        ("number", "many", "Own is no number."),
        ("date", "15 June", "Own is no date"),
        ("choice", "Huge", "Own is none of the choices."),
        ("text", "x" * 2001, "Own has more than 2,000 characters."),
    ],
)
def test_g3_a_bad_value_is_told_at_its_field_and_kept(
    app: Flask, admin: FlaskClient, event: int, type_: str, typed: str, words: str
) -> None:
    define(admin, event, "Own", type_, options="Small\nBig")

    answer = save(admin, event, opened(admin, event) | {key("Own"): typed})

    assert answer.status_code == 422 and words in answer.text
    assert f'id="{key("Own")}-wrong"' in answer.text
    assert "Own" not in stored(app, event).custom_fields


def test_h3_what_came_in_can_be_edited_and_its_file_s_word_is_kept(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    change_session(app, event, 0, custom_fields={"Note": "From the file", "Wish": ["tea"], "Live": True})
    fields = opened(admin, event)

    save(admin, event, fields | {key("Note"): "By hand"})

    session = stored(app, event)
    assert key("Wish") not in fields and fields[key("Live")] == "y"
    assert session.custom_fields == {"Note": "By hand", "Wish": ["tea"], "Live": True}
    assert notes(session) == {"custom:Note": "From the file"}


def test_h3_people_have_fields_of_their_own(app: Flask, admin: FlaskClient, event: int) -> None:
    define(admin, event, "Diet", kind="speaker")
    address = f"/orgs/one/events/{event}/people/new"

    admin.post(address, data={"first_name": "Ada", key("Diet"): "None at all"})

    with app.app_context():
        person = db.session.scalars(select(Contact).where(Contact.first_name == "Ada")).one()
        assert person.custom_fields == {"Diet": "None at all"} and person.edited == {}
    assert key("Diet") not in opened(admin, event)


@EITHER
def test_g3_a_bad_definition_is_refused(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    nameless = define(admin, event, " ", "number", headers=headers)
    choiceless = define(admin, event, "Size", "choice", headers=headers)
    typeless = define(admin, event, "Size", "colour", headers=headers)

    assert {each.status_code for each in (nameless, choiceless, typeless)} == {422}
    assert "Enter a name" in nameless.text
    assert "Enter 1 to 200 choices, one a line." in choiceless.text and 'value="Size"' in choiceless.text
    assert "Choose a type from the list." in typeless.text


def test_h3_a_field_that_is_removed_leaves_its_values(app: Flask, admin: FlaskClient, event: int) -> None:
    define(admin, event, "Seats", "number")
    save(admin, event, opened(admin, event) | {key("Seats"): "40"})
    with app.app_context():
        field = db.session.scalars(select(CustomField.id)).one()

    answer = admin.post(place(event, f"/{field}/remove"))
    assert answer.status_code == 303, answer.text[-1500:]

    assert "values that records have stay" in admin.get(answer.location).text
    assert stored(app, event).custom_fields["Seats"] == 40
    assert fields_of(admin.get(f"/orgs/one/events/{event}/sessions/new").text).get(key("Seats")) is None


def test_h3_defining_again_changes_the_type(app: Flask, admin: FlaskClient, event: int) -> None:
    define(admin, event, "Seats", "number")
    define(admin, event, "Seats", "choice", options="Few\n\n Many \nFew")

    with app.app_context():
        field = db.session.scalars(select(CustomField)).one()
        assert (field.type, field.options) == ("choice", ["Few", "Many"])


def test_h3_two_at_one_custom_field_are_asked(app: Flask, admin: FlaskClient, event: int) -> None:
    define(admin, event, "Seats", "number")
    mine = opened(admin, event)
    save(admin, event, opened(admin, event) | {key("Seats"): "40"})

    asked = save(admin, event, mine | {key("Seats"): "50"})

    assert asked.status_code == 422 and "You both changed: Seats." in " ".join(asked.text.split())
