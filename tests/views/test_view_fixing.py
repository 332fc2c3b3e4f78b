"""From a reason to the field that mends it, and from one record to the next (H3, E9)."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, fields_of, stored
from sqlalchemy import select
from view_samples import (
    change_session,
    contact_id,
    make_event,
    make_mapping,
    make_record,
    make_run,
    session_id,
)

from portal.models import Contact, Event, db


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """Of its three sessions two lack a Client Session ID, and one person lacks their e-mail."""
    event = make_event(app)
    make_mapping(app, event)
    for number in (0, 1):
        change_session(app, event, number, client_session_id=None)
    with app.app_context():
        db.session.scalars(select(Contact).where(Contact.source_id == contact_id(2))).one().email = None
        db.session.commit()
    return event


def page_of(client: FlaskClient, event: int, query: str = "") -> str:
    return client.get(f"/orgs/one/events/{event}/fix{query}").text


def links_in(page: str, place: str = "/edit?") -> list[str]:
    return [unescape(each) for each in re.findall(r'href="([^"]*)"', page) if place in each]


def form_at(client: FlaskClient, address: str) -> dict:
    return fields_of(client.get(address).text)


def test_h3_the_list_names_each_reason_once_and_leads_to_the_field(admin: FlaskClient, event: int) -> None:
    page = page_of(admin, event)

    assert "0 of 3 fixed" in page
    assert page.count("Client Session ID is missing") == 1 and page.count("Email is missing") == 1
    first = links_in(page)[0]
    assert f"sessions/{session_id(0)}/edit?field=client_session_id&of=readiness&total=3" in first
    assert first.endswith("#client_session_id")
    opened = admin.get(first).text
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*autofocus[^>]*id="client_session_id"', opened)
    assert "Client Session ID is missing" in opened and "0 of 3 fixed" in opened


@EITHER
def test_h3_saving_leads_to_the_next_one_and_counts(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    address = links_in(page_of(admin, event))[0]
    fields = form_at(admin, address) | {"client_session_id": "A-1", "action": "next"}

    answer = admin.post(address, data=fields, headers=headers)
    following = answer.headers.get("HX-Redirect") or answer.location
    page = admin.get(following).text

    assert stored(app, event).client_session_id == "A-1"
    assert f"sessions/{session_id(1)}/edit" in following and "field=client_session_id" in following
    assert "1 of 3 fixed" in page


def test_h3_what_one_that_is_fixed_brings_up_undoes_no_work(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    with app.app_context():  # whose session cannot sync is not asked for an address: nobody lacks it yet
        contact = db.session.scalar(select(Contact).where(Contact.source_id == contact_id(0)))
        contact.email = None
        db.session.commit()
    page = page_of(admin, event)
    address = links_in(page)[0]
    answer = admin.post(
        address, data=form_at(admin, address) | {"client_session_id": "A-1", "action": "next"}
    )
    page = admin.get(answer.location).text

    assert "1 of 4 fixed" in page, "the session is, and its speaker is one more"
    assert "total=4" in answer.location and "fixed=1" in answer.location


def test_h3_the_last_one_leads_back_to_a_list_that_says_so(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    change_session(app, event, 0, client_session_id="A-1")
    change_session(app, event, 1, client_session_id="A-2")
    page = page_of(admin, event, "?total=3")
    address = links_in(page)[0]

    fields = {"seen": fields_seen(admin, address), "email": "found@example.org", "action": "next"}
    fields |= {"first_name": "First2", "last_name": "Lást0", "biography": "One line\nand another"}
    answer = admin.post(address, data=fields)
    after = admin.get(answer.location).text

    assert "2 of 3 fixed" in page and "/people/" in address and "field=email" in address
    assert "/fix?" in answer.location
    assert "3 of 3 fixed." in after and "Nothing left to fix" in after and "All 3 are fixed." in after


def fields_seen(client: FlaskClient, address: str) -> str:
    return unescape(client.get(address).text.split('name="seen" value="')[1].split('"')[0])


def test_h3_a_refused_form_keeps_its_place_in_the_list(admin: FlaskClient, event: int) -> None:
    address = links_in(page_of(admin, event))[0]

    answer = admin.post(address, data=form_at(admin, address) | {"title": ""})

    assert answer.status_code == 422
    assert "of=readiness&amp;total=3" in answer.text and "0 of 3 fixed" in answer.text


def test_h3_a_run_leads_to_what_failed_in_it(app: Flask, admin: FlaskClient, event: int) -> None:
    run = make_run(app, event, status="partial")
    missing = "Client Session ID is missing. Add it on the session, then sync again."
    make_record(app, run, 0, outcome="failed", reason=missing)
    make_record(app, run, 2, outcome="failed", reason="ASP refused the title.", name="Only ASP can say")
    page = admin.get(f"/orgs/one/runs/{run}").text
    address = f"/orgs/one/events/{event}/fix?of=run-{run}"

    before = admin.get(address).text
    change_session(app, event, 0, client_session_id="A-1")
    after = admin.get(address).text

    assert any("field=client_session_id" in each for each in links_in(page))
    assert f"fix?of=run-{run}" in page
    assert "0 of 2 fixed" in before and "1 of 2 fixed" in after and "Only ASP can say" in after


def test_h3_what_is_skipped_leads_to_what_keeps_it_too(app: Flask, admin: FlaskClient, event: int) -> None:
    change_session(app, event, 0, status="declined")
    run = make_run(app, event, status="succeeded")
    make_record(app, run, outcome="skipped", reason="Not accepted (status: declined).")
    make_record(app, run, 1, outcome="failed", reason="It was deleted in ASP by hand.")
    to_status = f"/orgs/one/events/{event}/sessions/{session_id(0)}/edit?field=status#status"
    settings = f"/orgs/one/integrations/asp?event={event}&step=3"

    agenda = links_in(admin.get(f"/orgs/one/events/{event}/agenda").text)
    listed = links_in(admin.get(f"/orgs/one/runs/{run}").text, "?")
    record = links_in(admin.get(f"/orgs/one/events/{event}/sessions/{session_id(0)}").text)

    assert to_status in agenda and to_status in record
    assert to_status in listed and settings in listed
    assert "Small Conf" in admin.get(settings).text


@pytest.mark.parametrize("name", ["run-99", "run-x", "nonsense"])
def test_a_list_that_is_not_there_is_not_found(admin: FlaskClient, event: int, name: str) -> None:
    assert admin.get(f"/orgs/one/events/{event}/fix?of={name}").status_code == 404


def test_h3_the_agenda_and_the_session_lead_there(admin: FlaskClient, event: int) -> None:
    agenda = admin.get(f"/orgs/one/events/{event}/agenda").text
    session = admin.get(f"/orgs/one/events/{event}/sessions/{session_id(0)}").text

    assert f"/orgs/one/events/{event}/fix?total=3" in agenda
    assert any("field=client_session_id" in each for each in links_in(agenda))
    assert any("field=client_session_id" in each for each in links_in(session))


def test_a_viewer_and_an_event_of_another_source_get_the_pages_without_forms(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int
) -> None:
    assert links_in(page_of(viewer, event)) == []
    with app.app_context():
        db.session.get_one(Event, event).source = "sessionboard"
        db.session.commit()

    page = page_of(admin, event)

    assert links_in(page) == [] and "Change it there" in page
    assert session_id(0) in page


@pytest.mark.parametrize("gone", [False, True])
def test_h3_who_is_left_out_of_a_session_leads_to_their_own_field(
    app: Flask, admin: FlaskClient, event: int, gone: bool
) -> None:
    run = make_run(app, event)
    reason = "Synced without First2 Lást0: Email is missing. Add it on the person, then sync again."
    make_record(app, run, 2)
    make_record(app, run, 2, outcome="warning", reason=reason)
    if gone:
        with app.app_context():
            db.session.scalars(
                select(Contact).where(Contact.source_id == contact_id(2))
            ).one().last_name = "Other"
            db.session.commit()

    page = admin.get(f"/orgs/one/runs/{run}").text
    address = unescape(re.findall(r'href="([^"]+left-out[^"]+)"', page)[0])

    expected = f"/sessions/{session_id(2)}/edit?field=people#person_search"
    if not gone:
        expected = f"/people/{contact_id(2)}/edit?field=email#email"
    assert admin.get(address).location == f"/orgs/one/events/{event}{expected}"
