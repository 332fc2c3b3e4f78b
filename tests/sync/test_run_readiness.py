"""All that readiness tells of an event at once, and for how long it holds (E9, D5, D6, D8, D12)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from plan_samples import NOW
from sync_world import (
    UNREADY_SEMINAR,
    World,
    contact_id,
    crowd,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
)

from portal.models import Session, db
from portal.sync.planning.standing import Standing, SyncState
from portal.sync.running.readiness import (
    Readiness,
    ReadinessChange,
    ReadinessProblem,
    assess,
    assess_session,
    count_standings,
)

TITLE = "Title is missing. Add it on the session, then sync again."


def test_e9_readiness_tells_what_a_sync_would_meet(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    programme = crowd(3)
    programme["sessions"][0]["title"] = "Another"
    programme["sessions"][1]["client_session_id"] = None
    programme["sessions"][2]["status"] = "declined"
    programme["sessions"].append(make_session(4, status="in talks"))

    readiness = assess(world.load(programme))

    ends = sorted(db.session.scalars(db.select(Session.ends_at)))
    assert (readiness.accepted, readiness.ready, readiness.synced) == (2, 1, 3)
    assert (readiness.stop, readiness.warnings) == (None, ())
    assert readiness.changed == (ReadinessChange(session_id(1), "Another", None),)
    assert readiness.unsorted == ("in talks",)
    assert readiness.until == ends[0]
    assert [(each.kind, each.source_id, each.outcome) for each in readiness.problems] == [
        ("session", session_id(2), "failed"),
        ("session", session_id(3), "skipped"),
        ("session", session_id(4), "skipped"),
        ("speaker", contact_id(2), "skipped"),
        ("speaker", contact_id(3), "skipped"),
    ]
    assert readiness.problems[0] == ReadinessProblem(
        "session", session_id(2), "Session 2", "failed",
        "Client Session ID is missing. Add it on the session, then sync again.",
    )  # fmt: skip
    assert dict(count_standings(readiness)) == {Standing.CHANGED: 1, Standing.FAILED: 1, Standing.LEFT: 1}


def test_e9_one_session_stands_as_all_of_them_say_it(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    changed = crowd(2)
    changed["sessions"][0]["participants"] = [on_it(2)]
    event = world.load(changed)

    alone = {number: assess_session(event, session_id(number)) for number in (1, 2, 3)}

    states = assess(event).states
    assert alone == {1: states[session_id(1)], 2: states[session_id(2)], 3: None}
    assert alone[1] == SyncState(Standing.CHANGED)
    assert assess_session(event, session_id(1)) == alone[1]  # remembered by now


def test_e9_where_nothing_is_mapped_a_full_seminar_in_the_events_own_timezone_is_thought_of(
    world: World,
) -> None:
    programme = make_programme(
        [make_session(1, on_it(1), level={"id": 1, "name": "Easy"}), make_session(2, title="")],
        [make_contact(1)],
    )

    readiness = assess(world.load(programme))

    assert (readiness.accepted, readiness.ready, readiness.synced) == (2, 1, 0)
    assert (readiness.stop, readiness.warnings) == (None, ())
    assert readiness.states == {
        session_id(1): SyncState(Standing.NEVER_SENT),
        session_id(2): SyncState(Standing.FAILED, TITLE),
    }
    assert readiness.people == {contact_id(1): SyncState(Standing.NEVER_SENT)}
    assert count_standings(readiness) == [(Standing.FAILED, 1)]


def test_d8_what_stops_a_sync_hides_no_states(world: World) -> None:
    readiness = assess(world.prepare(crowd(2), UNREADY_SEMINAR))

    assert "“sessionboard_id”" in str(readiness.stop)
    assert (readiness.accepted, readiness.ready) == (2, 2)
    assert {each.standing for each in readiness.states.values()} == {Standing.WAITING}


ONE = Readiness(accepted=1, ready=1, since=NOW, until=NOW + timedelta(hours=1))


@pytest.mark.parametrize(("minutes", "holds"), [(-1, False), (0, True), (59, True), (60, False), (61, False)])
def test_d5_a_plan_holds_from_when_it_was_made_until_the_next_session_ends(minutes: int, holds: bool) -> None:
    moment = NOW + timedelta(minutes=minutes)

    assert ONE.stands_at(moment) is holds
    assert replace(ONE, until=None).stands_at(moment) is (minutes >= 0)


@pytest.mark.parametrize(
    ("synced", "changed", "asks"), [(100, 51, True), (100, 50, False), (99, 99, False), (101, 51, True)]
)
def test_d12_a_sync_that_would_change_more_than_half_of_many_sessions_asks_first(
    synced: int, changed: int, asks: bool
) -> None:
    changes = (ReadinessChange("1", "One", None),) * changed

    assert replace(ONE, synced=synced, changed=changes).asks_first is asks
