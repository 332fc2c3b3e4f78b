"""People made and edited by hand (H3)."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, last_history, notes
from sqlalchemy import select
from view_samples import contact_id, log_in, make_event, make_user

from portal.models import Contact, db


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def place(event: int, person: str = "") -> str:
    return f"/orgs/one/events/{event}/people/{person}"


def hidden(page: str, name: str) -> str:
    return unescape(page.split(f'name="{name}" value="')[1].split('"')[0])


def opened(client: FlaskClient, event: int) -> dict[str, str]:
    page = client.get(place(event, f"{contact_id(0)}/edit")).text
    return {
        "seen": hidden(page, "seen"),
        "first_name": "First0",
        "last_name": "Lást0",
        "email": "person0-0@example.org",
        "biography": "One line\r\nand another",
    }


def save(client: FlaskClient, event: int, fields: dict[str, str], headers=None):
    return client.post(place(event, f"{contact_id(0)}/edit"), data=fields, headers=headers or {})


def stored(app: Flask, event: int) -> Contact:
    with app.app_context():
        query = select(Contact).where(Contact.event_id == event, Contact.source_id == contact_id(0))
        found = db.session.scalars(query).one()
        db.session.expunge(found)
        return found


@EITHER
def test_h3_a_person_is_made_by_hand(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    sent = {
        "first_name": " Ada ",
        "last_name": "Byron",
        "email": "ada@example.org",
        "website": "example.org",
        "biography": "<p>Hello</p>",
    }

    answer = admin.post(place(event, "new"), data=sent, headers=headers)

    assert answer.status_code == (200 if headers else 303)
    with app.app_context():
        person = db.session.scalars(select(Contact).where(Contact.email == "ada@example.org")).one()
        assert (person.first_name, person.website, person.job_title) == ("Ada", "https://example.org", None)
        assert (answer.headers.get("HX-Redirect") or answer.location).endswith(person.source_id)
    assert last_history(app).text == "Made the person “Ada Byron” of Small Conf."


@EITHER
def test_g3_every_field_says_what_is_wrong_with_it(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    sent = {"email": "ada(at)example.org", "headshot": "C:\\photo.png", "company_name": "x" * 401}

    answer = admin.post(place(event, "new"), data=sent, headers=headers)

    assert answer.status_code == 422
    assert "E-mail is no address" in answer.text
    assert "Headshot is no web address" in answer.text
    assert "Company has more than 400 characters" in answer.text
    assert 'value="C:\\photo.png"' in answer.text
    assert "Enter a name or an e-mail address." in admin.post(place(event, "new"), data={}).text


def test_a_masked_address_is_refused(admin: FlaskClient, event: int) -> None:
    answer = admin.post(place(event, "new"), data={"first_name": "A", "email": "j***@e***.org"})

    assert answer.status_code == 422 and "is masked" in answer.text


def test_h3_only_what_was_changed_is_written_and_the_file_s_word_kept(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    answer = save(admin, event, opened(admin, event) | {"job_title": "Engineer", "last_name": "Byron"})

    person = stored(app, event)
    assert answer.status_code == 303
    assert (person.last_name, person.job_title, person.biography) == (
        "Byron",
        "Engineer",
        "One line\nand another",
    )
    assert notes(person) == {"last_name": "Lást0", "job_title": None}
    assert "Last name “Lást0” → “Byron”" in last_history(app).text


def test_a_bad_value_that_was_there_before_does_not_keep_others_from_being_saved(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    with app.app_context():
        person = db.session.scalars(select(Contact).where(Contact.source_id == contact_id(0))).one()
        person.website = "no address"
        db.session.commit()

    answer = save(admin, event, opened(admin, event) | {"website": "no address", "job_title": "Engineer"})

    assert answer.status_code == 303
    assert stored(app, event).job_title == "Engineer"


def test_d13_an_address_that_somebody_else_has_is_warned_of(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    answer = save(admin, event, opened(admin, event) | {"email": "Person0-1@example.org"})

    assert "First0 Lást1 has the same e-mail." in admin.get(answer.location).text


@pytest.mark.parametrize("keep, name", [("mine", "Mine"), ("theirs", "Anna’s")])
def test_h3_two_who_change_one_field_are_asked(
    app: Flask, admin: FlaskClient, event: int, keep: str, name: str
) -> None:
    make_user(app, "anna@example.org", "One")
    mine = opened(admin, event)
    anna = log_in(app, "anna@example.org")
    save(anna, event, opened(anna, event) | {"first_name": "Anna’s", "job_title": "Boss"})

    asked = save(admin, event, mine | {"first_name": "Mine", "honorific": "Dr"})
    answered = {name: hidden(asked.text, name) for name in ("seen", "asked")}
    typed = {"first_name": "Mine", "honorific": "Dr", "job_title": "Boss", "keep_first_name": keep}
    save(admin, event, mine | answered | typed)

    assert asked.status_code == 422 and "anna@example.org saved this while you were editing it" in asked.text
    person = stored(app, event)
    assert (person.first_name, person.honorific, person.job_title) == (name, "Dr", "Boss")


def test_the_pages_of_people_lead_there(app: Flask, admin: FlaskClient, event: int) -> None:
    assert "New person" in admin.get(place(event).rstrip("/")).text
    assert f"{contact_id(0)}/edit" in admin.get(place(event, contact_id(0))).text
