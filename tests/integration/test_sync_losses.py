"""What a run that died or was cut short had made in ASP without a link, and what the next run does with it (E11)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sync_world import (
    SITE,
    YEAR,
    World,
    contact_id,
    crowd,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
)

from portal.asp.patience import Waiting
from portal.models import Event, Run, RunStatus, db, now
from portal.operations.connection.clients import client_for, require_connection
from portal.operations.syncing.runs import perform_run, request_cancel, request_run
from portal.sync.pushing.ledger import RunLedger
from portal.sync.running.liveness import interrupt
from portal.sync.running.losses import left_at_work

MOMENT = datetime(2027, 1, 30, 9, 0, tzinfo=UTC)
AHEAD = datetime.now(UTC) + timedelta(days=1)  # of a machine whose clock is wrong
LOSSES: dict[str, dict[str, Any]] = {
    "died": {"status": RunStatus.INTERRUPTED, "heartbeat_at": AHEAD, "sessions_total": 1},
    "cancelled": {"status": RunStatus.CANCELLED, "timed_out_at": AHEAD},
    "partial": {"status": RunStatus.PARTIAL, "timed_out_at": AHEAD},
}
LATE = {  # what a create of session 1 makes in ASP
    "Title": "Session 1",
    "StartTime": f"{YEAR}-06-15T08:00:00",
    "EndTime": f"{YEAR}-06-15T08:10:00",
    "ClientSessionId": "C1",
    "sessionboard_id": session_id(1),
}
Die = Callable[[World, Event, str], dict[str, Any]]


class Killed(BaseException):
    """Stands for the death of the process: nothing catches it on the way."""


@pytest.fixture
def die(monkeypatch: pytest.MonkeyPatch) -> Die:
    """Sync until a record of that kind is in ASP, and die before its link is stored; gives the record."""

    def sync_and_die(world: World, event: Event, kind: str) -> dict[str, Any]:
        commit = RunLedger.commit

        def die_with_a_record_written(ledger: RunLedger) -> None:
            if world.asp.records()[kind]:
                raise Killed
            commit(ledger)

        with monkeypatch.context() as patch:
            patch.setattr(RunLedger, "commit", die_with_a_record_written)
            with pytest.raises(Killed):
                world.sync(event)
        db.session.rollback()
        run_id = db.session.scalars(select(Run.id).where(Run.status == RunStatus.RUNNING)).one()
        interrupt(run_id, now(), "Its process died.")
        died_at = now() - timedelta(minutes=1)  # long enough ago: ASP is at work for it no more
        db.session.execute(update(Run).where(Run.id == run_id).values(heartbeat_at=died_at))
        db.session.commit()
        assert world.links(kind.removesuffix("s")) == {}
        return world.records(kind)[0]

    return sync_and_die


def one_person(**person: Any) -> dict[str, Any]:
    return make_programme([make_session(1, on_it(1))], [make_contact(1, **person)])


def test_e5_run_that_was_cancelled_before_it_began_costs_the_next_one_nothing(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    request_cancel(request_run(world.mapping(event), "tester"), "tester")

    assert world.sync(event).requests == 6


@pytest.mark.parametrize("unpublish", [True, False])
def test_e11_what_a_killed_run_wrote_is_known_again_though_it_was_declined_meanwhile(
    world: World, die: Die, unpublish: bool
) -> None:
    event = world.prepare(crowd(2))
    written = die(world, event, "sessions")["CustomFields"]["sessionboard_id"]
    programme = crowd(2)
    declined = next(each for each in programme["sessions"] if each["id"] == written)
    declined["status"] = "declined"
    event = world.load(programme)
    world.set_up(event, unpublish_sessions=unpublish)

    world.sync(event)

    (record,) = [
        each for each in world.records("sessions") if each["CustomFields"]["sessionboard_id"] == written
    ]
    assert world.links("session")[written].asp_uuid == record["Uuid"]
    assert record["isPublished"] is not unpublish
    assert world.sync(event).requests <= 8


def test_e11_person_whose_address_is_corrected_after_a_killed_run_stands_there_once(
    world: World, die: Die
) -> None:
    event = world.prepare(one_person())
    made = die(world, event, "speakers")
    event = world.load(one_person(email="corrected@example.org"))

    run = world.sync(event)

    (record,) = world.records("speakers")
    assert (record["Uuid"], record["Email"]) == (made["Uuid"], "corrected@example.org")
    assert (run.counts["speakers"]["updated"], world.links("speaker")[contact_id(1)].asp_uuid) == (
        1,
        made["Uuid"],
    )
    assert world.sync(event).requests == 6


def test_e11_they_are_known_after_further_runs_that_failed_or_were_cancelled(world: World, die: Die) -> None:
    event = world.prepare(one_person())
    made = die(world, event, "speakers")
    world.asp.control(down=True)
    assert world.sync(event).status == "failed"
    world.asp.control(down=False)
    request_cancel(request_run(world.mapping(event), "tester"), "tester")  # before it began

    world.sync(world.load(one_person(email="corrected@example.org")))

    assert [each["Uuid"] for each in world.records("speakers")] == [made["Uuid"]]


@pytest.mark.parametrize("unpublish", [True, False])
def test_e11_person_who_is_declined_after_a_killed_run_is_known_again(
    world: World, die: Die, unpublish: bool
) -> None:
    programme = crowd(3)
    event = world.prepare(programme)
    made = die(world, event, "speakers")
    number = next(each for each in (1, 2, 3) if made["Email"] == f"person{each}@example.org")
    programme["sessions"][number - 1]["participants"] = [on_it(number, status="declined")]
    event = world.load(programme)
    world.set_up(event, unpublish_speakers=unpublish)

    world.sync(event)

    assert world.links("speaker")[contact_id(number)].asp_uuid == made["Uuid"]
    assert world.speaker(number)["isActive"] is not unpublish


def test_i4_address_that_somebody_else_has_by_now_makes_the_record_theirs(world: World, die: Die) -> None:
    event = world.prepare(one_person())
    made = die(world, event, "speakers")
    people = [make_contact(1, email="corrected@example.org"), make_contact(2, email="person1@example.org")]

    world.sync(world.load(make_programme([make_session(1, on_it(1), on_it(2))], people)))

    assert world.links("speaker")[contact_id(2)].asp_uuid == made["Uuid"]
    assert sorted(each["Email"] for each in world.records("speakers")) == [
        "corrected@example.org",
        "person1@example.org",
    ]


def test_who_was_made_and_linked_is_not_looked_for_any_more(world: World) -> None:
    event = world.prepare(crowd(3))

    run = world.sync(event)

    assert db.session.scalar(select(Run.in_making).where(Run.id == run.id)) == {}


@pytest.mark.parametrize(
    ("ago", "left"), [(0.0, 12.0), (4.0, 8.0), (12.0, 0.0), (60.0, 0.0), (-3600.0, 12.0), (None, 0.0)]
)
def test_e11_asp_may_be_at_work_for_one_time_out_after_the_last_sign_of_life(
    ago: float | None, left: float
) -> None:
    died_at = None if ago is None else MOMENT - timedelta(seconds=ago)

    assert left_at_work(died_at, 12.0, MOMENT) == left


def test_e11_run_that_is_cancelled_after_a_create_timed_out_remembers_it(
    make_world: Callable[..., World],
) -> None:
    world = make_world(asp_timeout=0.3)
    event = world.prepare(make_programme([make_session(1)]))
    run = request_run(world.mapping(event), "tester")
    sessions = f"/public/seminars/{world.mapping(event).seminar_uuid}/sessions"
    world.asp.control(late_commit_ms=600_000, fail_paths=f"POST {sessions}")

    with world.meanwhile(
        lambda: "POST /public/seminars/{id}/sessions" in world.asp.stats()["by"],
        lambda: request_cancel(db.session.get_one(Run, run.id), "tester"),
    ):
        perform_run(run.id)

    ended = world.run(run.id)
    assert ended.timed_out_at is not None
    assert ended.queued_at < ended.timed_out_at <= now()


def lose(world: World, event: Event, loss: dict[str, Any]) -> None:
    """A run of the event that has ended so."""
    run_id = request_run(world.mapping(event), "tester").id
    db.session.execute(update(Run).where(Run.id == run_id).values(started_at=now(), **loss))
    db.session.commit()


def come_late(
    world: World, event: Event, monkeypatch: pytest.MonkeyPatch, make: Callable[[str], object]
) -> list[float]:
    """Make a record in the seminar as soon as a run waits for long; gives for how many seconds runs have waited."""
    seminar = world.mapping(event).seminar_uuid
    db.session.commit()
    waits: list[float] = []

    def pause(_waiting: Waiting, seconds: float) -> None:
        if seconds > 1 and not waits:
            waits.append(seconds)
            make(seminar)

    monkeypatch.setattr(Waiting, "pause", pause)
    return waits


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_e11_what_asp_carries_out_after_a_run_has_ended_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch, loss: dict[str, Any]
) -> None:
    event = world.prepare(make_programme([make_session(1)]))
    lose(world, event, loss)
    asp = client_for(require_connection(world.organisation))
    waits = come_late(
        world, event, monkeypatch, lambda seminar: asp.create_session(seminar, LATE, published=True)
    )

    run = world.sync(event)
    asp.close()

    assert (run.status, run.counts["sessions"]["created"], len(world.records("sessions"))) == (
        "succeeded",
        0,
        1,
    )
    assert waits == [world.settings.asp_timeout]


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_e11_it_is_waited_for_though_it_was_declined_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch, loss: dict[str, Any]
) -> None:
    event = world.prepare(crowd(2))
    in_making = {contact_id(1): "person1@example.org"}
    lose(world, event, loss | {"in_making": in_making})
    programme = crowd(2)
    programme["sessions"][0]["status"] = "declined"
    programme["sessions"][1]["status"] = "declined"
    event = world.load(programme)
    world.set_up(event, unpublish_sessions=True, unpublish_speakers=True)
    asp = client_for(require_connection(world.organisation))

    def make(seminar: str) -> None:
        asp.create_session(seminar, LATE, published=True)
        person = {"FirstName": "First1", "LastName": "Last1", "Email": "person1@example.org"}
        asp.create_speaker(SITE, person)

    waits = come_late(world, event, monkeypatch, make)
    run = world.sync(event)
    asp.close()

    assert (run.withheld, list(world.links("session")), list(world.links("speaker"))) == (
        2,
        [session_id(1)],
        [contact_id(1)],
    )
    assert waits == [world.settings.asp_timeout]
