"""What is kept beside a run: its requests to ASP, and what an admin has dismissed of its problems (E7)."""

import csv
import io

import pytest
from sqlalchemy import update
from sync_world import SECRET, World, crowd, session_id

from portal.errors import Refused
from portal.models import DismissedProblem, Event, RequestLog, Run, RunRecord, Session, db, now
from portal.operations.queries.run_records import Wanted, list_records
from portal.operations.syncing.dismissing import dismiss_problem, restore_problem
from portal.sync.running.request_log import has_requests, read_requests
from portal.sync.running.retention import KEPT_REQUESTS, forget_old_records

LACKS_ID = "Client Session ID is missing. Add it on the session, then sync again."


def requests_of(run: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read_requests(run.id))))


def test_e7_a_run_keeps_its_requests_without_what_was_sent(world: World) -> None:
    programme = crowd(2)
    run = world.sync(world.prepare(programme))

    rows = requests_of(run)

    assert len(rows) == run.requests
    assert sum(row["method"] in ("POST", "PUT") for row in rows) == run.writes + 1  # the token
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    assert {row["status"] for row in rows} <= {"200", "201", "204"}
    text = read_requests(run.id)
    for secret in (SECRET, "Bearer", *(each["email"] for each in programme["contacts"])):
        assert secret not in text


def test_e7_a_request_without_an_answer_says_so(world: World) -> None:
    event = world.prepare(crowd(1))
    world.asp.control(down=True)

    run = world.sync(event)

    assert (run.status, {row["status"] for row in requests_of(run)}) == ("failed", {""})


def test_e7_requests_are_kept_for_14_days_however_many_runs_there_were(world: World) -> None:
    event = world.prepare(crowd(1))
    runs = [world.sync(event) for _ in range(3)]
    db.session.execute(
        update(RequestLog).where(RequestLog.run_id == runs[1].id).values(kept_at=now() - KEPT_REQUESTS * 2)
    )

    forget_old_records(event.id, kept_runs=2)

    assert [has_requests(run.id) for run in runs] == [True, False, True]


@pytest.fixture
def failing(world: World) -> Event:
    """Two of three sessions lack their client session ID."""
    programme = crowd(3)
    for number in (0, 1):
        programme["sessions"][number]["client_session_id"] = None
    return world.prepare(programme)


def change(event: Event, number: int, **values: str | None) -> None:
    db.session.execute(
        update(Session)
        .where(Session.event_id == event.id, Session.source_id == session_id(number))
        .values(**values)
    )
    db.session.commit()


def lacking(run: Run, outcome: str = "") -> list[tuple[str, int]]:
    return [
        (each.reason, each.number)
        for each in list_records(run, Wanted(outcome=outcome)).reasons
        if each.outcome == "failed"
    ]


def a_row(run: Run) -> int:
    found = db.session.query(RunRecord).filter_by(run_id=run.id, reason=LACKS_ID).first()
    assert found is not None
    return found.id


def test_e7_a_dismissed_problem_is_not_told_again_until_it_changes(world: World, failing: Event) -> None:
    run = world.sync(failing)
    assert lacking(run) == [(LACKS_ID, 2)]

    assert dismiss_problem(run, a_row(run), "ada@example.org") == 2
    following = world.sync(failing)

    for each in (run, following):
        assert lacking(each) == []
        assert list_records(each, Wanted()).counts["failed"] == 2  # the numbers stay true
        assert list_records(each, Wanted()).counts["dismissed"] == 2
        assert lacking(each, "dismissed") == [(LACKS_ID, 2)]

    # the first session's problem becomes another one, the second's goes and comes again
    change(failing, 1, title=None)
    change(failing, 2, client_session_id="B")
    world.sync(failing)
    change(failing, 1, title="Title")
    change(failing, 2, client_session_id=None)

    assert lacking(world.sync(failing)) == [(LACKS_ID, 2)]


def test_e7_a_record_that_joins_a_dismissed_problem_is_told(world: World, failing: Event) -> None:
    run = world.sync(failing)
    dismiss_problem(run, a_row(run), "ada@example.org")
    change(failing, 3, client_session_id=None)

    following = world.sync(failing)

    assert lacking(following) == [(LACKS_ID, 1)]
    assert [each.source_id for each in list_records(following, Wanted(outcome="dismissed")).rows] == [
        session_id(1),
        session_id(2),
    ]


def test_e7_what_was_dismissed_can_be_told_again(world: World, failing: Event) -> None:
    run = world.sync(failing)
    dismiss_problem(run, a_row(run), "ada@example.org")

    assert restore_problem(run, a_row(run), "ada@example.org") == 2

    assert lacking(run) == [(LACKS_ID, 2)]
    assert db.session.query(DismissedProblem).count() == 0


def test_e7_a_row_of_another_run_is_refused(world: World, failing: Event) -> None:
    first, second = world.sync(failing), world.sync(failing)

    with pytest.raises(Refused):
        dismiss_problem(second, a_row(first), "ada@example.org")
