"""How long what is kept of a run stays: of the latest runs of its event, for a fortnight, until it ends (E7, H2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select
from sync_world import World

from portal.models import (
    KEPT,
    DismissedProblem,
    Event,
    Outcome,
    RequestLog,
    RunRecord,
    RunStatus,
    Sighting,
    Upload,
    db,
    now,
)
from portal.sync.running.retention import (
    KEPT_REQUESTS,
    forget_changed_problems,
    forget_old_records,
    forget_old_uploads,
)

A_MINUTE = timedelta(minutes=1)
AddRun = Callable[..., int]


@pytest.fixture
def events(world: World) -> tuple[Event, Event]:
    return world.add_event("1"), world.add_event("2")


@pytest.fixture
def add_run(world: World) -> AddRun:
    """Adds a run with a record, with requests that were kept so long ago, watched by another machine; its id."""

    def add(event: Event, status: RunStatus = RunStatus.SUCCEEDED, age: timedelta = A_MINUTE) -> int:
        run = world.add_run(event, status)
        add_record(run.id)
        db.session.add(RequestLog(run_id=run.id, kept_at=now() - age, packed=b""))
        db.session.add(Sighting(run_id=run.id, observer="another", since=1.0))
        db.session.commit()
        return run.id

    return add


def add_record(run_id: int, reason: str | None = "Because.") -> None:
    told: dict[str, Any] = {"kind": "session", "source_id": "1", "name": "One", "reason": reason}
    db.session.add(RunRecord(run_id=run_id, outcome=Outcome.FAILED, **told))
    db.session.commit()


def ids(query: Select[Any]) -> list[Any]:
    return sorted(db.session.scalars(query))


RECORDS, REQUESTS, SIGHTINGS = select(RunRecord.run_id), select(RequestLog.run_id), select(Sighting.run_id)


@pytest.mark.parametrize(("kept", "stay"), [(2, 2), (1, 1), (0, 1), (3, 3), (9, 3)])
def test_e7_records_of_the_latest_runs_of_an_event_are_kept_and_requests_of_them_all(
    events: tuple[Event, Event], add_run: AddRun, kept: int, stay: int
) -> None:
    other = add_run(events[1])
    runs = [add_run(events[0]) for _ in range(3)]

    forget_old_records(events[0].id, kept)

    assert (ids(RECORDS), ids(REQUESTS)) == ([other, *runs[-stay:]], [other, *runs])


def test_e7_requests_are_kept_for_a_fortnight_and_records_for_longer(
    events: tuple[Event, Event], add_run: AddRun
) -> None:
    old = add_run(events[1], age=KEPT_REQUESTS + A_MINUTE)
    young = add_run(events[0], age=KEPT_REQUESTS - A_MINUTE)

    forget_old_records(events[0].id, 9)

    assert timedelta(days=14) == KEPT_REQUESTS
    assert (ids(RECORDS), ids(REQUESTS)) == ([old, young], [young])


def test_e14_what_was_watched_of_a_run_is_forgotten_when_it_has_ended(
    events: tuple[Event, Event], add_run: AddRun
) -> None:
    other = add_run(events[1])
    active = [add_run(events[0], status) for status in (RunStatus.QUEUED, RunStatus.RUNNING)]
    add_run(events[0], RunStatus.FAILED)

    forget_old_records(events[0].id, 9)

    assert ids(SIGHTINGS) == [other, *active]


def test_an_event_without_runs_has_nothing_to_forget(events: tuple[Event, Event], add_run: AddRun) -> None:
    other = add_run(events[1])

    forget_old_records(events[0].id, 9)

    assert ids(RECORDS) == [other]


def test_e7_what_was_dismissed_stays_while_a_run_says_the_very_same_of_the_record(
    events: tuple[Event, Event], add_run: AddRun
) -> None:
    def dismiss(event: Event, reason: str, kind: str = "session", id: str = "1") -> int:
        row = DismissedProblem(event_id=event.id, kind=kind, source_id=id, reason=reason, dismissed_by="-")
        db.session.add(row)
        db.session.commit()
        return row.id

    ours, theirs = events
    run, before = add_run(ours), add_run(ours)
    add_record(run, None)
    add_record(before, "Before.")
    same = dismiss(ours, "Because.")
    dismiss(ours, "Before.")
    dismiss(ours, "Because.", kind="speaker")
    dismiss(ours, "Because.", id="2")
    others = dismiss(theirs, "Before.")

    forget_changed_problems(run, ours.id)

    assert ids(select(DismissedProblem.id)) == [same, others]


def test_h2_an_upload_waits_for_a_day(world: World) -> None:
    for age in (KEPT - A_MINUTE, KEPT + A_MINUTE):
        upload = {"actor": "-", "name": str(age), "kind": "json", "content": b""}
        db.session.add(Upload(organisation_id=world.organisation.id, created_at=now() - age, **upload))
    db.session.commit()

    forget_old_uploads()

    assert (ids(select(Upload.name)), timedelta(days=1)) == ([str(KEPT - A_MINUTE)], KEPT)
