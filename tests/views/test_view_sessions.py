"""Sessions made and edited by hand (H3), by the event's clock, with nothing lost (G3)."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from form_samples import EITHER, address, edit_address, fields_of, last_history, notes, opened, save, stored
from sqlalchemy import select
from view_samples import START, change_session, first_choice, log_in, make_event, make_user, session_id

from portal.models import Choice, Event, HistoryEntry, Session, SessionTag, db
from portal.views.editing import both_in_words


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    return make_event(app)


@EITHER
def test_h3_an_event_is_made_by_hand_and_gets_its_first_session(
    app: Flask, admin: FlaskClient, headers
) -> None:
    made = admin.post(
        "/orgs/one/events/new",
        data={"name": " Small Conf ", "timezone": "Europe/Paris", "first_day": "2027-06-15", "last_day": ""},
        headers=headers,
    )
    agenda = made.headers.get("HX-Redirect") or made.location
    page = admin.get(agenda).text
    sent = fields_of(admin.get(agenda.replace("agenda", "sessions/new")).text)
    answer = admin.post(
        agenda.replace("agenda", "sessions/new"),
        data={
            **sent,
            "title": "Opening",
            "client_session_id": "A-1",
            "starts_on": "2027-06-15",
            "starts_at": "09:00",
            "ends_at": "10:30",
            "room": "new",
            "room_new": "Main hall",
            "tag_new": "Welcome",
            "description": "<p>Hello</p>",
        },
        headers=headers,
    )

    assert "Small Conf is made." in page and "New session" in page
    assert answer.status_code == (200 if headers else 303)
    with app.app_context():
        event = db.session.scalars(select(Event)).one()
        session = db.session.scalars(select(Session)).one()
        names = {each.kind: each.name for each in db.session.scalars(select(Choice))}
        assert (event.name, event.timezone, event.source) == ("Small Conf", "Europe/Paris", "portal")
        assert str(event.first_day) == str(event.last_day) == "2027-06-15"
        assert (session.title, session.status, session.client_session_id) == ("Opening", "accepted", "A-1")
        assert session.starts_at == datetime(2027, 6, 15, 7, tzinfo=UTC)
        assert session.ends_at == datetime(2027, 6, 15, 8, 30, tzinfo=UTC)
        assert names == {"room": "Main hall", "tag": "Welcome"}
        assert session.edited == {} and session.edited_by == "admin@example.org"
        kinds = list(db.session.scalars(select(HistoryEntry.kind)))
        assert {"event made", "session made"} <= set(kinds)  # G2


@EITHER
def test_g3_an_event_without_what_it_needs_says_so_at_the_field(admin: FlaskClient, headers) -> None:
    sent = {"name": "Kept", "timezone": "Paris", "first_day": "2027-06-15", "last_day": "2027-06-01"}

    answer = admin.post("/orgs/one/events/new", data=sent, headers=headers)

    assert answer.status_code == 422
    assert "“Paris” is no timezone" in answer.text and "The last day is before the first." in answer.text
    assert 'value="Kept"' in answer.text and 'value="2027-06-01"' in answer.text


def test_h3_a_form_that_is_saved_as_it_is_changes_nothing(app: Flask, admin: FlaskClient, event: int) -> None:
    change_session(
        app,
        event,
        0,
        starts_at=START.replace(second=17),
        title=" Padded ",
        description="One\r\nTwo",
        status="waitlist",
    )
    before = last_history(app).id

    answer = save(admin, event, opened(admin, event))

    session = stored(app, event)
    assert answer.status_code == 303
    assert (session.starts_at, session.title) == (START.replace(second=17), " Padded ")
    assert (session.description, session.status, session.edited_by) == ("One\r\nTwo", "waitlist", None)
    assert last_history(app).id == before


@EITHER
def test_h3_what_was_changed_is_written_and_told(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    with app.app_context():
        room = db.session.scalars(select(Choice).where(Choice.kind == "room", Choice.name == "room 1")).one()
        other_room = room.id
    fields = opened(admin, event) | {"title": "New title", "room": str(other_room), "ends_at": "11:15"}

    answer = save(admin, event, fields, headers=headers)

    session = stored(app, event)
    assert answer.status_code == (200 if headers else 303)
    assert (session.title, session.room_id) == ("New title", other_room)
    assert session.ends_at == START.replace(hour=9, minute=15)  # 11:15 in Paris in June
    assert session.edited_by == "admin@example.org"
    entry = last_history(app)
    assert entry.kind == "session edited"
    assert "“Session 0”" in entry.text and "Title “Session 0” → “New title”" in entry.text
    assert "Room “room 0” → “room 1”" in entry.text


def test_h3_what_the_file_said_of_an_edited_field_is_kept(app: Flask, admin: FlaskClient, event: int) -> None:
    save(admin, event, opened(admin, event) | {"title": "Once"})
    save(admin, event, opened(admin, event) | {"title": "Twice", "client_session_id": ""})

    assert notes(stored(app, event)) == {"title": "Session 0", "client_session_id": "C0"}

    save(admin, event, opened(admin, event) | {"title": "Session 0"})

    assert notes(stored(app, event)) == {"client_session_id": "C0"}


def test_tags_are_added_and_taken_away(app: Flask, admin: FlaskClient, event: int) -> None:
    fields = opened(admin, event) | {"tag_new": "TAG 1", "action": "tag"}
    added = save(admin, event, fields)
    again = fields_of(added.text) | {"tag_new": "Brand new"}

    saved = save(admin, event, again)

    assert added.status_code == 200 and "changed" in added.text
    assert saved.status_code == 303
    with app.app_context():
        names = db.session.scalars(
            select(Choice.name)
            .join(SessionTag, SessionTag.choice_id == Choice.id)
            .join(Session, Session.id == SessionTag.session_id)
            .where(Session.source_id == session_id(0))
            .order_by(SessionTag.position)
        )
        assert list(names) == ["tag 0", "tag 1", "Brand new"]


def test_g3_a_new_name_beside_a_list_that_says_none_is_asked_about(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    asked = save(admin, event, opened(admin, event) | {"room": "", "room_new": "Attic"})
    kept = fields_of(asked.text)

    assert asked.status_code == 422 and "Save once more to make this room" in asked.text
    assert (kept["room"], kept["room_new"]) == ("new", "Attic")
    assert save(admin, event, kept).status_code == 303
    with app.app_context():
        assert "Attic" in list(db.session.scalars(select(Choice.name)))


@EITHER
def test_g3_a_refused_form_keeps_what_was_typed(app: Flask, admin: FlaskClient, event: int, headers) -> None:
    fields = opened(admin, event) | {
        "title": "",
        "client_session_id": "x" * 401,
        "ends_at": "08:00",
        "room": "new",
        "description": "Kept <b>text</b>",
    }

    answer = save(admin, event, fields, headers=headers)
    with_name = save(admin, event, fields | {"room_new": "Attic"}, headers=headers)

    assert answer.status_code == with_name.status_code == 422
    assert "Enter the name of the new room." in answer.text
    assert "Enter a title." in with_name.text and "has more than 400 characters" in with_name.text
    assert "The end is not after the start." in with_name.text
    assert 'value="Attic"' in with_name.text and "Kept &lt;b&gt;text&lt;/b&gt;" in with_name.text
    assert ("<html" in with_name.text) is not bool(headers)
    assert stored(app, event).title == "Session 0"
    with app.app_context():
        assert "Attic" not in list(db.session.scalars(select(Choice.name)))


def times(day: str, start: str, end: str, **more: str) -> dict[str, str]:
    return {"starts_on": day, "starts_at": start, "ends_at": end, "ends_on": ""} | more


def test_h3_a_time_that_the_clocks_jump_over_is_refused(app: Flask, admin: FlaskClient, event: int) -> None:
    answer = save(admin, event, opened(admin, event) | times("2027-03-28", "02:30", "04:00"))

    assert answer.status_code == 422
    assert "There is no 02:30 on that day: the clocks jump over it." in answer.text
    assert "The clocks go forward on this day: 02:00 becomes 03:00." in answer.text


def test_h3_a_time_that_comes_twice_is_asked_about_and_kept(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    asked = save(admin, event, opened(admin, event) | times("2027-10-31", "02:30", "04:00"))
    fields = fields_of(asked.text) | {"starts_which": "2027-10-31T01:30Z"}

    saved = save(admin, event, fields)
    again = opened(admin, event)

    assert asked.status_code == 422 and "say which one is meant" in asked.text
    assert "The first 02:30 (GMT+02:00)" in asked.text and "The second 02:30 (GMT+01:00)" in asked.text
    assert saved.status_code == 303
    assert stored(app, event).starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert (again["starts_at"], again["starts_which"]) == ("02:30", "2027-10-31T01:30Z")


def test_a_session_ends_on_another_day_only_where_that_is_said(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    fields = opened(admin, event) | times("2027-06-15", "22:00", "01:00")

    refused = save(admin, event, fields)
    saved = save(admin, event, fields | {"ends_on": "2027-06-16"})

    assert refused.status_code == 422 and "If it ends on another day, say which." in refused.text
    assert saved.status_code == 303
    assert stored(app, event).ends_at == datetime(2027, 6, 15, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "sent, words",
    [
        ({"starts_on": "", "ends_at": ""}, "Enter the day too, or leave out the times."),
        ({"starts_at": ""}, "Enter the time too, or leave out the day."),
        ({"starts_on": "15 June"}, "Not a valid date value."),
    ],
)
def test_half_a_time_is_refused(admin: FlaskClient, event: int, sent: dict[str, str], words: str) -> None:
    answer = save(admin, event, opened(admin, event) | sent)

    assert answer.status_code == 422 and words in answer.text


def test_d17_a_client_session_id_that_another_session_has_is_warned_of(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    answer = save(admin, event, opened(admin, event) | {"client_session_id": "C1"})
    page = admin.get(answer.location).text

    assert "Another session has the Client Session ID “C1” too. Both will sync." in page
    assert stored(app, event).client_session_id == "C1"


class TestTwoAtOnce:
    """H3: the second to save is told, shown both, and chooses."""

    @pytest.fixture
    def other(self, app: Flask, event: int) -> FlaskClient:
        make_user(app, "anna@example.org", "One")
        return log_in(app, "anna@example.org")

    def test_different_fields_are_both_saved(
        self, app: Flask, admin: FlaskClient, other: FlaskClient, event: int
    ) -> None:
        mine = opened(admin, event)
        save(other, event, opened(other, event) | {"title": "Anna’s"})

        answer = save(admin, event, mine | {"client_session_id": "X9"})
        page = admin.get(answer.location).text

        session = stored(app, event)
        assert (session.title, session.client_session_id) == ("Anna’s", "X9")
        assert "Changed by somebody else meanwhile, and kept: Title." in page

    @EITHER
    def test_the_same_field_is_asked_about(
        self, app: Flask, admin: FlaskClient, other: FlaskClient, event: int, headers
    ) -> None:
        mine = opened(admin, event)
        save(other, event, opened(other, event) | {"title": "Anna’s", "ends_at": "11:30"})

        asked = save(admin, event, mine | {"title": "Mine", "client_session_id": "X9"}, headers=headers)

        assert asked.status_code == 422
        assert "anna@example.org saved this while you were editing it" in asked.text
        assert (
            '<strong dir="auto">Mine</strong>' in asked.text
            and '<strong dir="auto">Anna’s</strong>' in asked.text
        )
        assert "Taken over: anna@example.org changed it meanwhile." in asked.text
        assert stored(app, event).client_session_id == "C0"

    @pytest.mark.parametrize("keep, title", [("mine", "Mine"), ("theirs", "Anna’s")])
    def test_the_choice_is_stored_and_nothing_typed_is_lost(
        self, app: Flask, admin: FlaskClient, other: FlaskClient, event: int, keep: str, title: str
    ) -> None:
        mine = opened(admin, event)
        save(other, event, opened(other, event) | {"title": "Anna’s", "ends_at": "11:30"})
        asked = save(admin, event, mine | {"title": "Mine", "client_session_id": "X9"})

        answer = save(admin, event, fields_of(asked.text) | {"keep_title": keep})

        session = stored(app, event)
        assert answer.status_code == 303
        assert (session.title, session.client_session_id) == (title, "X9")
        assert session.ends_at == START.replace(hour=9, minute=30)

    def test_a_third_change_is_asked_about_again(
        self, app: Flask, admin: FlaskClient, other: FlaskClient, event: int
    ) -> None:
        mine = opened(admin, event)
        save(other, event, opened(other, event) | {"title": "Anna’s"})
        asked = save(admin, event, mine | {"title": "Mine"})
        save(other, event, opened(other, event) | {"title": "Anna’s second"})

        again = save(admin, event, fields_of(asked.text) | {"keep_title": "mine"})

        assert again.status_code == 422 and "Anna’s second" in again.text
        assert stored(app, event).title == "Anna’s second"


def test_h1_an_event_from_sessionboard_is_not_edited_here(app: Flask, admin: FlaskClient, event: int) -> None:
    fields = opened(admin, event)
    with app.app_context():
        db.session.get_one(Event, event).source = "sessionboard"
        db.session.commit()

    answer = save(admin, event, fields | {"title": "Changed"})

    assert answer.status_code == 422
    assert "This event comes from Sessionboard. Change it there" in answer.text
    assert stored(app, event).title == "Session 0"
    assert "Edit" not in admin.get(address(event, session_id(0))).text.split("<main")[1].split("Fields")[0]


def test_a_choice_of_another_event_is_refused(app: Flask, admin: FlaskClient, event: int) -> None:
    foreign = first_choice(app, make_event(app, name="Other"))

    answer = save(admin, event, opened(admin, event) | {"room": str(foreign)})

    assert answer.status_code == 422 and "Choose a room from the list." in answer.text


def test_a_viewer_sees_no_way_to_edit(app: Flask, viewer: FlaskClient) -> None:
    event = make_event(app)

    assert viewer.get(edit_address(event)).status_code == 403
    assert viewer.get(address(event)).status_code == 403
    assert '/edit"' not in viewer.get(address(event, session_id(0))).text


def test_a_new_tag_has_the_colour_that_was_chosen_with_it(app: Flask, admin: FlaskClient, event: int) -> None:
    added = save(
        admin,
        event,
        opened(admin, event) | {"tag_new": "Keynote", "tag_colour": "#C01C28", "action": "tag"},
    )
    save(admin, event, fields_of(added.text))
    save(admin, event, opened(admin, event) | {"tag_new": "Plain"})

    with app.app_context():
        tags = dict(db.session.execute(select(Choice.name, Choice.colour).where(Choice.kind == "tag")).all())
    assert (tags["Keynote"], tags["Plain"]) == ("#c01c28", None)


def test_g3_of_two_texts_the_words_that_differ_are_shown() -> None:
    same = "<p>" + "the same words " * 40
    mine, theirs = both_in_words("description", f"{same}<b>mine</b></p>", f"{same}theirs</p>")

    assert mine.endswith("the same words mine") and theirs.endswith("the same words theirs")
    assert both_in_words("description", "<p>A</p>", "<h3>A</h3>") == ("<p>A</p>", "<h3>A</h3>")
