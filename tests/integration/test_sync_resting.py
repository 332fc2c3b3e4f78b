"""Continuous sync that rests by hand, or only prepares: A6, E8."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sync_world import UNREADY_SEMINAR, World, crowd, make_session

from portal.models import HistoryEntry, Run, RunStatus, db, now
from portal.operations.connection.checking import check_seminar
from portal.operations.connection.clients import require_connection
from portal.operations.mapping.event_settings import current_event_settings, is_paused, resume
from portal.operations.syncing.runs import CONTINUOUS
from portal.operations.syncing.upcoming import next_look, pause_between_runs
from portal.workers.jobs import sync_continuously


def runs() -> int:
    return len(db.session.scalars(select(Run.id)).all())


@pytest.fixture
def event(world: World):
    event = world.load(crowd(3))
    world.connect(on=True)
    world.map(event)
    return event


@pytest.mark.parametrize(
    ("until", "moment", "paused"),
    [
        (None, datetime(2027, 1, 1, tzinfo=UTC), True),
        (date(2027, 1, 5), datetime(2027, 1, 5, 22, 59, tzinfo=UTC), True),  # the last day ends in Paris
        (date(2027, 1, 5), datetime(2027, 1, 5, 23, 0, tzinfo=UTC), False),
    ],
)
def test_a6_the_last_day_of_a_pause_counts_in_the_event_s_timezone(
    world: World, event, until: date | None, moment: datetime, paused: bool
) -> None:
    assert is_paused(world.set_up(event, paused=True, paused_until=until), moment) is paused


def test_a6_a_pause_by_hand_lets_continuous_sync_rest_and_manual_sync_go(world: World, event) -> None:
    mapping = world.set_up(event, paused=True)

    assert sync_continuously(mapping.id) == "paused by hand"
    assert runs() == 0
    assert world.sync(event).status == "succeeded"
    resume(world.mapping(event), "tester")
    assert sync_continuously(mapping.id) == "succeeded"
    assert "Resumed continuous sync of Small Conf." in db.session.scalars(select(HistoryEntry.text)).all()


def test_a6_a_pause_whose_last_day_has_passed_is_over(world: World, event) -> None:
    mapping = world.set_up(event, paused=True, paused_until=datetime.now(UTC).date() - timedelta(days=2))

    assert current_event_settings(mapping).paused is False
    assert sync_continuously(mapping.id) == "succeeded"


def test_e8_prepare_only_tells_what_waits_and_an_admin_sends_it(world: World, event) -> None:
    world.sync(event)
    programme = crowd(3)
    programme["sessions"][0]["title"] = "Another title"
    programme["sessions"].append(make_session(4))
    event = world.load(programme)
    mapping = world.set_up(event, prepare_only=True)

    assert world.writes_of(lambda: sync_continuously(mapping.id)) == 0
    assert (runs(), world.mapping(event).changes_waiting) == (1, 2)
    assert (world.sync(event).writes, world.mapping(event).changes_waiting) == (2, None)
    assert sync_continuously(mapping.id) == "prepared: 0 changes wait"


def test_e8_what_waits_is_not_known_while_asp_is_out_of_reach(world: World, event) -> None:
    mapping = world.set_up(event, prepare_only=True, changes_waiting=2)
    world.asp.control(down=True)

    assert sync_continuously(mapping.id) == "could not be prepared"
    assert world.mapping(event).changes_waiting is None


def put_back(mapping_id: int) -> None:
    """As if the runs so far had been asked for half an hour before."""
    for run in db.session.scalars(select(Run).where(Run.mapping_id == mapping_id)):
        run.queued_at -= timedelta(minutes=30)
    db.session.commit()


@pytest.mark.parametrize(
    "fault",
    [{"fail_status": 401}, {"fail_status": 404, "fail_paths": "GET /public/seminars/"}],
    ids=["key", "seminar"],
)
def test_a6_what_needs_a_person_pauses_continuous_sync_until_a_button_is_pressed(
    world: World, event, fault: dict[str, Any]
) -> None:
    mapping_id = world.mapping(event).id
    world.asp.control(fail_rate=1, **fault)
    assert sync_continuously(mapping_id) == "failed"
    world.asp.control(fail_rate=0)
    put_back(mapping_id)

    assert sync_continuously(mapping_id).startswith("paused until somebody")
    assert next_look(world.mapping(event), require_connection(world.organisation), now()) is None
    check_seminar(world.mapping(event))
    assert sync_continuously(mapping_id) == "succeeded"


def test_a6_a_seminar_that_cannot_take_a_sync_is_not_asked_again_and_again(world: World) -> None:
    event = world.load(crowd(1))
    world.connect(on=True)
    world.map(event, seminar=UNREADY_SEMINAR)

    assert sync_continuously(world.mapping(event).id).startswith("paused until somebody")
    assert runs() == 0


def test_a6_an_outage_makes_the_pauses_longer_and_a_good_run_short_again(world: World, event) -> None:
    mapping = world.mapping(event)
    minutes = []
    for number, status in enumerate(["failed", "failed", "failed", "failed", "partial"]):
        run = world.add_run(event, RunStatus(status))
        run.mapping_id, run.actor, run.queued_at = (
            mapping.id,
            CONTINUOUS,
            now() - timedelta(minutes=50 + number),
        )
        db.session.commit()
        minutes.append(pause_between_runs(mapping).total_seconds() / 60)

    assert minutes == [30, 60, 120, 120, 30]


def test_a6_a_job_that_comes_within_a_longer_pause_waits_for_a_later_one(world: World, event) -> None:
    mapping_id = world.mapping(event).id
    world.asp.control(down=True)
    said = [sync_continuously(mapping_id)]
    for _ in range(3):
        put_back(mapping_id)
        said.append(sync_continuously(mapping_id))

    assert said == ["failed", "failed", "has just run", "failed"]


def test_a6_a_clock_that_is_put_back_does_not_keep_continuous_sync_waiting(world: World, event) -> None:
    mapping_id = world.mapping(event).id
    assert [sync_continuously(mapping_id) for _ in range(2)] == ["succeeded", "has just run"]

    with time_machine.travel(now() - timedelta(hours=5)):
        mapping = world.mapping(event)
        expected = next_look(mapping, require_connection(world.organisation), now())

        assert expected is not None and expected <= now() + pause_between_runs(mapping)
        assert sync_continuously(mapping_id) == "succeeded"
