"""The card of Sessionboard, its window, and Refresh on an event, against a local Sessionboard (H1)."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sync_world import crowd, session_id
from view_samples import HTMX, log_in, make_event, make_source, make_user

from portal.models import Event, Session, Source, db, now
from sessionboard_local.server import LocalSessionboard

WINDOW = "/orgs/one/integrations/sessionboard"
CARDS = "/orgs/one/settings/integrations"


@pytest.fixture
def sessionboard() -> Iterator[LocalSessionboard]:
    with LocalSessionboard([crowd(3)], tokens={"good": False, "hidden": True}) as running:
        yield running


@pytest.fixture
def app(make_app: Callable[..., Flask], sessionboard: LocalSessionboard) -> Flask:
    return make_app(sessionboard_us_url=sessionboard.url)


@pytest.fixture
def taken(admin: FlaskClient) -> str:
    """The address of an event that is taken in."""
    admin.post(f"{WINDOW}/token", data={"region": "us", "token": "good"})
    admin.post(f"{WINDOW}/events", data={"event": "4630"})
    return "/orgs/one/events/1"


def stored(app: Flask, number: int) -> Session:
    with app.app_context():
        return db.session.scalars(select(Session).where(Session.source_id == session_id(number))).one()


def test_a1_card_of_a_source_has_a_connect_button(admin):
    page = admin.get(CARDS).text

    assert ('id="sessionboard-name">Sessionboard</h2>' in page, f'href="{WINDOW}"' in page) == (True, True)


def test_token_is_tried_then_the_events_are_offered(admin, app):
    saved = admin.post(f"{WINDOW}/token", data={"region": "us", "token": " good "})
    page = admin.get(WINDOW).text

    assert (saved.status_code, saved.location) == (303, WINDOW)
    assert ("Small Conf" in page, "Take in" in page, "Taken in" in page) == (True, True, False)
    with app.app_context():
        assert db.session.scalars(select(Source.region)).all() == ["us"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("wrong", "did not accept this access token"),
        ("hidden", "hides personal data"),
        ("", "Enter the access token"),
    ],
)
def test_g3_refused_token_is_said_at_its_field(admin, app, headers, token, reason):
    answer = admin.post(f"{WINDOW}/token", data={"region": "us", "token": token}, headers=headers)

    assert (answer.status_code, reason in answer.text, 'id="token-wrong"' in answer.text) == (422, True, True)
    assert f'value="{token}"' not in answer.text or not token  # A3
    with app.app_context():
        assert db.session.scalars(select(Source)).all() == []


def test_event_is_taken_in_and_marked(admin, app, taken):
    assert "Taken in" in admin.get(WINDOW).text
    assert 'href="/orgs/one/events/1/agenda">Small Conf</a>, up to date' in admin.get(CARDS).text
    with app.app_context():
        assert db.session.scalars(select(Event.source)).all() == ["sessionboard"]


def test_pull_that_fails_is_said_in_the_window(admin, sessionboard):
    admin.post(f"{WINDOW}/token", data={"region": "us", "token": "good"})
    sessionboard.control(fail_status=403, fail_paths="/speakers")

    answer = admin.post(f"{WINDOW}/events", data={"event": "4630"})

    assert (answer.status_code, "to read speakers (403)" in answer.text) == (422, True)


def test_unreachable_sessionboard_leaves_the_window_standing(admin, sessionboard):
    admin.post(f"{WINDOW}/token", data={"region": "us", "token": "good"})
    sessionboard.control(fail_status=503)

    answer = admin.get(WINDOW)

    assert (answer.status_code, "Sessionboard could not be reached" in answer.text) == (200, True)


def test_refresh_brings_the_event_up_to_date(admin, app, sessionboard, taken):
    sessionboard.event(4630).change("sessions", session_id(2), title="Another title")
    agenda = admin.get(f"{taken}/agenda").text

    answer = admin.post(f"{taken}/refresh")

    assert f'action="{taken}/refresh"' in agenda
    assert (answer.status_code, answer.location) == (303, f"{taken}/agenda")
    assert stored(app, 2).title == "Another title"
    assert "0 new, 1 changed." in admin.get(f"{taken}/agenda").text


def test_refresh_without_a_change_says_so(admin, taken):
    admin.post(f"{taken}/refresh")

    assert "Small Conf is up to date." in admin.get(f"{taken}/agenda").text


def test_refresh_of_an_event_from_elsewhere_is_no_page(admin, app, sessionboard, taken):
    admin.post(f"{WINDOW}/disconnect")
    sessionboard.event(4630).change("sessions", session_id(2), title="Another title")

    for answer in (admin.get(f"{taken}/refresh"), admin.post(f"{taken}/refresh")):
        said = "The programme of Small Conf is not brought in from Sessionboard."
        assert (answer.status_code, said in answer.text) == (404, True)
    assert stored(app, 2).title == "Session 2"


def test_failed_refresh_keeps_the_programme_and_can_be_tried_again(admin, app, sessionboard, taken):
    sessionboard.control(fail_status=500)

    answer = admin.post(f"{taken}/refresh")

    assert answer.status_code == 422
    assert ("Sessionboard could not be reached" in answer.text, "Nothing was changed." in answer.text) == (
        True,
        True,
    )
    assert "Try again" in answer.text
    assert stored(app, 2).title == "Session 2"


def test_refused_token_is_said_on_the_card(admin, sessionboard, taken):
    sessionboard.control(fail_status=401)
    admin.post(f"{taken}/refresh")

    page = admin.get(CARDS).text

    assert (
        "Rejected" in page,
        "Enter another token" in page,
        "continuous sync of its events is paused" in page,
    ) == (
        True,
        True,
        True,
    )


def test_a6_token_that_is_accepted_again_resumes_by_a_button(admin, app, sessionboard, taken):
    sessionboard.control(fail_status=401)
    admin.post(f"{taken}/refresh")
    still = admin.post(f"{WINDOW}/check")
    first = rejected_at(app)
    sessionboard.control(fail_status=0)

    answer = admin.post(f"{WINDOW}/check")

    assert (still.location, bool(first), answer.location, rejected_at(app)) == (CARDS, True, CARDS, None)


def rejected_at(app: Flask):
    with app.app_context():
        return db.session.scalars(select(Source.rejected_at)).one()


def test_h1_records_are_read_only_with_the_way_to_where_they_are_changed(admin, taken):
    page = admin.get(f"{taken}/sessions/{session_id(2)}").text

    assert "This event comes from Sessionboard." in page
    assert f'href="https://app.sessionboard.example/event/4630/sessions/{session_id(2)}"' in page
    assert admin.get(f"{taken}/details").text.count("Change the timezone") == 0


def test_disconnect_asks_and_keeps_the_events(admin, app, taken):
    question = admin.get(f"{WINDOW}/disconnect").text

    answer = admin.post(f"{WINDOW}/disconnect")

    assert ("Taken in now: Small Conf." in question, answer.location) == (True, CARDS)
    assert admin.get(f"{WINDOW}/webhook").location == CARDS  # there is none to make
    with app.app_context():
        assert db.session.scalars(select(Source)).all() == []
        assert db.session.scalars(select(Event.source)).all() == ["portal"]


def test_viewer_sees_the_card_and_can_do_nothing(app, viewer):
    make_source(app, rejected_at=now())

    assert "An admin can enter another one." in viewer.get(CARDS).text
    for method, address in (("get", WINDOW), ("post", f"{WINDOW}/token"), ("post", f"{WINDOW}/events")):
        assert getattr(viewer, method)(address).status_code == 403


def test_g1_another_organisation_sees_nothing_of_it(app, admin, taken):
    make_user(app, "stranger@example.org", "Two")
    make_event(app, "two", sessions=0)
    stranger = log_in(app, "stranger@example.org")

    for address in (WINDOW, f"{WINDOW}/card", f"{taken}/refresh"):
        assert stranger.get(address).status_code == 404
    assert "Small Conf" not in stranger.get("/orgs/two/settings/integrations").text


def test_webhook_is_made_on_a_page_that_shows_its_secret_once(admin, app, taken):
    before = admin.get(f"{WINDOW}/webhook").text
    made = admin.post(f"{WINDOW}/webhook")
    after = admin.get(f"{WINDOW}/webhook").text
    other = admin.post(f"{WINDOW}/webhook", data={"rotate": "yes"})

    with app.app_context():
        address = db.session.scalars(select(Source.hook_address)).one()
    assert ("Make the webhook" in before, address in before) == (True, False)
    assert f"http://localhost/hooks/sessionboard/{address}" in made.text
    secrets = [secret_in(page) for page in (made.text, after, other.text)]
    assert (bool(secrets[0]), secrets[1], bool(secrets[2])) == (True, None, True)
    assert secrets[0] != secrets[2]


def secret_in(page: str) -> str | None:
    found = re.search(r'id="sources-secret">([^<]+)<', page)
    return found and found[1]
