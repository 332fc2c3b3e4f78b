"""One run from beginning to end, whatever its end: its row, its records, its message, what is kept of it (E2–E15)."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sync_world import SEMINAR, UNREADY_SEMINAR, World, crowd

from portal.asp.client import AspClient
from portal.errors import INTERNAL
from portal.models import Connection, Flash, Mapping, Outcome, RequestLog, Run, RunStatus, db, now
from portal.operations.connection.clients import client_for
from portal.operations.syncing.runs import request_run
from portal.sync.running.execution import begin_run, execute_run
from portal.sync.running.material import Material, load_material
from portal.sync.running.moment import one_moment
from portal.sync.running.process_identity import machine_name, own_process
from portal.sync.running.terms import GONE_MARK


class Begun:
    """A run that a user has asked for and this process has taken, with all that it works with."""

    def __init__(self, world: World, seminar: str = SEMINAR) -> None:
        event = world.prepare(crowd(1), seminar)
        self.world, self.user = world, world.add_user()
        self.mapping_id = world.mapping(event).id
        self.id = request_run(world.mapping(event), "tester", self.user.id).id
        self.moment = now().replace(microsecond=0)
        assert begin_run(self.id, self.moment)
        connection = db.session.scalars(db.select(Connection)).one()
        self.client: AspClient = client_for(connection)
        with one_moment():
            self.material: Material = load_material(world.mapping(event), connection, world.settings)

    def carry_out(self, **more: Any) -> RunStatus:
        settings: dict[str, Any] = {"in_flight": 2, "now": lambda: self.moment} | more
        return execute_run(self.id, settings.pop("material", self.material), self.client, **settings)

    @property
    def row(self) -> Run:
        return self.world.run(self.id)

    @property
    def message(self) -> Flash:
        return db.session.scalars(db.select(Flash)).one()

    @property
    def mapping(self) -> Mapping:
        return db.session.get_one(Mapping, self.mapping_id, populate_existing=True)

    @property
    def rejected_at(self) -> Any:
        return db.session.scalar(db.select(Connection.rejected_at))


@pytest.fixture
def run(world: World) -> Iterator[Begun]:
    begun = Begun(world)
    yield begun
    begun.client.close()


def test_e6_a_run_is_taken_once_and_names_who_works_on_it(run: Begun) -> None:
    row = run.row

    assert not begin_run(run.id, run.moment + timedelta(seconds=1))
    assert (row.status, row.started_at, row.heartbeat_at) == ("running", run.moment, run.moment)
    assert {name: getattr(row, name) for name in own_process()} == own_process()
    assert row.machine == machine_name()


def test_e7_a_run_that_went_through_is_closed_with_what_it_took_and_who_asked_is_told(run: Begun) -> None:
    before = run.world.asp.stats()
    moments = iter([7.25] * 1000)

    status = run.carry_out(begun=5.0, monotonic=lambda: next(moments))

    after, row = run.world.asp.stats(), run.row
    assert (status, row.status, row.finished_at) == (RunStatus.SUCCEEDED, "succeeded", run.moment)
    assert (row.requests, row.writes) == (after["requests"] - before["requests"], after["writes"])
    assert row.seconds == 2.2
    assert (row.speakers_total, row.sessions_total, row.speakers_done, row.sessions_done) == (1, 1, 1, 1)
    kept = db.session.scalars(db.select(RequestLog)).one()
    assert (kept.run_id, kept.kept_at) == (run.id, run.moment)
    assert run.client.waiting.stop.is_set()
    told = run.message
    assert (told.user_id, told.run_id, told.category) == (run.user.id, run.id, "success")
    assert told.organisation_id == run.world.organisation.id
    assert (
        told.message
        == row.message
        == (
            "Sync complete: your data has been synced to ASP Events (1 session, 1 speaker). "
            "The website can take up to 15 minutes to show changes."
        )
    )


def test_e9_what_the_seminar_offers_is_remembered_and_that_the_key_is_accepted(run: Begun) -> None:
    db.session.execute(db.update(Connection).values(rejected_at=run.moment))
    stale = {"offer": {GONE_MARK: True}, "timezone_confirmed_for": "Europe/Paris", "changes_waiting": 7}
    db.session.execute(db.update(Mapping).values(**stale))
    db.session.commit()

    run.carry_out()

    mapping = run.mapping
    assert (mapping.offer["site_timezone"], mapping.offer["session_types"][0]) == (
        "Europe/Brussels",
        "Session",
    )
    assert mapping.offer["custom_fields"]["sessionboard_id"] == "text"
    assert (GONE_MARK in mapping.offer, mapping.timezone_confirmed_for, run.rejected_at) == (
        False,
        None,
        None,
    )
    assert mapping.changes_waiting is None


def test_e10_an_error_of_the_portals_own_is_told_as_such_and_logged(
    run: Begun, caplog: pytest.LogCaptureFixture
) -> None:
    broken: Any = None

    status = run.carry_out(material=replace(run.material, rules=broken))

    assert (status, run.row.message) == (RunStatus.FAILED, f"Sync stopped: {INTERNAL}")
    assert run.world.reasons(run.row, Outcome.FAILED, "run") == [INTERNAL]
    assert run.message.category == "error"
    (logged,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert logged.getMessage() == f"Run {run.id} ended by an error of the portal's own"
    assert logged.exc_info is not None


def test_e15_a_run_that_was_cancelled_says_that_what_was_written_is_kept(run: Begun) -> None:
    db.session.execute(db.update(Run).values(cancel_requested=True))
    db.session.commit()

    status = run.carry_out()

    row = run.row
    assert (status, row.message) == (
        RunStatus.CANCELLED,
        "Sync cancelled. What was written so far stays in ASP and is kept.",
    )
    assert (run.message.category, run.world.reasons(row, Outcome.FAILED)) == ("warning", [])


def test_a7_a_key_that_asp_does_not_accept_any_more_is_remembered(run: Begun) -> None:
    run.world.asp.control(fail_rate=1, fail_status=401)

    status = run.carry_out()

    words = "ASP Events did not accept this API key and secret."
    assert (status, run.row.message, run.rejected_at) == (
        RunStatus.FAILED,
        f"Sync stopped: {words}",
        run.moment,
    )
    assert run.world.reasons(run.row, Outcome.FAILED, "run") == [words]


def test_a7_a_seminar_that_is_gone_is_remembered(run: Begun) -> None:
    run.world.remove("seminars", run.mapping.seminar_uuid)
    db.session.execute(db.update(Mapping).values(offer={"session_types": ["Session"]}))
    db.session.commit()

    status = run.carry_out()

    words = "The seminar is no longer there in ASP. Map the event to another one."
    assert (status, run.row.message) == (RunStatus.FAILED, f"Sync stopped: {words}")
    assert run.mapping.offer == {"session_types": ["Session"], GONE_MARK: True}


def test_d8_a_run_that_cannot_begin_is_closed_with_the_time_it_took(world: World) -> None:
    run, moments = Begun(world, UNREADY_SEMINAR), iter([100.0] + [103.0] * 1000)

    status = run.carry_out(monotonic=lambda: next(moments))

    row = run.row
    assert (status, row.writes, row.seconds) == (RunStatus.FAILED, 0, 3.0)
    assert row.message == f"Sync stopped: {world.reasons(row, Outcome.FAILED, 'run')[0]}"
    run.client.close()
