"""Giving a session another time or room, from the agenda (H3)."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER
from sqlalchemy import select
from view_samples import START, change_session, first_choice, make_event, session_id

from portal.models import HistoryEntry, Session, db


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """Session 0 takes place from 10:00 to 10:45 in Paris, in room 0."""
    return make_event(app, sessions=2)


def address(event_id: int) -> str:
    return f"/orgs/one/events/{event_id}/agenda/sessions/{session_id(0)}/move"


def opened(client: FlaskClient, event_id: int, query: str = "") -> dict[str, str]:
    """What the form holds when it is opened."""
    page = client.get(address(event_id) + query).text
    form = page.split('id="moves-form"')[1].split("</form>")[0]
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', form)}
    chosen = re.search(r'<option selected value="([^"]*)"', form)
    return fields | {"room": chosen.group(1) if chosen else ""}


def stored(app: Flask) -> tuple[datetime | None, datetime | None, int | None]:
    with app.app_context():
        session = db.session.scalars(select(Session).where(Session.source_id == session_id(0))).one()
        return session.starts_at, session.ends_at, session.room_id


def test_h3_an_end_that_is_left_alone_moves_along(app: Flask, admin: FlaskClient, event: int) -> None:
    form = opened(admin, event)
    assert (form["starts_at"], form["ends_at"]) == ("10:00", "10:45")

    answer = admin.post(address(event), data=form | {"starts_at": "15:30"})

    assert answer.status_code == 303
    moved = START + timedelta(hours=5, minutes=30)
    assert stored(app) == (moved, moved + timedelta(minutes=45), first_choice(app, event))


def test_h3_a_session_gets_another_day_room_and_length(app: Flask, admin: FlaskClient, event: int) -> None:
    day = START.date() + timedelta(days=2)
    with app.app_context():
        other = db.session.scalar(select(Session.room_id).where(Session.source_id == session_id(1)))

    admin.post(address(event), data=opened(admin, event) | {"starts_on": day.isoformat(), "room": str(other)})
    admin.post(address(event), data=opened(admin, event) | {"ends_at": "12:00"})

    start = START + timedelta(days=2)
    assert stored(app) == (start, start + timedelta(hours=2), other)
    with app.app_context():
        told = db.session.scalars(select(HistoryEntry.text).order_by(HistoryEntry.id)).all()
    assert "Room “room 0” → “room 1”" in told[-2] and "End " in told[-1]


def test_h3_the_way_leads_back_to_the_agenda_as_it_was(admin: FlaskClient, event: int) -> None:
    query = "?back=view%3Drooms%26day%3D2027-06-15%26evil%3Dx"

    form = opened(admin, event, query)
    answer = admin.post(address(event), data=form | {"starts_at": "11:00"})

    assert answer.headers["Location"] == f"/orgs/one/events/{event}/agenda?view=rooms&day=2027-06-15"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"starts_at": "11:00", "ends_at": "10:30"}, "The end is not after the start."),
        ({"starts_at": "25:00"}, "Not a valid time value."),
        ({"starts_on": "", "ends_on": ""}, "Enter the day too, or leave out the times."),
    ],
)
def test_g3_what_cannot_be_stored_is_said_and_nothing_is_lost(
    app: Flask, admin: FlaskClient, event: int, values: dict[str, str], words: str
) -> None:
    before = stored(app)

    answer = admin.post(address(event), data=opened(admin, event) | values)

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{values.get("starts_at", "10:00")}"' in answer.text
    assert stored(app) == before


def test_h3_a_move_over_somebody_else_s_is_asked_about(app: Flask, admin: FlaskClient, event: int) -> None:
    form = opened(admin, event)
    change_session(app, event, 0, starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))

    asked = admin.post(address(event), data=form | {"starts_at": "09:00", "ends_at": "09:30"})

    assert asked.status_code == 422
    assert "11:00 now" in asked.text and 'value="09:00"' in asked.text
    seen = re.search(r'name="seen" value="([^"]*)"', asked.text).group(1)
    again = admin.post(
        address(event), data=form | {"starts_at": "09:00", "ends_at": "09:30", "seen": unescape(seen)}
    )
    assert again.status_code == 303
    assert stored(app)[0] == START - timedelta(hours=1)


@pytest.mark.parametrize("view", ["view=day", "view=rooms", "view=conflicts"])
def test_only_who_may_is_offered_to_move(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int, view: str
) -> None:
    change_session(app, event, 1, ends_at=START)
    agenda = f"/orgs/one/events/{event}/agenda?{view}"

    assert "/move?back=" in admin.get(agenda).text
    assert "/move" not in viewer.get(agenda).text
    assert viewer.get(address(event)).status_code == 403
    assert viewer.post(address(event), data={}).status_code == 403


def test_h1_what_comes_from_sessionboard_is_not_moved_here(app: Flask, admin: FlaskClient) -> None:
    event = make_event(app, sessions=1, source="sessionboard")

    answer = admin.post(address(event), data=opened(admin, event) | {"starts_at": "15:00"})

    assert answer.status_code == 422
    assert "This event comes from Sessionboard" in answer.text
    assert "/move" not in admin.get(f"/orgs/one/events/{event}/agenda?view=rooms").text


def test_h3_a_move_is_undone_from_its_message(app: Flask, admin: FlaskClient, event: int) -> None:
    before = stored(app)
    answer = admin.post(address(event), data=opened(admin, event) | {"starts_at": "15:30"})

    page = admin.get(answer.headers["Location"]).text
    undo = re.search(r'action="([^"]+/changes/\d+/undo)"', page)

    assert "Moved “Session 0”: Start" in page
    assert undo is not None
    admin.post(undo[1])
    assert stored(app) == before


def test_h3_saving_what_is_there_already_changes_nothing(app: Flask, admin: FlaskClient, event: int) -> None:
    before = stored(app)

    answer = admin.post(address(event), data=opened(admin, event))

    assert "Nothing was changed." in admin.get(answer.headers["Location"]).text
    assert stored(app) == before


def dropped(client: FlaskClient, event: int, headers: dict[str, str] | None = None, **values: str):
    """Session 0 dropped from where it is, 10:00 in room 0."""
    sent = {
        "session": session_id(0),
        "day": START.date().isoformat(),
        "time": "15:30",
        "room": "room 1",
        "was_at": f"{START:%Y-%m-%dT%H:%MZ}",
        "was_until": f"{START + timedelta(minutes=45):%Y-%m-%dT%H:%MZ}",
        "was_in": "room 0",
        "back": f"view=rooms&day={START.date()}",
    } | values
    return client.post(f"/orgs/one/events/{event}/agenda/move", data=sent, headers=headers or {})


@EITHER
def test_h3_a_session_is_dropped_at_another_time_and_room(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    before = stored(app)

    answer = dropped(admin, event, headers)
    page = admin.get(answer.location, headers=headers).text
    after = stored(app)

    assert (answer.status_code, answer.location) == (
        303,
        f"/orgs/one/events/{event}/agenda?view=rooms&day={START.date()}",
    )
    moved = START + timedelta(hours=5, minutes=30)
    assert after[:2] == (moved, moved + timedelta(minutes=45))
    assert after[2] != before[2]
    undo = unescape(re.search(r'action="([^"]+/undo[^"]*)"', page.split('id="toasts"')[1])[1])
    undone = admin.post(undo)
    assert undone.location == answer.location
    assert stored(app) == before


def test_h3_what_somebody_else_has_moved_stays_where_it_is(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    change_session(app, event, 0, starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))
    before = stored(app)

    answer = dropped(admin, event)

    assert stored(app) == before
    assert "Nothing was moved: it is shown where it is now." in admin.get(answer.location).text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"day": "2027-03-28", "time": "02:30"}, "the clocks jump over it"),
        ({"day": "2027-10-31", "time": "02:30"}, "it is shown twice"),
        ({"room": "Attic"}, "There is no room “Attic” any more."),
        ({"time": "25:00"}, "That is no place for it."),
        ({"session": "another"}, "That is no place for it."),
    ],
)
def test_g3_a_place_that_there_is_not_is_told(
    app: Flask, admin: FlaskClient, event: int, values: dict[str, str], words: str
) -> None:
    before = stored(app)

    answer = dropped(admin, event, **values)

    assert words in admin.get(answer.location).text
    assert stored(app) == before


def test_h3_a_session_without_an_end_is_dropped_too(app: Flask, admin: FlaskClient, event: int) -> None:
    change_session(app, event, 0, ends_at=None)

    dropped(admin, event, was_until="", room="")

    assert stored(app) == (START + timedelta(hours=5, minutes=30), None, first_choice(app, event))


def test_only_who_may_can_drop(app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int) -> None:
    before = stored(app)

    assert dropped(viewer, event).status_code == 403
    for view in ("day", "rooms"):
        address = f"/orgs/one/events/{event}/agenda?view={view}"
        assert "data-moves" in admin.get(address).text and "moving.js" in admin.get(address).text
        assert "data-moves" not in viewer.get(address).text and "moving.js" not in viewer.get(address).text
    assert stored(app) == before
