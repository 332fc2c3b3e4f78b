"""The people of an event: searched, narrowed, sorted, in pages."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from statements import count_queries
from view_samples import HTMX, contact_id, make_event, make_mapping

from portal.models import Contact, Event, Participant, db

OFFER = {"custom_fields": {"sessionboard_id": "text"}, "session_types": ["Session"]}


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """Two sessions with two people each, and somebody on none; one is a moderator, one is not accepted."""
    event_id = make_event(app, sessions=2)
    make_mapping(app, event_id, offer=OFFER, timezone_confirmed_for="Europe/Paris")
    change_part(app, contact_id(1, 0), role="moderator")
    change_part(app, contact_id(1, 1), status="declined")
    change_person(app, contact_id(0, 1), email=None, company_name="Acme & Söhne")
    with app.app_context():
        db.session.add(
            Contact(event_id=event_id, source_id="x", first_name="Zoé", last_name="Alone", email="z@z")
        )
        db.session.commit()
    return event_id


def change_person(app: Flask, source_id: str, **values: Any) -> None:
    with app.app_context():
        db.session.execute(update(Contact).where(Contact.source_id == source_id).values(**values))
        db.session.commit()


def change_part(app: Flask, source_id: str, **values: Any) -> None:
    with app.app_context():
        person = select(Contact.id).where(Contact.source_id == source_id).scalar_subquery()
        db.session.execute(update(Participant).where(Participant.contact_id == person).values(**values))
        db.session.commit()


def listed(client: FlaskClient, event_id: int, query: str = "", **more: Any) -> list[str]:
    answer = client.get(f"/orgs/one/events/{event_id}/people?{query}", **more)
    assert answer.status_code == 200
    return re.findall(r'class="title"[^>]*>([^<]+)</a>', answer.text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["First0 Lást0", "First0 Lást1", "First1 Lást0", "First1 Lást1", "Zoé Alone"]),
        ("search=lAST1", ["First0 Lást1", "First1 Lást1"]),
        ("search=acme+%26+sohne", ["First0 Lást1"]),
        ("role=moderator", ["First1 Lást0"]),
        ("role=-", ["Zoé Alone"]),
        ("role=moderator&role=-", ["First1 Lást0", "Zoé Alone"]),
        ("acceptance=declined", ["First1 Lást1"]),
        ("company=Acme+%26+S%C3%B6hne", ["First0 Lást1"]),
        ("problem=yes", ["First0 Lást1"]),
        ("state=waiting", ["First0 Lást0"]),
        ("state=failed&search=first0", ["First0 Lást1"]),
        ("sort=problem&role=speaker", ["First0 Lást1", "First0 Lást0", "First1 Lást1"]),
        ("state=nonsense", []),
    ],
)
def test_people_are_searched_and_narrowed(
    admin: FlaskClient, event: int, query: str, found: list[str]
) -> None:
    for shown in (listed(admin, event, query), listed(admin, event, query, headers=HTMX)):
        assert shown == found


def test_what_is_missing_and_where_they_are_stands_at_each(admin: FlaskClient, event: int) -> None:
    page = admin.get(f"/orgs/one/events/{event}/people").text

    assert "No e-mail" in page
    assert "On no session" in page
    assert '1 session</span> <div class="under"> Moderator' in page
    assert page.count("Would fail") == 0 and "Failed" in page


def test_e9_a_person_s_page_says_the_same_as_the_list(admin: FlaskClient, event: int) -> None:
    page = admin.get(f"/orgs/one/events/{event}/people/{contact_id(0, 1)}").text

    assert "In ASP Events</h2>" in page and "Failed</span>" in page
    assert "Email is missing. Add it on the person, then sync again." in page


def test_g5_people_come_a_hundred_a_page_at_the_same_cost(app: Flask, admin: FlaskClient) -> None:
    small, large = make_event(app, sessions=1), make_event(app, sessions=1)
    with app.app_context():
        db.session.add_all(
            Contact(
                event_id=large, source_id=str(number), first_name="P", last_name=f"{number:04}", email="e@e"
            )
            for number in range(240)
        )
        db.session.commit()

    pages = [listed(admin, large, f"page={page}") for page in (1, 2, 3)]
    costs = [
        count_queries(app, lambda each=each: admin.get(f"/orgs/one/events/{each}/people"))
        for each in (small, large, large)
    ]

    assert [len(page) for page in pages] == [100, 100, 42]
    assert len({name for page in pages for name in page}) == 242
    assert costs[1] == costs[2] < costs[0] <= 35  # the large one was read before


def test_a_person_who_changes_is_shown_as_they_are(app: Flask, admin: FlaskClient, event: int) -> None:
    assert "Zoé Alone" in listed(admin, event)

    change_person(app, "x", first_name="Zoe")

    assert "Zoe Alone" in listed(admin, event)


def test_another_event_s_people_stay_there(app: Flask, admin: FlaskClient, event: int) -> None:
    other = make_event(app, sessions=0, name="Other")
    with app.app_context():
        assert db.session.get_one(Event, other).name == "Other"

    assert listed(admin, other) == []
