"""A large agenda: narrowed, sorted, in pages, its columns, its views."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from view_samples import HTMX, START, change_session, make_event, make_mapping, session_id

from portal.models import Choice, Event, Participant, Session, db

OFFER = {"custom_fields": {"sessionboard_id": "text"}, "session_types": ["Session"]}
DAY = START.date().isoformat()


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """Four sessions; each has a room, a format, a track, a tag and two people of its own."""
    event_id = make_event(app, sessions=4)
    with app.app_context():
        for number, track in enumerate(
            db.session.scalars(select(Choice.id).where(Choice.kind == "track").order_by(Choice.id))
        ):
            ours = (Session.event_id == event_id, Session.source_id == session_id(number))
            db.session.execute(update(Session).where(*ours).values(track_id=track))
        db.session.commit()
    return event_id


def agenda(client: FlaskClient, event_id: int, query: str = "", **more: dict[str, str]) -> str:
    answer = client.get(f"/orgs/one/events/{event_id}/agenda?{query}", **more)
    assert answer.status_code == 200
    return answer.text


def listed(page: str) -> list[str]:
    """The titles in the list, in its order."""
    return re.findall(r'class="title"[^>]*>(Session \d+)</a>', page.split('id="agenda-list"')[1])


def numbers(page: str, label: str) -> dict[str, int]:
    """What stands in the chips or the menu of a filter."""
    part = re.split(rf'(?:aria-label="{label}")', page)[1].split("</nav>")[0].split('<div class="acts">')[0]
    found = re.findall(r"<bdi>([^<]*)</bdi>\s*<b>([\d,]+)</b>", part)
    return {unescape(name): int(number) for name, number in found}


def make_large(app: Flask, number: int) -> int:
    event_id = make_event(app, sessions=1)
    with app.app_context():
        db.session.add_all(
            Session(
                event_id=event_id,
                source_id=session_id(each),
                title=f"Session {each}",
                status="accepted",
                starts_at=START + timedelta(days=each % 2, minutes=each),
                ends_at=START + timedelta(days=each % 2, minutes=each + 5),
                client_session_id=f"C{each}",
                custom_fields={},
            )
            for each in range(1, number)
        )
        db.session.commit()
    return event_id


@pytest.mark.parametrize("view", ["", "view=day", "view=rooms"])
def test_g5_a_page_has_at_most_a_hundred_sessions(app: Flask, admin: FlaskClient, view: str) -> None:
    page = agenda(admin, make_large(app, 350), view)

    assert len(listed(page)) <= 100
    assert page.count("<tr") <= 200


def test_pages_follow_each_other_and_keep_what_was_asked_for(app: Flask, admin: FlaskClient) -> None:
    event_id = make_large(app, 250)

    pages = [agenda(admin, event_id, f"status=accepted&page={number}") for number in (1, 2, 3)]

    assert [len(listed(page)) for page in pages] == [100, 100, 50]
    assert len({title for page in pages for title in listed(page)}) == 250
    assert "1–100 of 250" in pages[0] and "201–250 of 250" in pages[2]
    assert "status=accepted&amp;page=2" in pages[0]
    assert listed(agenda(admin, event_id, "status=accepted&page=99")) == listed(pages[2])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("room=room+1", [1]),
        ("room=room+1&room=room+3", [1, 3]),
        ("room=-", [0]),
        ("track=track+2&format=format+2", [2]),
        ("track=track+2&format=format+1", []),
        ("tag=tag+3", [3]),
        ("status=pending", [2]),
        (f"day={DAY}", [1, 2]),
        ("day=-", [3]),
        ("state=failed", [3]),
        ("state=waiting", [0, 1]),
        ("problem=yes", [3]),
        ("state=failed&search=last1", [3]),
        ("room=nowhere", []),
        ("state=nothing", []),
    ],
)
def test_filters_stand_in_the_address(
    app: Flask, admin: FlaskClient, event: int, query: str, found: list[int]
) -> None:
    make_mapping(app, event, offer=OFFER, timezone_confirmed_for="Europe/Paris")
    change_session(app, event, 0, room_id=None, starts_at=START - timedelta(days=1))
    change_session(app, event, 2, status="pending")
    change_session(app, event, 3, starts_at=None, ends_at=None)

    for page in (agenda(admin, event, query), agenda(admin, event, query, headers=HTMX)):
        assert listed(page) == [f"Session {number}" for number in found]


def test_filters_are_offered_with_what_each_would_show(app: Flask, admin: FlaskClient, event: int) -> None:
    change_session(app, event, 2, status="pending")
    change_session(app, event, 3, status="pending")

    page = agenda(admin, event, "room=room+2&room=room+1")

    assert numbers(page, "By status") == {"Accepted": 1, "Pending": 1}
    assert numbers(page, "Room") == {"room 0": 1, "room 1": 1, "room 2": 1, "room 3": 1}
    assert numbers(page, "Format") == {"format 1": 1, "format 2": 1}
    assert page.count('value="room 2" form="agenda-form" checked') == 1


def test_without_scripts_the_form_keeps_the_filters(admin: FlaskClient, event: int) -> None:
    page = agenda(admin, event, f"status=accepted&day={DAY}&search=session")

    assert '<input type="hidden" name="status" value="accepted" form="agenda-form">' in page
    assert f'<input type="hidden" name="day" value="{DAY}" form="agenda-form">' in page
    assert 'name="search" value="session"' in page
    assert "<noscript><button" in page


def test_a_search_by_htmx_names_a_clean_address_and_says_that_it_works(
    admin: FlaskClient, event: int
) -> None:
    whole = agenda(admin, event)
    answer = admin.get(f"/orgs/one/events/{event}/agenda?search=session+1&sort=&status=", headers=HTMX)
    again = admin.get(f"/orgs/one/events/{event}/agenda?search=session+1", headers=HTMX)

    assert 'hx-indicator="#agenda-part-busy"' in whole and 'id="agenda-part-busy"' in whole
    assert answer.headers["HX-Push-Url"] == f"/orgs/one/events/{event}/agenda?search=session+1"
    assert "HX-Push-Url" not in again.headers  # the list that is fetched again when a run ends
    assert 'id="agenda-tabs" hx-swap-oob="true"' in answer.text
    assert "agenda?search=session+1&amp;view=day" in answer.text


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("time", [0, 1, 2, 3]),
        ("", [0, 1, 2, 3]),
        ("nonsense", [0, 1, 2, 3]),
        ("title", [3, 0, 1, 2]),
        ("room", [1, 0, 2, 3]),
        ("changed", [2, 0, 1, 3]),
        ("problem", [3, 0, 1, 2]),
    ],
)
def test_the_list_is_sorted(app: Flask, admin: FlaskClient, event: int, sort: str, order: list[int]) -> None:
    make_mapping(app, event, offer=OFFER, timezone_confirmed_for="Europe/Paris")
    change_session(app, event, 3, title="A first one", client_session_id=None)
    change_session(app, event, 2, updated_at=START)
    with app.app_context():
        db.session.execute(update(Choice).where(Choice.name == "room 1").values(name="Attic"))
        db.session.commit()

    page = agenda(admin, event, f"sort={sort}").replace("A first one", "Session 3")

    assert listed(page) == [f"Session {number}" for number in order]


def test_columns_are_chosen_and_remembered(admin: FlaskClient, event: int) -> None:
    def heads(page: str) -> list[str]:
        return re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)

    assert heads(agenda(admin, event)) == "Time|Title and people|Room|Format|Tags|Status|In ASP".split("|")

    address = f"/orgs/one/events/{event}/agenda"
    chosen = "columns=chosen&column=client_session_id&column=state&column=nonsense"
    answer = admin.get(f"{address}?status=accepted&{chosen}&evil=1")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{address}?status=accepted"
    assert heads(agenda(admin, event)) == ["Time", "Title and people", "Client Session ID", "In ASP"]

    admin.get(f"{address}?columns=chosen")
    assert heads(agenda(admin, event)) == ["Time", "Title and people"]


def test_a_day_shows_what_begins_at_the_same_time_together(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    change_session(app, event, 1, starts_at=START)
    change_session(app, event, 3, starts_at=START + timedelta(days=1), ends_at=None)

    page = agenda(admin, event, "view=day")
    second = agenda(admin, event, f"view=day&day={(START + timedelta(days=1)).date()}")

    assert re.findall(r'class="hour"[^>]* aria-label="(\d\d:\d\d)"', page) == ["10:00", "12:00"]
    assert listed(page) == ["Session 0", "Session 1", "Session 2"]
    assert listed(second) == ["Session 3"]


def test_rooms_stand_across_with_the_colour_of_the_track(app: Flask, admin: FlaskClient, event: int) -> None:
    change_session(app, event, 3, room_id=None)

    page = agenda(admin, event, "view=rooms")
    table = page.split('<table class="rooms"')[1].split("</table>")[0]

    assert re.findall(r'<th scope="col"[^>]*> <bdi>([^<]+)</bdi>', table) == ["room 0", "room 1", "room 2"]
    assert re.findall(r'<th class="at" scope="row"[^>]*> <time>([^<]+)</time>', table)[:3] == [
        "10:00",
        "10:30",
        "11:00",
    ]
    assert 'fill="#aa3300"' in table
    assert "1 session of this day has no room" in page


def test_the_conflicts_stand_at_their_tab_with_their_number(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    with app.app_context():
        room = db.session.scalar(select(Choice.id).where(Choice.name == "room 0"))
        sessions = db.session.scalars(
            select(Session.id).where(Session.event_id == event).order_by(Session.id)
        ).all()
        person = db.session.scalar(
            select(Participant.contact_id).where(Participant.session_id == sessions[2])
        )
        db.session.add(
            Participant(
                session_id=sessions[3], contact_id=person, role="moderator", status="accepted", position=9
            )
        )
        day = START.date()
        db.session.execute(update(Event).where(Event.id == event).values(first_day=day, last_day=day))
        db.session.commit()
    change_session(app, event, 1, starts_at=START + timedelta(minutes=30), room_id=room)
    change_session(
        app, event, 2, starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=1, hours=2)
    )
    change_session(
        app, event, 3, starts_at=START + timedelta(days=1, hours=1), ends_at=START + timedelta(hours=26)
    )

    page = agenda(admin, event, "view=conflicts")

    assert [
        len(re.findall(word, page.split('id="agenda-list"')[1]))
        for word in (
            "Room taken twice",
            "Person in two places",
            "Outside the event’s days",
            "End before start",
        )
    ] == [1, 1, 2, 0]
    assert re.search(r'Conflicts <span class="state bad"><i[^>]*></i>4</span>', page)
    assert "First2 Lást0" in page
    assert "Room taken twice: also" in agenda(admin, event, "room=room+0")
    assert listed(agenda(admin, event, "problem=yes")) == ["Session 0", "Session 1", "Session 2", "Session 3"]


def test_what_is_declined_is_in_nobody_s_way(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        room = db.session.scalar(select(Choice.id).where(Choice.name == "room 0"))
    change_session(app, event, 1, starts_at=START, room_id=room, status="declined")

    assert "No conflicts" in agenda(admin, event, "view=conflicts")


def test_d17_a_shared_client_session_id_is_a_problem_and_said(
    app: Flask, admin: FlaskClient, event: int
) -> None:
    change_session(app, event, 1, client_session_id="C2")

    page = agenda(admin, event, "problem=yes")

    assert listed(page) == ["Session 1", "Session 2"]
    assert page.count("1 other session has the same Client Session ID") == 2


@pytest.mark.parametrize(
    "query", ["view=nonsense", "day=2027-99-99", "page=-1", "view=rooms&page=999", "view=day&day=x"]
)
def test_an_address_that_nobody_offered_shows_what_there_is(
    admin: FlaskClient, event: int, query: str
) -> None:
    assert "Agenda" in agenda(admin, event, query)


def test_what_an_address_asks_for_is_shown_as_text(admin: FlaskClient, event: int) -> None:
    page = agenda(admin, event, "room=%3Cscript%3Ex&search=%22%3E%3Cb%3E&day=%3Ci%3E&status=%3Cu%3E")

    for markup in ("<script>x", '<b>"', '<i>"', "<u>"):
        assert markup not in page


def test_the_days_follow_the_event_s_clock(app: Flask, admin: FlaskClient, event: int) -> None:
    late = START.replace(hour=22, minute=30)  # half past midnight in Paris
    change_session(app, event, 3, starts_at=late, ends_at=late + timedelta(minutes=30))

    assert listed(agenda(admin, event, f"day={date.fromisoformat(DAY) + timedelta(days=1)}")) == ["Session 3"]


def test_a_day_leads_to_the_page_of_each_hour(app: Flask, admin: FlaskClient) -> None:
    event_id = make_large(app, 250)

    page = agenda(admin, event_id, "view=day")
    hours = re.search(r'aria-label="Jump to an hour">(.*?)</nav>', page, re.DOTALL)[1]

    # every other minute from ten to a quarter past two: a hundred sessions end in the fourteenth hour
    assert re.findall(r'href="([^"]*)"', unescape(hours))[:3] == ["#at-10", "#at-11", "#at-12"]
    assert re.findall(r'href="[^"]*page=2#at-14"', unescape(hours))
    assert page.count('id="at-') == 4


@pytest.mark.parametrize("view", ["day", "rooms"])
def test_a_day_on_which_the_clocks_change_says_so(
    app: Flask, admin: FlaskClient, event: int, view: str
) -> None:
    autumn = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    change_session(app, event, 3, starts_at=autumn, ends_at=autumn + timedelta(hours=1))

    changing = agenda(admin, event, f"view={view}&day=2027-10-31")

    assert "The clocks go back on this day: 03:00 becomes 02:00." in changing
    assert "on this day: 0" not in agenda(admin, event, f"view={view}&day={DAY}")


def test_h3_what_failed_leads_to_the_field_that_mends_it(
    app: Flask, admin: FlaskClient, viewer: FlaskClient, event: int
) -> None:
    make_mapping(app, event, offer=OFFER, timezone_confirmed_for="Europe/Paris")
    change_session(app, event, 1, client_session_id=None)

    fix = re.search(r'<a class="inline small" href="([^"]+)">Fix<', agenda(admin, event))

    assert fix is not None
    assert 'id="client_session_id"' in admin.get(unescape(fix[1])).text
    assert "Fix<" not in agenda(viewer, event)


def test_the_list_of_one_day_is_jumped_to_by_the_hour(admin: FlaskClient, event: int) -> None:
    of_a_day = agenda(admin, event, f"day={DAY}")

    hours = re.findall(r'href="#at-(\d+)"', of_a_day)
    assert len(hours) == 4
    assert all(f'<tr id="at-{hour}">' in of_a_day for hour in hours)
    for query in ("", f"day={DAY}&sort=title", f"day={DAY}&day=-"):
        assert "Jump to an hour" not in agenda(admin, event, query)
