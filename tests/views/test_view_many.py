"""Many sessions at once (H3): accepted, declined, changed, given IDs by a pattern; and that undone."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, last_history, notes, stored
from sqlalchemy import select
from view_samples import HTMX, change_session, first_choice, log_in, make_event, make_user, session_id

from portal.models import Choice, Event, KeptChange, Session, SessionTag, db, now

ALL = [session_id(number) for number in range(3)]


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


def place(event: int, rest: str) -> str:
    return f"/orgs/one/events/{event}/{rest}"


def change(client: FlaskClient, event: int, action: str, sessions=ALL, headers=None, **fields: str):
    data = {"session": sessions, "action": action, **fields}
    return client.post(place(event, "sessions/many"), data=data, headers=headers or {})


def statuses(app: Flask, event: int) -> list[str]:
    return [stored(app, event, number).status for number in range(3)]


def tags_of(app: Flask, number: int) -> list[str]:
    with app.app_context():
        names = (
            select(Choice.name)
            .join(SessionTag, SessionTag.choice_id == Choice.id)
            .join(Session, Session.id == SessionTag.session_id)
            .where(Session.source_id == session_id(number))
            .order_by(SessionTag.position)
        )
        return list(db.session.scalars(names))


def undo(client: FlaskClient, app: Flask, event: int, headers=None):
    with app.app_context():
        newest = db.session.scalars(select(KeptChange.id).order_by(KeptChange.id.desc())).first()
    return client.post(place(event, f"changes/{newest}/undo"), headers=headers or {})


@EITHER
def test_h3_ticked_sessions_are_declined_and_that_is_undone(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    change_session(app, event, 1, status="pending")

    answer = change(admin, event, "decline", ALL[:2], headers)
    page = admin.get(place(event, "agenda")).text
    declined = statuses(app, event)
    told = last_history(app).text
    undone = undo(admin, app, event, headers)

    assert answer.status_code == undone.status_code == (200 if headers else 303)
    assert declined == ["declined", "declined", "accepted"]
    assert told == "Small Conf, 2 sessions: Status → declined."
    assert "2 sessions: Status → declined." in page and page.count("Undo</button>") == 2
    assert statuses(app, event) == ["accepted", "pending", "accepted"]
    assert "Undone" in last_history(app).text
    assert "Undo</button>" not in admin.get(place(event, "agenda")).text


def test_h3_what_somebody_has_changed_since_is_not_undone(app: Flask, admin: FlaskClient, event: int) -> None:
    change(admin, event, "decline")
    change_session(app, event, 0, status="waitlist")

    answer = undo(admin, app, event)

    assert statuses(app, event) == ["waitlist", "accepted", "accepted"]
    assert "1 session changed since then stayed as they are." in admin.get(answer.location).text


@EITHER
def test_h3_many_get_a_room_and_a_tag(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    asked = change(admin, event, "ask", headers=headers)

    answer = change(
        admin,
        event,
        "change",
        headers=headers,
        room="new",
        room_new="Attic",
        format="none",
        add_tag="TAG 1",
        remove_tag=str(first_choice(app, event, "tag")),
    )

    assert asked.status_code == 200 and "Change 3 sessions" in asked.text
    assert answer.status_code == (200 if headers else 303)
    sessions = [stored(app, event, number) for number in range(3)]
    with app.app_context():
        attic = db.session.scalars(select(Choice).where(Choice.name == "Attic")).one()
        assert {each.room_id for each in sessions} == {attic.id}
    assert {each.format_id for each in sessions} == {None}
    assert [tags_of(app, number) for number in range(3)] == [["tag 1"], ["tag 1"], ["tag 2", "tag 1"]]
    assert {tuple(sorted(notes(each))) for each in sessions} >= {("format_id", "room_id", "tags")}

    undo(admin, app, event)
    assert [tags_of(app, number) for number in range(3)] == [["tag 0"], ["tag 1"], ["tag 2"]]
    assert [stored(app, event, number).edited for number in range(3)] == [{}, {}, {}]


@EITHER
def test_g3_a_refused_change_keeps_what_was_chosen(
    app: Flask, admin: FlaskClient, event: int, headers
) -> None:
    answer = change(admin, event, "change", headers=headers, room="new", add_tag="x" * 201, status="declined")
    named = change(admin, event, "change", headers=headers, room="new", room_new="Attic", add_tag="x" * 201)
    nothing = change(admin, event, "change", headers=headers)

    assert answer.status_code == named.status_code == nothing.status_code == 422
    assert "Enter the name of the new room." in answer.text
    assert "A name has at most 200 characters." in named.text and 'value="Attic"' in named.text
    assert "Choose what is to be changed." in nothing.text
    assert answer.text.count('name="session"') == 3
    assert statuses(app, event) == ["accepted"] * 3


def test_nothing_ticked_says_so(app: Flask, admin: FlaskClient, event: int) -> None:
    answer = change(admin, event, "accept", [])

    assert "Tick sessions first." in admin.get(answer.location).text


def test_h3_all_that_fit_the_list_are_changed(app: Flask, admin: FlaskClient, event: int) -> None:
    change_session(app, event, 1, status="pending")

    answer = change(admin, event, "decline", [session_id(0)], all="1", query="status=accepted&page=2")

    assert statuses(app, event) == ["declined", "pending", "declined"]
    assert answer.location.endswith("agenda?status=accepted&page=2")


def test_h3_all_that_fit_are_asked_about_without_naming_each(admin: FlaskClient, event: int) -> None:
    asked = change(admin, event, "ask", [session_id(0)], all="1", query="search=session")

    assert "Change 3 sessions" in asked.text and 'name="session"' not in asked.text
    assert 'name="all" value="1"' in asked.text and 'name="query" value="search=session"' in asked.text


def test_the_agenda_offers_it_to_those_who_may(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int
) -> None:
    page = admin.get(place(event, "agenda")).text

    assert page.count('form="many-picked"') == 3 and 'id="many-picked"' in page
    assert "many-picked" not in viewer.get(place(event, "agenda")).text


def test_what_is_so_already_leaves_no_change(app: Flask, admin: FlaskClient, event: int) -> None:
    answer = change(admin, event, "accept")

    assert "Nothing had to be changed" in admin.get(answer.location).text
    with app.app_context():
        assert db.session.scalars(select(KeptChange)).all() == []


def test_g1_sessions_of_another_event_are_left_alone(app: Flask, admin: FlaskClient, event: int) -> None:
    other = make_event(app, name="Other")

    change(admin, other, "decline", ALL)

    assert statuses(app, event) == ["accepted"] * 3 and statuses(app, other) == ["declined"] * 3


def test_who_undoes_twice_is_offered_what_can_still_be_undone(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    change(admin, event, "decline")
    undo(admin, app, event)
    with app.app_context():
        older = db.session.scalars(select(KeptChange.id)).one()
    change(admin, event, "decline")

    answer = admin.post(f"/orgs/one/events/{event}/changes/{older}/undo")
    page = admin.get(answer.location).text

    assert "This was undone already. Your last change that can be undone is: " in page
    assert f"/changes/{older + 1}/undo" in page.split('id="toasts"')[1]
    assert statuses(app, event) == ["declined"] * 3


def test_undo_ends_after_an_hour_and_is_one_s_own_offer(app: Flask, admin: FlaskClient, event: int) -> None:
    change(admin, event, "decline")
    make_user(app, "anna@example.org", "One")
    of_another = log_in(app, "anna@example.org").get(place(event, "agenda")).text
    twice = undo(admin, app, event), undo(admin, app, event)
    change(admin, event, "decline")

    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        late = log_in(app, "admin@example.org")
        answer = undo(late, app, event)
        page = late.get(answer.location).text

    assert "Undo</button>" not in of_another
    assert "This was undone already." in admin.get(twice[1].location).text
    assert "more than an hour ago" in page and "Undo</button>" not in page
    assert statuses(app, event) == ["declined"] * 3


class TestIds:
    """Client Session IDs for all that lack one, by a pattern, looked at first."""

    @pytest.fixture(autouse=True)
    def without_ids(self, app: Flask, event: int) -> None:
        change_session(app, event, 0, client_session_id=None)
        change_session(app, event, 1, client_session_id=" ", status="pending")
        change_session(app, event, 2, client_session_id="CONF-001")

    def shown(self, client: FlaskClient, event: int, data: dict[str, str] | None = None, headers=None):
        address = place(event, "sessions/ids")
        if data is None:
            return client.get(address)
        return client.post(address, data=data | {"action": "show"}, headers=headers or {})

    def sent(self, page: str) -> dict[str, str]:
        form = page[page.index('class="page-foot"') :]
        return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}

    def test_the_pattern_of_the_others_is_proposed_with_a_preview(
        self, admin: FlaskClient, event: int
    ) -> None:
        page = self.shown(admin, event).text

        assert 'value="CONF-{number:03}"' in page and "1 session would get an ID" in page
        assert "<strong>CONF-002</strong>" in page

    @EITHER
    def test_the_ids_shown_are_given(self, app: Flask, admin: FlaskClient, event: int, headers) -> None:
        page = self.shown(admin, event, {"pattern": "X{number:2}", "start": "7"}, headers).text

        answer = admin.post(place(event, "sessions/ids"), data=self.sent(page), headers=headers)

        assert "2 sessions would get an ID" in page
        assert answer.status_code == (200 if headers else 303)
        assert [stored(app, event, number).client_session_id for number in range(3)] == [
            "X07",
            "X08",
            "CONF-001",
        ]
        undo(admin, app, event)
        assert [stored(app, event, number).client_session_id for number in range(3)] == [
            None,
            None,
            "CONF-001",
        ]

    def test_a_list_that_has_changed_is_shown_again(self, app: Flask, admin: FlaskClient, event: int) -> None:
        sent = self.sent(self.shown(admin, event).text)
        change_session(app, event, 1, status="accepted")

        answer = admin.post(place(event, "sessions/ids"), data=sent)

        assert answer.status_code == 422 and "The programme has changed meanwhile." in answer.text
        assert "<strong>CONF-003</strong>" in answer.text
        assert stored(app, event, 0).client_session_id is None

    def test_only_those_that_were_ticked(self, admin: FlaskClient, event: int) -> None:
        page = change(admin, event, "ids", [session_id(1)]).text
        page = self.shown(admin, event, {"pattern": "X{number}", "start": "1", "session": session_id(1)}).text

        assert "1 session would get an ID" in page and "Session 1" in page

    @EITHER
    def test_g3_a_bad_pattern_says_so_and_stays(self, admin: FlaskClient, event: int, headers) -> None:
        answer = self.shown(admin, event, {"pattern": "CONF", "start": "-1"}, headers)

        assert answer.status_code == 422
        assert "once in the pattern" in answer.text and "Enter a number from 0 on." in answer.text
        assert 'value="CONF"' in answer.text

    def test_g5_a_pattern_is_no_longer_than_an_id(self, admin: FlaskClient, event: int) -> None:
        answer = self.shown(admin, event, {"pattern": "x" * 400 + "{number}", "start": "1"})

        assert answer.status_code == 422 and "A pattern has at most 400 characters." in answer.text

    def test_the_list_to_fix_leads_there(self, app: Flask, admin: FlaskClient, event: int) -> None:
        change_session(app, event, 1, status="accepted")

        assert "/sessions/ids" in admin.get(place(event, "fix")).text


def test_h1_an_event_from_sessionboard_is_left_alone(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        db.session.get_one(Event, event).source = "sessionboard"
        db.session.commit()

    answer = change(admin, event, "change", status="declined", headers=HTMX)
    at_once = change(admin, event, "decline")

    assert answer.status_code == at_once.status_code == 422
    assert "This event comes from Sessionboard." in answer.text
    assert statuses(app, event) == ["accepted"] * 3
