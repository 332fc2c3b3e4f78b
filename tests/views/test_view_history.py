"""The history: searched, narrowed, by days of the reader's clock, in pages, with ways to what it tells of (G2)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from view_samples import HTMX, log_in, make_event, make_mapping, make_user, session_id

from portal.models import Event, HistoryEntry, Mapping, Organisation, db
from portal.operations.history import record
from portal.operations.syncing.runs import request_run

HISTORY = "/orgs/one/history"
NOON = datetime.fromisoformat("2027-03-28T12:00:00+00:00")


@pytest.fixture
def event(app: Flask, admin: FlaskClient) -> int:
    """Four entries at 21:30, 22:30 and 23:30 UTC of a day, and the next noon; the last is about no event."""
    event_id = make_event(app, sessions=1)
    with app.app_context():
        own = db.session.scalars(select(Organisation.id).where(Organisation.slug == "one")).one()
        known = {"event_id": event_id}
        record(own, "ada@example.org", "session edited", "Edited “Été”.", session_id=session_id(0), **known)
        record(own, "bob@example.org", "session removed", "Removed “Old”.", session_id="gone", **known)
        record(own, "ada@example.org", "mapped", "Mapped Small Conf to 100% Site.", **known)
        record(own, "command line", "connected", "Connected ASP Events.")
        ids = db.session.scalars(select(HistoryEntry.id).order_by(HistoryEntry.id.desc()).limit(4)).all()
        for key, hours in zip(reversed(ids), (9.5, 10.5, 11.5, 24), strict=True):
            set_moment(key, NOON + timedelta(hours=hours))
        set_others_aside(ids)
        db.session.commit()
    return event_id


def set_moment(key: int, moment: datetime) -> None:
    db.session.execute(update(HistoryEntry).where(HistoryEntry.id == key).values(created_at=moment))


def set_others_aside(ids: Any) -> None:
    """What making the users has left is long ago."""
    others = update(HistoryEntry).where(HistoryEntry.id.not_in(ids))
    db.session.execute(others.values(created_at=NOON - timedelta(days=1000), words=""))


def told(client: FlaskClient, query: str = "", **more: Any) -> list[str]:
    answer = client.get(f"{HISTORY}?{query}", **more)
    assert answer.status_code == 200
    return re.findall(r'<td class="wide"><span dir="auto">([^<]+)</span>', answer.text)


EDITED, REMOVED, MAPPED = "Edited “Été”.", "Removed “Old”.", "Mapped Small Conf to 100% Site."
CONNECTED = "Connected ASP Events."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=ete", [EDITED]),
        ("search=ADA", [MAPPED, EDITED]),
        ("search=100%25+s", [MAPPED]),
        ("kind=mapped&kind=connected", [CONNECTED, MAPPED]),
        ("by=bob%40example.org", [REMOVED]),
        ("event=-&kind=connected", [CONNECTED]),
        ("event=EVENT&kind=mapped", [MAPPED]),
        ("from=2027-03-28&to=2027-03-28", [MAPPED, REMOVED, EDITED]),
        ("from=2027-03-29", [CONNECTED]),
        # summer time begins that day: it ends at 22:00 UTC in Paris
        ("from=2027-03-28&to=2027-03-28&zone=Europe/Paris", [EDITED]),
        ("from=2027-03-29&zone=Europe/Paris", [CONNECTED, MAPPED, REMOVED]),
        ("from=2027-03-29&zone=nonsense", [CONNECTED]),
        ("from=yesterday&to=0000-00-00&kind=mapped", [MAPPED]),
        ("from=2027-03-30&to=2027-03-29", []),
        ("search=nothing", []),
    ],
)
def test_g2_history_is_searched_and_narrowed(
    admin: FlaskClient, event: int, query: str, found: list[str]
) -> None:
    assert told(admin, query.replace("EVENT", str(event))) == found
    assert told(admin, query.replace("EVENT", str(event)), headers=HTMX) == found


def test_g2_each_choice_says_how_many_there_would_be(admin: FlaskClient, event: int) -> None:
    page = admin.get(f"{HISTORY}?by=ada%40example.org").text

    options = re.findall(r'name="(\w+)" value="([^"]+)"[^>]*>\s*<bdi>([^<]+)</bdi>\s*<b>(\d+)</b>', page)
    assert ("kind", "mapped", "Mapped", "1") in options
    assert ("kind", "connected", "Connected", "1") not in options
    assert ("by", "bob@example.org", "bob@example.org", "1") in options
    assert ("event", str(event), "Small Conf", "2") in options


def test_g2_an_entry_leads_to_what_it_tells_of_as_long_as_that_is_there(
    admin: FlaskClient, event: int
) -> None:
    page = admin.get(HISTORY).text

    links = re.findall(rf'href="(/orgs/one/events/{event}/[^"]+)" dir="auto"', page)
    agenda = f"/orgs/one/events/{event}/agenda"
    assert links == [agenda, agenda, agenda, f"/orgs/one/events/{event}/sessions/{session_id(0)}"]


def test_g2_who_asks_for_a_sync_finds_its_run_in_the_history(
    app: Flask, admin: FlaskClient, sync_asked: int
) -> None:
    page = admin.get(f"{HISTORY}?kind=sync+asked").text

    assert f'href="/orgs/one/runs/{sync_asked}"' in page
    assert "Asked for a sync of Small Conf → " in page


@pytest.fixture
def sync_asked(app: Flask, admin: FlaskClient) -> int:
    event_id = make_event(app)
    mapping_id = make_mapping(app, event_id)
    with app.app_context():
        return request_run(db.session.get_one(Mapping, mapping_id), "ada@example.org").id


def test_g2_history_comes_in_pages(app: Flask, admin: FlaskClient, event: int) -> None:
    with app.app_context():
        own = db.session.get_one(Event, event).organisation_id
        for number in range(150):
            record(own, "ada@example.org", "imported", f"Import {number}.", event_id=event)
        db.session.commit()

    first, second = told(admin, "kind=imported"), told(admin, "kind=imported&page=2")

    assert (first[0], first[-1], len(first)) == ("Import 149.", "Import 50.", 100)
    assert (second[0], second[-1], len(second)) == ("Import 49.", "Import 0.", 50)
    assert told(admin, "kind=imported&page=99") == second


def test_g1_history_of_another_organisation_is_not_shown(app: Flask, event: int) -> None:
    make_user(app, "stranger@example.org", "Two")
    stranger = log_in(app, "stranger@example.org")

    assert stranger.get(HISTORY).status_code == 404
    assert CONNECTED not in stranger.get("/orgs/two/history").text
