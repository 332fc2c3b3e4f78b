"""The name of an organisation, the timezone of an event (D18), and the card's switch (A6)."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from view_samples import HTMX, make_event, make_mapping, make_run, session_id

from portal.models import Connection, Event, HistoryEntry, Link, Organisation, db
from portal.operations.syncing.runs import CONTINUOUS
from portal.views.integrations import SHOWN_RUNS

EITHER = pytest.mark.parametrize("headers", [{}, HTMX])
DETAILS = "/orgs/one/settings/details"
CARDS = "/orgs/one/settings/integrations"
QUESTION = "2 of 2 synced sessions would show other times after the next sync."


def history(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(HistoryEntry.text).order_by(HistoryEntry.id)))


def timezone_of(app: Flask, event: int) -> str:
    with app.app_context():
        return db.session.get_one(Event, event).timezone


@pytest.fixture
def change(admin: FlaskClient) -> Callable:
    def post(event: int, headers: dict[str, str], **data: str):
        return admin.post(f"/orgs/one/events/{event}/timezone", data=data, headers=headers)

    return post


@pytest.fixture
def synced(app: Flask, admin: FlaskClient) -> int:
    """An event of which two sessions were synced."""
    event = make_event(app)
    make_mapping(app, event)
    with app.app_context():
        organisation = db.session.get_one(Event, event).organisation_id
        for number in range(2):
            link = Link(
                organisation_id=organisation,
                site_uuid="site",
                seminar_uuid="seminar",
                kind="session",
                key=session_id(number),
                asp_uuid=f"asp-{number}",
                pushed_hash="h",
            )
            db.session.add(link)
        db.session.commit()
    return event


@EITHER
def test_an_organisation_gets_another_name_and_keeps_its_address(
    app: Flask, admin: FlaskClient, headers
) -> None:
    answer = admin.post(DETAILS, data={"name": "  東京  2027 "}, headers=headers)

    assert (answer.location or answer.headers["HX-Redirect"]) == DETAILS
    assert "The organisation is called 東京 2027 now." in admin.get(DETAILS).text
    assert history(app)[-1] == "Renamed the organisation from “One” to “東京 2027”."
    with app.app_context():
        assert db.session.scalars(select(Organisation.slug)).all() == ["one"]


@EITHER
@pytest.mark.parametrize(("name", "problem"), [(" ", "Enter a name."), ("x" * 201, "at most 200 characters")])
def test_a_bad_name_of_an_organisation_is_refused_at_its_field(
    app: Flask, admin: FlaskClient, name: str, problem: str, headers
) -> None:
    answer = admin.post(DETAILS, data={"name": name}, headers=headers)

    assert answer.status_code == 422
    assert problem in answer.text and f'value="{name}"' in answer.text
    assert len(history(app)) == 1


@EITHER
def test_a_timezone_is_chosen_by_its_name(app: Flask, admin: FlaskClient, change: Callable, headers) -> None:
    event = make_event(app)

    before = admin.get(f"/orgs/one/events/{event}/details").text
    answer = change(event, headers, timezone=" Asia/Kolkata ")
    after = admin.get(answer.location, headers=headers).text

    assert '<option value="Asia/Kolkata">(GMT+05:30) Asia/Kolkata</option>' in before
    assert answer.status_code == 303
    assert timezone_of(app, event) == "Asia/Kolkata"
    assert "(GMT+05:30) Asia/Kolkata" in after
    assert history(app)[-1] == "Changed the timezone of Small Conf from Europe/Paris to Asia/Kolkata."


@EITHER
@pytest.mark.parametrize("name", ["", "Europe/Nowhere", "../etc/passwd", "GMT+1", "Factory"])
def test_an_unknown_timezone_is_refused_at_its_field(
    app: Flask, change: Callable, admin: FlaskClient, name: str, headers
) -> None:
    event = make_event(app)

    answer = change(event, headers, timezone=name)

    assert answer.status_code == 422
    assert "is no timezone. Choose one from the list." in answer.text
    assert f'value="{name}"' in answer.text
    assert timezone_of(app, event) == "Europe/Paris"


@EITHER
def test_d18_a_synced_event_asks_with_the_number(app: Flask, change: Callable, synced: int, headers) -> None:
    asked = change(synced, headers, timezone="Asia/Tokyo")
    unticked = change(synced, headers, timezone="Asia/Tokyo", asked_about="Asia/Tokyo")

    assert (asked.status_code, unticked.status_code) == (422, 422)
    assert QUESTION in asked.text and "command line" not in asked.text
    assert 'name="confirm_timezone"' in asked.text and 'value="Asia/Tokyo"' in asked.text
    assert "Keep Europe/Paris</a>" in asked.text and ">Change</button>" not in asked.text
    assert timezone_of(app, synced) == "Europe/Paris"

    confirmed = change(synced, headers, timezone="Asia/Tokyo", asked_about="Asia/Tokyo", confirm_timezone="y")

    assert confirmed.status_code == 303
    assert timezone_of(app, synced) == "Asia/Tokyo"


def test_d18_the_confirmation_of_one_timezone_is_none_of_another(
    app: Flask, change: Callable, synced: int
) -> None:
    answer = change(synced, {}, timezone="Asia/Kolkata", asked_about="Asia/Tokyo", confirm_timezone="y")

    assert answer.status_code == 422
    assert "from Europe/Paris to Asia/Kolkata" in answer.text
    assert "checked" not in answer.text
    assert timezone_of(app, synced) == "Europe/Paris"


@pytest.mark.parametrize("address", ["/orgs/one/settings/details", "/orgs/one/events/1/details"])
def test_a_viewer_sees_the_details_greyed_with_the_reason(
    app: Flask, viewer: FlaskClient, address: str
) -> None:
    make_event(app)

    page = viewer.get(address).text

    assert "Only admins can change it; you are a viewer." in page
    assert '<fieldset class="in-row at-top" disabled>' in page


@EITHER
def test_a6_the_card_switches_continuous_sync(app: Flask, admin: FlaskClient, headers) -> None:
    make_mapping(app, make_event(app))
    switch = "/orgs/one/integrations/asp/continuous"

    answer = admin.post(switch, data={"continuous": "on"}, headers=headers)
    on = admin.get(answer.location, headers=headers).text
    admin.post(switch, data={"continuous": "off"}, headers=headers)
    off = admin.get(CARDS).text

    assert (answer.status_code, answer.location) == (303, CARDS)
    assert 'aria-checked="true"' in on and "Continuous sync on" in on
    assert 'aria-checked="false"' in off and "Continuous sync off" in off
    assert history(app)[-2:] == ["Switched continuous sync on.", "Switched continuous sync off."]


def test_a6_the_switch_without_a_connection_says_so(app: Flask, admin: FlaskClient) -> None:
    answer = admin.post("/orgs/one/integrations/asp/continuous", data={"continuous": "on"})

    assert answer.status_code == 303
    assert "ASP Events is not connected." in admin.get(CARDS).text
    with app.app_context():
        assert db.session.scalar(select(Connection)) is None


def test_a6_a_viewer_sees_the_switch_greyed(app: Flask, admin: FlaskClient, viewer: FlaskClient) -> None:
    make_mapping(app, make_event(app))

    page = viewer.get(CARDS).text

    assert 'role="switch"' in page
    assert 'type="button" aria-disabled="true" aria-describedby="asp-why"' in page


def test_a7_the_card_of_many_mappings_unfolds_those_that_are_well(app: Flask, admin: FlaskClient) -> None:
    failing = make_event(app, sessions=1, name="Failing")
    make_mapping(app, failing, site="failing")
    make_run(app, failing, status="failed", actor=CONTINUOUS)
    for number in range(SHOWN_RUNS + 1):
        make_mapping(app, make_event(app, sessions=0, name=f"Well {number}"), site=f"site {number}")
    admin.post("/orgs/one/integrations/asp/continuous", data={"continuous": "on"})

    shown, _, unfolds = admin.get(CARDS).text.partition("<summary>2 more events</summary>")

    assert "(<bdi>Failing</bdi>)" in shown and "(<bdi>Well 6</bdi>)" in shown
    assert "(<bdi>Well 1</bdi>)" in unfolds and "(<bdi>Well 0</bdi>)" in unfolds
