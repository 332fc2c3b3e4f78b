"""Readiness is planned once, and again as soon as anything is different that a plan is made from (E9)."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update
from statements import statements_sent
from view_samples import START, change_session, make_event, make_mapping, session_id

from portal.models import (
    Base,
    Choice,
    Contact,
    ContentFile,
    Event,
    FrozenSession,
    KeptField,
    Link,
    Mapping,
    Organisation,
    Participant,
    Run,
    Session,
    Stamped,
    Status,
    UnpublishedSpeaker,
    db,
)
from portal.sync.planning.context import Context
from portal.sync.planning.intent import Plan
from portal.sync.planning.snapshot import Existing
from portal.sync.planning.standing import Standing
from portal.sync.running import readiness
from portal.sync.running.readiness import assess
from portal.sync.running.versions import programme_version, sync_version

OFFER = {"custom_fields": {"sessionboard_id": "text"}, "session_types": ["Session"]}
TABLES = {each.class_.__tablename__: each.class_ for each in Base.registry.mappers}
STAMPED = sorted(name for name, table in TABLES.items() if issubclass(table, Stamped))


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sessions each plan had that was made."""
    made: list[int] = []
    plan_sync = readiness.plan_sync

    def note(context: Context, existing: Existing) -> Plan:
        made.append(len(context.programme.sessions))
        return plan_sync(context, existing)

    monkeypatch.setattr(readiness, "plan_sync", note)
    return made


@pytest.fixture
def event_id(app: Flask, admin: FlaskClient) -> int:
    """A mapped event with a row in every table that a plan is made from."""
    event_id = make_event(app, sessions=2)
    make_mapping(app, event_id, offer=OFFER, timezone_confirmed_for="Europe/Paris")
    with app.app_context():
        event = db.session.get_one(Event, event_id)
        session = db.session.scalars(select(Session.id).where(Session.event_id == event_id)).first()
        ours = {"organisation_id": event.organisation_id, "site_uuid": "site"}
        link = {"seminar_uuid": "seminar", "kind": "session", "asp_uuid": "U", "pushed_hash": ""}
        db.session.add_all(
            [
                Status(event_id=event_id, name="confirmed", category="accepted"),
                ContentFile(session_id=session, position=0, url="https://example.org"),
                Link(**ours, **link, key=session_id(0)),
                FrozenSession(**ours, source_id=session_id(1)),
                UnpublishedSpeaker(**ours, asp_uuid="S"),
                KeptField(**ours, seminar_uuid="seminar", kind="session", key=session_id(0), slug="Title"),
            ]
        )
        db.session.commit()
    return event_id


@pytest.fixture
def event(app: Flask, event_id: int) -> Iterator[Event]:
    with app.app_context():
        yield db.session.get_one(Event, event_id)


def test_nothing_is_planned_again_while_nothing_changes(event: Event, planned: list[int]) -> None:
    first = assess(event)

    assert assess(event) is first
    assert planned == [2]


@pytest.mark.parametrize("table", STAMPED)
def test_every_write_to_a_row_of_a_plan_makes_another_version(event: Event, table: str) -> None:
    rows = TABLES[table].__table__
    column = {"event": "name", "choice": "name", "session_tag": "position"}.get(table) or next(
        each.name for each in rows.c if each.name not in ("id", "stamp") and not each.foreign_keys
    )
    versions = [sync_version(event)]

    db.session.execute(update(rows).values({column: rows.c[column]}))
    versions.append(sync_version(event))
    if table != "event":
        first = db.session.execute(select(rows)).mappings().first()
        ours = [each == first[each.name] for each in rows.primary_key]
        db.session.execute(update(TABLES["session"].__table__).values(room_id=None, format_id=None))
        versions.append(sync_version(event))
        for part in ("session_tag", "participant", "content_file", "field_mapping"):
            if part != table:
                db.session.execute(delete(TABLES[part].__table__))
        versions.append(sync_version(event))
        db.session.execute(delete(rows).where(*ours))
        versions.append(sync_version(event))
        db.session.execute(insert(rows), [{name: value for name, value in first.items() if name != "stamp"}])
        versions.append(sync_version(event))
    db.session.rollback()

    assert len(set(versions)) == len(versions)
    assert sync_version(event) == versions[0]


def test_every_table_that_a_plan_reads_tells_of_its_changes(event: Event) -> None:
    with statements_sent() as seen:
        assess(event)

    read = {table for statement in seen for table in re.findall(r"(?:FROM|JOIN) \"?(\w+)\"?", statement)}
    assert {"session", "link", "choice", "contact", "mapping"} <= read
    of_a_run_that_ended = {"run", "run_record"}  # nothing changes it, and its id is part of the version
    assert read - {"organisation"} - of_a_run_that_ended <= set(STAMPED)


CHANGES: dict[str, Callable[[Event], object]] = {
    "a title": lambda event: update(Session).values(title="Another"),
    "a name of a person": lambda event: update(Contact).values(first_name="Another"),
    "somebody's acceptance": lambda event: update(Participant).values(status="declined"),
    "a room's name": lambda event: update(Choice).values(name="Another"),
    "what a status means": lambda event: delete(Status),
    "the timezone": lambda event: update(Event).values(timezone="UTC"),
    "a setting of the mapping": lambda event: update(Mapping).values(unpublish_sessions=True),
    "what the seminar offers": lambda event: update(Mapping).values(offer={}),
    "the mapping's end": lambda event: update(Mapping).values(removed_at=START),
    "a link": lambda event: delete(Link),
    "a frozen session": lambda event: delete(FrozenSession),
    "a run that ended": lambda event: insert(Run).values(
        organisation_id=event.organisation_id, event_id=event.id, actor="", destination="", status="failed"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_planned_again_when_something_changes(event: Event, planned: list[int], change: str) -> None:
    first = assess(event)

    db.session.execute(CHANGES[change](event))
    db.session.commit()

    assert assess(event) is not first
    assert len(planned) >= 2


def test_d5_it_is_planned_again_when_a_session_ends(event: Event, planned: list[int]) -> None:
    ends_at = START + timedelta(minutes=45)
    with time_machine.travel(ends_at - timedelta(seconds=1), tick=False) as clock:
        before = assess(event)
        clock.move_to(ends_at)
        after = assess(event)

    assert before.states[session_id(0)].standing == Standing.CHANGED
    assert after.states[session_id(0)].standing == Standing.LEFT
    assert planned == [2, 2]


def test_a_clock_that_went_back_is_no_reason_to_believe_the_later_plan(
    event: Event, planned: list[int]
) -> None:
    with time_machine.travel(START + timedelta(days=1), tick=False) as clock:
        assess(event)
        clock.move_to(START - timedelta(days=1))
        assert assess(event).states[session_id(0)].standing == Standing.CHANGED

    assert planned == [2, 2]


def test_another_organisation_s_work_throws_nothing_away(
    app: Flask, event: Event, planned: list[int]
) -> None:
    first = assess(event)
    other = Organisation(name="Two", slug="two")
    db.session.add(other)
    db.session.flush()
    theirs = Event(organisation_id=other.id, source="file", name="Theirs", timezone="UTC")
    db.session.add(theirs)
    db.session.flush()
    db.session.add(Contact(event_id=theirs.id, source_id="x"))
    db.session.add(FrozenSession(organisation_id=other.id, site_uuid="site", source_id=session_id(0)))
    db.session.commit()

    assert assess(event) is first
    assert assess(theirs).states == {}


def test_links_leave_the_programme_s_version_alone(event: Event) -> None:
    before = programme_version(event)
    db.session.execute(delete(Link))

    assert programme_version(event) == before


def test_e9_a_stop_leaves_no_state_blank(app: Flask, event: Event) -> None:
    db.session.execute(update(Mapping).values(offer={}))
    db.session.commit()

    found = assess(event)

    assert "sessionboard_id" in found.stop
    assert [found.states[session_id(number)].standing for number in range(2)] == ["changed", "frozen"]


def test_e9_the_record_says_the_same_as_the_agenda(app: Flask, admin: FlaskClient, event_id: int) -> None:
    change_session(app, event_id, 0, client_session_id=None)
    address = f"/orgs/one/events/{event_id}"

    for page in (admin.get(f"{address}/agenda"), admin.get(f"{address}/sessions/{session_id(0)}")):
        assert "Failed" in page.text
        assert "Client Session ID is missing. Add it on the session, then sync again." in page.text


def test_one_session_s_page_plans_one_session(
    app: Flask, admin: FlaskClient, event_id: int, planned: list[int]
) -> None:
    page = f"/orgs/one/events/{event_id}/sessions/{session_id(0)}"

    assert "Changed since" in admin.get(page).text
    assert planned == [1]

    admin.get(f"/orgs/one/events/{event_id}/agenda")
    assert "Changed since" in admin.get(page).text
    assert planned == [1, 2]


def test_e9_lists_of_events_say_how_sessions_stand_in_the_same_words(
    app: Flask, admin: FlaskClient, viewer: FlaskClient
) -> None:
    event, other = make_event(app), make_event(app, name="Another")
    make_mapping(app, event)
    change_session(app, event, 0, client_session_id=None)
    change_session(app, event, 1, status="pending")
    with app.app_context():
        organisation_id = db.session.get_one(Event, event).organisation_id
        place = {"organisation_id": organisation_id, "site_uuid": "site", "seminar_uuid": "seminar"}
        db.session.add(Link(kind="session", key=session_id(1), asp_uuid="ASP", pushed_hash="", **place))
        db.session.commit()

    for page in ("/orgs/one/", "/orgs/one/settings/integrations"):
        shown = viewer.get(page).text
        assert f'hx-get="/orgs/one/events/{event}/standings"' in shown
        assert f"/events/{other}/standings" not in shown
    part = viewer.get(f"/orgs/one/events/{event}/standings").text
    assert re.findall(r'state=(\w+)">([^<]+)</a>', part) == [
        ("waiting", "1 waiting for first sync"),
        ("failed", "1 failed"),
        ("left", "1 left in ASP"),
    ]
