"""From a message of the webhook to ASP's answer, through the door, the queue and a worker (H1)."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sync_world import World, crowd, session_id

from portal.application import create_app
from portal.models import Event, HistoryEntry, Run, RunStatus, db
from portal.operations.sources.hooks import Hook, make_hook
from portal.operations.sources.pulling import pull_programme
from portal.operations.syncing.queueing import start_wanted_syncs
from portal.operations.syncing.runs import request_run
from portal.sync.running.queue import open_redis
from portal.workers.schedule import MappingScheduler
from portal.workers.working import SyncWorker
from sessionboard_local.server import LocalSessionboard
from sessionboard_local.webhooks import make_message


@pytest.fixture
def sessionboard() -> Iterator[LocalSessionboard]:
    with LocalSessionboard([crowd(12)], tokens={"good": False}) as running:
        yield running


@pytest.fixture
def hooked(make_world: Callable[..., World], queue_url: str, sessionboard: LocalSessionboard) -> World:
    """A world whose event comes from Sessionboard, is mapped and synced."""
    world = make_world(redis_url=queue_url, sessionboard_us_url=sessionboard.url)
    world.connect_source()
    event = pull_programme(world.organisation, "4630", "tester").event
    world.connect()
    world.map(event)
    world.sync(event)
    return world


class Sender:
    """Sessionboard's side of the webhook."""

    def __init__(self, world: World, sessionboard: LocalSessionboard) -> None:
        self._hook: Hook = make_hook(world.organisation, "tester")
        self._browser: FlaskClient = create_app(world.settings).test_client()
        self._event = sessionboard.event(4630)

    def change(self, number: int, title: str, *, taken_in: bool = True) -> None:
        """Tell it; not `taken_in`: who has answered ends before they come to it."""
        self._event.change("sessions", session_id(number), title=title)
        message = make_message(self._event, "session.updated", session_id(number))
        answer = self._browser.post(
            self._hook.path,
            json=message,
            headers={self._hook.header: self._hook.secret or ""},
            buffered=taken_in,
        )
        assert answer.status_code == 202


@pytest.fixture
def sender(hooked: World, sessionboard: LocalSessionboard) -> Sender:
    return Sender(hooked, sessionboard)


def work(world: World) -> None:
    """Let a worker do all that waits."""
    db.session.remove()
    SyncWorker(open_redis(world.settings)).work(burst=True)


def titles(world: World) -> set[str]:
    return {each["Title"] for each in world.records("sessions")}


def runs() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(run.actor, run.status) for run in db.session.scalars(select(Run).order_by(Run.id))][1:]


def test_h1_message_reaches_asp_without_anybody_asking(hooked, sender, sessionboard):
    asked = sessionboard.requests()
    sender.change(3, "Another title")

    work(hooked)

    assert "Another title" in titles(hooked)
    assert runs() == [("Sessionboard", "succeeded")]
    assert sessionboard.requests() == asked  # what was sent need not be asked for
    assert "sync asked" not in set(
        db.session.scalars(select(HistoryEntry.kind).where(HistoryEntry.actor == "Sessionboard"))
    )


def test_h1_what_comes_while_a_sync_is_under_way_is_gathered_into_the_next(hooked, sender):
    event = db.session.scalars(select(Event)).one()
    running = request_run(hooked.mapping(event), "somebody").id
    for number in range(1, 9):
        sender.change(number, f"Title {number}")
    before = runs()
    start_wanted_syncs()
    still = runs()
    db.session.execute(update(Run).where(Run.id == running).values(status=RunStatus.SUCCEEDED))
    db.session.commit()

    redis = open_redis(hooked.settings)
    MappingScheduler(sync_interval=1800, connection=redis, interval=5).look()
    work(hooked)

    assert before == still == [("somebody", "queued")]
    assert runs() == [("somebody", "succeeded"), ("Sessionboard", "succeeded")]
    assert {f"Title {number}" for number in range(1, 9)} <= titles(hooked)


def test_h1_what_was_noted_by_a_process_that_ended_is_taken_in_by_a_worker(hooked, sender):
    sender.change(3, "Another title", taken_in=False)
    before = runs()
    redis = open_redis(hooked.settings)

    MappingScheduler(sync_interval=1800, connection=redis, interval=5).look()
    work(hooked)

    assert (before, runs()) == ([], [("Sessionboard", "succeeded")])
    assert "Another title" in titles(hooked)


def test_h1_lost_message_is_mended_by_the_next_pull(hooked, sessionboard):
    sessionboard.event(4630).change("sessions", session_id(3), title="Nobody told")

    run = hooked.sync(db.session.scalars(select(Event)).one())

    assert (run.status, "Nobody told" in titles(hooked)) == ("succeeded", True)


def test_h1_queue_that_is_away_loses_no_message(make_world, sessionboard):
    world = make_world(sessionboard_us_url=sessionboard.url)
    world.connect_source()
    event = pull_programme(world.organisation, "4630", "tester").event
    world.connect()
    world.map(event)
    world.sync(event)
    sender = Sender(world, sessionboard)

    sender.change(3, "Another title")
    sender.change(4, "One more")

    assert runs() == [("Sessionboard", "queued")]  # it waits for a worker
