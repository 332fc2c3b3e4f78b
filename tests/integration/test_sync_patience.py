"""A run outlives a restart of the database's server, and says what ended it when that stays away (E14b, E10)."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sync_world import World, crowd

from portal.models import Event, db
from portal.sync.pushing.ledger import LONGEST_AWAY, RunLedger
from portal.sync.pushing.links import NewLinks, Place


def away() -> OperationalError:
    return OperationalError("UPDATE run", {}, Exception("terminating connection\nby an administrator"))


@pytest.fixture
def ledger(world: World) -> RunLedger:
    """One whose clock is moved by its own pauses."""
    passed = [0.0]

    def pause(seconds: float) -> None:
        passed[0] += seconds

    links = NewLinks(Place(1, 1, "SITE", "SEMINAR"), lambda: None)
    return RunLedger(1, links, lambda: passed[0], lambda: None, pause)


def fails(times: int) -> Callable[[], str]:
    left = [times]

    def work() -> str:
        left[0] -= 1
        if left[0] >= 0:
            raise away()
        return "stored"

    return work


@pytest.fixture
def by_a_server(world: World) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:  # over before the world leaves its tables
        patch.setattr(db.engine.dialect, "name", "postgresql")
        yield


@pytest.mark.usefixtures("by_a_server")
def test_e14b_what_is_in_hand_is_stored_when_the_server_is_back(
    ledger: RunLedger, caplog: pytest.LogCaptureFixture
) -> None:
    assert ledger.patiently(fails(3)) == "stored"
    assert [record.getMessage() for record in caplog.records] == [
        "Run 1 waits for the database: terminating connection"
    ] * 3


@pytest.mark.usefixtures("by_a_server")
def test_e14b_a_server_that_stays_away_ends_the_run(ledger: RunLedger) -> None:
    with pytest.raises(OperationalError):
        ledger.patiently(fails(10_000))

    assert LONGEST_AWAY <= ledger.monotonic() < LONGEST_AWAY + 1


@pytest.mark.postgresql
def test_e14b_a_process_that_stands_still_in_a_transaction_keeps_others_waiting_for_a_while_only(
    make_world: Callable[..., World],
) -> None:
    make_world(heartbeat_timeout=0.5).add_event()
    with db.engine.connect() as still:
        still.execute(update(Event).values(name="Of the one that stood still"))

        db.session.execute(update(Event).values(name="Of the one that went on"))
        db.session.commit()

        with pytest.raises(OperationalError):
            still.execute(select(Event.name))
    assert db.session.scalar(select(Event.name)) == "Of the one that went on"


@pytest.mark.sqlite
def test_e14b_a_file_that_cannot_be_written_is_not_waited_for(ledger: RunLedger) -> None:
    with pytest.raises(OperationalError):
        ledger.patiently(fails(1))

    assert ledger.monotonic() == 0


def test_e10_a_run_whose_material_cannot_be_read_says_that_the_database_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    event = world.prepare(crowd(1))

    def fail(*_: object, **__: object) -> None:
        raise away()

    monkeypatch.setattr("portal.operations.syncing.runs.load_material", fail)
    run = world.sync(event)

    assert run.message == (
        "Sync stopped: The portal could not use its own database. What was written stays in ASP and the next sync "
        "finds it. If this comes again, see that the database runs and that its disk has room."
    )
    assert "Traceback" not in caplog.text
