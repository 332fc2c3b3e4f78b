"""The agenda: what it lists, what it costs, and its way to a sync."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from statements import count_queries
from view_samples import (
    HTMX,
    START,
    change_session,
    log_in,
    make_event,
    make_mapping,
    make_run,
    make_user,
    user_id,
)


@pytest.mark.parametrize("mapped", [False, True])
def test_agenda_costs_the_same_queries_at_any_size(app: Flask, admin: FlaskClient, mapped: bool) -> None:
    small, large = make_event(app, sessions=3), make_event(app, sessions=30)
    if mapped:
        make_mapping(app, small, site="a")
        make_mapping(app, large, site="b")

    first, again = (
        [
            count_queries(app, lambda each=each: admin.get(f"/orgs/one/events/{each}/agenda"))
            for each in (small, large)
        ]
        for _ in range(2)
    )

    assert (first[0], again[0]) == (first[1], again[1])
    assert first[0] <= 49
    assert again[0] <= 25


@pytest.mark.parametrize("address", ["/orgs/one/", "/orgs/one/runs"])
def test_lists_cost_the_same_queries_at_any_size(app: Flask, admin: FlaskClient, address: str) -> None:
    def grow() -> None:
        make_run(app, make_event(app), status="succeeded")

    grow()
    one = count_queries(app, lambda: admin.get(address))
    grow()
    grow()

    assert count_queries(app, lambda: admin.get(address)) == one


def test_agenda_lists_by_day_on_the_event_s_clock_and_the_undated_last(
    app: Flask, admin: FlaskClient
) -> None:
    event = make_event(app, sessions=3)
    change_session(app, event, 0, starts_at=None, ends_at=None)
    change_session(app, event, 2, starts_at=START.replace(hour=23), ends_at=START.replace(hour=23, minute=30))

    page = admin.get(f"/orgs/one/events/{event}/agenda").text.split('id="agenda-list"')[1]

    year = START.year
    first, second, undated = (
        page.index(day_name(datetime(year, 6, 15))),
        page.index(day_name(datetime(year, 6, 16))),
        page.index("Without a date"),
    )
    assert first < page.index("11:00–11:45") < second < page.index("01:00–01:30") < undated
    assert undated < page.index("Session 0")


def day_name(day: datetime) -> str:
    return f"{day:%A}, {day.day} {day:%B} {day.year}"


def test_agenda_shows_people_room_format_tags_and_status(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app, sessions=1)

    page = admin.get(f"/orgs/one/events/{event}/agenda").text

    for shown in (
        "First0 Lást0",
        "First0 Lást1",
        "room 0",
        "format 0",
        "tag 0",
        'fill="#aa3300"',
        "Accepted",
    ):
        assert shown in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=session+1", ["Session 1"]),
        ("search=lAST0", ["Session 0", "Session 1", "Session 2"]),
        ("search=room+2", ["Session 2"]),
        ("status=pending", ["Session 2"]),
        ("search=session&status=accepted", ["Session 0", "Session 1"]),
        ("search=nothing", []),
    ],
)
def test_agenda_searches_and_filters_with_and_without_htmx(
    app: Flask, admin: FlaskClient, query: str, found: list[str]
) -> None:
    event = make_event(app, sessions=3)
    change_session(app, event, 2, status="pending")
    address = f"/orgs/one/events/{event}/agenda?{query}"

    for answer in (admin.get(address), admin.get(address, headers=HTMX)):
        shown = [f"Session {number}" for number in range(3) if f">Session {number}</a>" in answer.text]
        table = answer.text.split('id="agenda-list"')[1]
        assert [name for name in shown if name in table] == found
        assert ("No session matches" in answer.text) == (not found)


def test_agenda_of_an_unmapped_event_says_how_to_map_it(app: Flask, admin: FlaskClient) -> None:
    page = admin.get(f"/orgs/one/events/{make_event(app)}/agenda").text

    assert "Sync to ASP Events" not in page
    assert "This event is not mapped to an ASP event yet." in page


def test_agenda_offers_the_sync_of_a_mapped_event(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)
    make_mapping(app, event)

    page = admin.get(f"/orgs/one/events/{event}/agenda").text

    assert "Sync to ASP Events <small><bdi>The site</bdi> › <bdi>Programme</bdi> (1111)</small>" in page
    assert 'aria-disabled="true"' not in page


def test_agenda_greys_the_sync_for_a_viewer(app: Flask, viewer: FlaskClient) -> None:
    event = make_event(app)
    make_mapping(app, event)

    page = viewer.get(f"/orgs/one/events/{event}/agenda").text

    assert 'aria-disabled="true"' in page
    assert "Only admins can sync; you are a viewer." in page


def test_agenda_greys_the_sync_and_shows_progress_while_one_runs(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app)
    make_mapping(app, event)
    make_user(app, "other@example.org", "One")
    run = make_run(
        app,
        event,
        user_id=user_id(app, "other@example.org"),
        actor="other@example.org",
        speakers_done=40,
        speakers_total=81,
        sessions_total=68,
    )

    page = admin.get(f"/orgs/one/events/{event}/agenda").text
    head = log_in(app, "other@example.org").get(f"/orgs/one/events/{event}/agenda/head").text

    for shown in (page, head):
        assert "A sync for this event is already running (started by other@example.org just now)." in shown
        assert "Speakers 40 of 81 · Sessions 0 of 68" in shown
        assert f'id="runs-progress-{run}-page"' in shown
    assert f"runs-toast-{run}" not in page  # the message follows whoever asked
