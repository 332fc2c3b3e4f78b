"""A first sync, one without changes, and changes (D1, E5, I3)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sync_world import (
    BARE_SEMINAR,
    YEAR,
    World,
    contact_id,
    make_contact,
    make_programme,
    make_session,
    on_it,
    real_programme,
    session_id,
)

from asp_local.server import LocalAsp
from portal.models import Event, Outcome, RunRecord, db

DEMO_SITE, DEMO_SEMINAR = "8626051C-A161-436F-B27C-316CFE26470C", "1111"
DEMO_PAIR = ("demo-key", "demo-secret")


def prepare_demo(folder: Path, asp: LocalAsp, programme: dict[str, Any]) -> tuple[World, Event]:
    world = World(folder, asp)
    event = world.load(programme)
    world.connect(pair=DEMO_PAIR)
    world.map(event, DEMO_SITE, DEMO_SEMINAR)
    return world, event


@pytest.fixture
def pycon(tmp_path: Path) -> Iterator[tuple[World, Event, dict[str, Any]]]:
    with LocalAsp() as asp:
        programme = real_programme("pyconfr-2025.json")
        world, event = prepare_demo(tmp_path, asp, programme)
        yield world, event, programme
        world.close()


def test_real_programme_arrives_with_every_link_right(pycon: tuple[World, Event, dict[str, Any]]) -> None:
    world, event, programme = pycon

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["created"]) == ("partial", 65)
    assert (
        world.reasons(run, Outcome.FAILED)
        == ["Client Session ID is missing. Add it on the session, then sync again."] * 3
    )
    records = world.asp.records()
    speakers = {each["Uuid"]: each for each in records["speakers"]}
    streams = {each["Uuid"]: each for each in records["streams"]}
    locations = {each["Uuid"]: each["Name"] for each in records["locations"]}
    colours = {tag["name"]: tag["color"] for each in programme["sessions"] for tag in each["tags"]}
    emails = {each["id"]: each["email"] for each in programme["contacts"]}
    types = {each["Name"].lower(): each["Name"] for each in records["seminars"][0]["SessionTypes"]}
    given = {each["id"]: each for each in programme["sessions"]}
    assert len(records["sessions"]) == 65
    for got in records["sessions"]:
        session = given[got["CustomFields"]["sessionboard_id"]]
        zone = ZoneInfo("Europe/Paris")

        def people(role: str, of: dict[str, Any] = session) -> list[str]:
            ordered = sorted(of["participants"], key=lambda each: each["sort_order"])
            return [
                emails[each["contact_id"]]
                for each in ordered
                if each["status"] == "accepted" and each["participant_role"]["core_role"] == role
            ]

        assert session["status"] == "accepted"
        assert got["Title"] == session["title"].strip()
        assert got["ClientSessionId"] == session["client_session_id"]
        assert [speakers[uuid]["Email"] for uuid in got["Speakers"]] == people("speaker")
        moderators = got["CustomFields"].get("panel-moderator", [])
        chairs = got["CustomFields"].get("chairperson", [])
        assert [speakers[uuid]["Email"] for uuid in moderators] == people("moderator")
        assert [speakers[uuid]["Email"] for uuid in chairs] == people("chairperson")
        assert locations.get(got["Location"]) == (session["room"] or {}).get("name")
        assert [streams[uuid]["Name"] for uuid in got["Streams"]] == [tag["name"] for tag in session["tags"]]
        assert got["SessionType"] == types.get(session["format"]["name"].lower(), "Session")
        assert got["StartTime"] == _wall_clock(session["starts_at"], zone)
        assert got["EndTime"] == _wall_clock(session["ends_at"], zone)
        assert got["isPublished"] is True
    assert {each["Name"]: each["Colour"] for each in streams.values()} == {
        name: colours[name] for name in {each["Name"] for each in streams.values()}
    }
    assert any(each["CustomFields"].get("panel-moderator") for each in records["sessions"])
    world.assert_each_once(65, 69)


def _wall_clock(instant: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(instant).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def test_real_programme_synced_again_costs_no_write(pycon: tuple[World, Event, dict[str, Any]]) -> None:
    world, event, _ = pycon
    world.sync(event)
    before = world.asp.stats()["requests"]

    run = world.sync(event)

    assert world.asp.stats()["requests"] - before == run.requests <= 8
    assert (run.writes, run.counts["sessions"]["unchanged"], run.counts["speakers"]["unchanged"]) == (
        0,
        65,
        69,
    )


@pytest.mark.large
def test_large_programme_is_synced_and_costs_nothing_the_second_time(tmp_path: Path) -> None:
    with LocalAsp() as asp:
        world, event = prepare_demo(tmp_path, asp, real_programme("fosdem-2026.json"))
        try:
            first = world.sync(event)
            second = world.sync(event)
            sessions, speakers = len(world.records("sessions")), len(world.records("speakers"))
            world.assert_each_once(sessions, speakers)
        finally:
            world.close()

    assert first.counts["sessions"]["created"] == sessions > 900
    assert first.counts["speakers"]["created"] == speakers > 900
    assert (second.writes, second.requests <= 8) == (0, True)


def test_update_sends_the_changed_field_alone(world: World) -> None:
    event = world.prepare(make_programme([make_session(1, on_it(1))], [make_contact(1)]))
    world.sync(event)
    session, speaker = world.session(1), world.speaker(1)
    world.edit(
        "sessions", session["Uuid"], Description="<p>An editor's words.</p>", Title="An editor's title"
    )
    world.edit("speakers", speaker["Uuid"], Biography="An editor's words.")
    ends_at = f"{YEAR}-06-15T08:00:00Z"
    world.load(
        make_programme(
            [make_session(1, on_it(1), ends_at=ends_at)], [make_contact(1, company_name="A company")]
        )
    )

    run = world.sync(event)

    assert (run.status, run.writes) == ("succeeded", 2)
    assert world.session(1) | {"Modified": ""} == session | {
        "EndTime": f"{YEAR}-06-15T10:00:00",
        "Description": "<p>An editor's words.</p>",
        "Title": "An editor's title",
        "Modified": "",
    }
    assert world.speaker(1) | {"Modified": ""} == speaker | {
        "Company": "A company",
        "Biography": "An editor's words.",
        "Modified": "",
    }


def test_emptied_fields_are_cleared_and_others_are_left(world: World) -> None:
    room, tag = {"id": "r1", "name": "Room"}, {"id": "t1", "name": "Tag", "color": "#112233"}
    full = make_session(
        1,
        on_it(1),
        on_it(2, "moderator"),
        description="<p>Words</p>",
        room=room,
        tags=[tag],
        level={"id": "l1", "name": "Beginner"},
        content=[{"name": "Slides", "url": "https://example.org/slides"}],
    )
    event = world.prepare(
        make_programme([full], [make_contact(1, company_name="A company"), make_contact(2)])
    )
    world.sync(event)
    before = world.session(1)
    assert (before["Location"], before["CustomFields"]["levels-checkbox"]) == (
        world.records("locations")[0]["Uuid"],
        ["Beginner"],
    )
    emptied = make_session(1, description=None, room=None, tags=[], level=None, content=[])
    world.load(make_programme([emptied], [make_contact(1, company_name=None), make_contact(2)]))

    run = world.sync(event)

    after = world.session(1)
    cleared = {key: after[key] for key in ("Description", "Location", "Streams", "Speakers")}
    assert cleared == {"Description": "", "Location": None, "Streams": [], "Speakers": []}
    assert after["CustomFields"] == {
        "sessionboard_id": session_id(1),
        "sessionboard-content": "",
        "levels-checkbox": [],
        "panel-moderator": [],
    }
    assert world.sync(event).writes == 0
    assert run.status == "succeeded"
    assert world.speaker(1)["Company"] == "A company"  # on no session any more: their record stays (D9)


def test_changed_colour_and_order_of_speakers_are_sent(world: World) -> None:
    tag = {"id": "t1", "name": "Tag", "color": "#112233"}
    people = [make_contact(1), make_contact(2)]
    event = world.prepare(make_programme([make_session(1, on_it(1), on_it(2), tags=[tag])], people))
    world.sync(event)
    assert world.records("streams")[0]["Colour"] == "#112233"
    tag["color"] = "#445566"
    world.load(make_programme([make_session(1, on_it(2), on_it(1), tags=[tag])], people))

    run = world.sync(event)

    assert [each["Colour"] for each in world.records("streams")] == ["#445566"]
    assert world.session(1)["Speakers"] == [world.speaker(2)["Uuid"], world.speaker(1)["Uuid"]]
    assert run.writes == 2


def test_private_session_is_made_unpublished_and_stays_as_editors_set_it(world: World) -> None:
    event = world.prepare(make_programme([make_session(1, is_public=False), make_session(2)]))
    world.sync(event)
    assert (world.session(1)["isPublished"], world.session(2)["isPublished"]) == (False, True)
    world.edit("sessions", world.session(1)["Uuid"], isPublished=True)
    world.edit("sessions", world.session(2)["Uuid"], isPublished=False)
    world.load(make_programme([make_session(1, is_public=False, title="One"), make_session(2, title="Two")]))

    world.sync(event)

    assert (world.session(1)["isPublished"], world.session(2)["isPublished"]) == (True, False)
    assert (world.session(1)["Title"], world.session(2)["Title"]) == ("One", "Two")


def test_missing_optional_fields_warn_once_each_and_roles_do_not_make_speakers(world: World) -> None:
    sessions = [make_session(number, on_it(1, "moderator")) for number in (1, 2)]
    event = world.prepare(make_programme(sessions, [make_contact(1)]), BARE_SEMINAR)

    run = world.sync(event)

    warnings = world.reasons(run, Outcome.WARNING)
    assert len(warnings) == 4
    assert [slug for slug in ("sessionboard-content", "levels-checkbox", "panel-moderator", "chairperson")
            if sum(f"“{slug}”" in str(warning) for warning in warnings) == 1] == [
        "sessionboard-content", "levels-checkbox", "panel-moderator", "chairperson",
    ]  # fmt: skip
    assert (run.status, world.records("speakers")) == ("succeeded", [])


def test_run_writes_down_every_record_with_its_uuid(world: World) -> None:
    event = world.prepare(
        make_programme(
            [make_session(1, on_it(1)), make_session(2, status="pending"), make_session(3, title=None)],
            [make_contact(1), make_contact(2, email=None)],
        )
    )

    run = world.sync(event)

    rows = db.session.query(RunRecord).filter_by(run_id=run.id).order_by(RunRecord.kind, RunRecord.source_id)
    assert [(row.kind, row.source_id, row.outcome, row.asp_uuid) for row in rows] == [
        ("session", session_id(1), "created", world.session(1)["Uuid"]),
        ("session", session_id(2), "skipped", None),
        ("session", session_id(3), "failed", None),
        ("speaker", contact_id(1), "created", world.speaker(1)["Uuid"]),
        ("speaker", contact_id(2), "skipped", None),
    ]
    assert run.counts["sessions"] == {
        "attempted": 2, "synced": 1, "created": 1, "updated": 0, "unchanged": 0, "skipped": 1, "failed": 1,
    }  # fmt: skip
    assert (run.sessions_done, run.sessions_total) == (2, 2)  # the progress counts as the result does (E2b)
    assert (run.speakers_done, run.speakers_total) == (1, 1)
