"""Continuous sync that rests by hand, or only prepares: A6, E8."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sync_world import World, crowd, make_session

from portal.models import HistoryEntry, Mapping, Run, db
from portal.operations.mapping.event_settings import current_event_settings, is_paused, resume
from portal.workers.jobs import sync_continuously


def set_up(world: World, event, **values) -> Mapping:
    mapping = world.mapping(event)
    for name, value in values.items():
        setattr(mapping, name, value)
    db.session.commit()
    return mapping


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
    assert is_paused(set_up(world, event, paused=True, paused_until=until), moment) is paused


def test_a6_a_pause_by_hand_lets_continuous_sync_rest_and_manual_sync_go(world: World, event) -> None:
    mapping = set_up(world, event, paused=True)

    assert sync_continuously(mapping.id) == "paused by hand"
    assert runs() == 0
    assert world.sync(event).status == "succeeded"
    resume(world.mapping(event), "tester")
    assert sync_continuously(mapping.id) == "succeeded"
    assert "Resumed continuous sync of Small Conf." in db.session.scalars(select(HistoryEntry.text)).all()


def test_a6_a_pause_whose_last_day_has_passed_is_over(world: World, event) -> None:
    mapping = set_up(world, event, paused=True, paused_until=datetime.now(UTC).date() - timedelta(days=2))

    assert current_event_settings(mapping).paused is False
    assert sync_continuously(mapping.id) == "succeeded"


def test_e8_prepare_only_tells_what_waits_and_an_admin_sends_it(world: World, event) -> None:
    world.sync(event)
    programme = crowd(3)
    programme["sessions"][0]["title"] = "Another title"
    programme["sessions"].append(make_session(4))
    event = world.load(programme)
    mapping = set_up(world, event, prepare_only=True)

    assert world.writes_of(lambda: sync_continuously(mapping.id)) == 0
    assert (runs(), world.mapping(event).changes_waiting) == (1, 2)
    assert (world.sync(event).writes, world.mapping(event).changes_waiting) == (2, None)
    assert sync_continuously(mapping.id) == "prepared: 0 changes wait"


def test_e8_what_waits_is_not_known_while_asp_is_out_of_reach(world: World, event) -> None:
    mapping = set_up(world, event, prepare_only=True, changes_waiting=2)
    world.asp.control(down=True)

    assert sync_continuously(mapping.id) == "could not be prepared"
    assert world.mapping(event).changes_waiting is None
