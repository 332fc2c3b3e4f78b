"""H1: an event from Sessionboard is pulled before each sync; a failed pull stops the run before it writes."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sync_world import World, make_session, on_it, session_id

from portal.models import Event, Flash, Outcome, Run, db, now
from portal.operations.sources.connecting import connect_sessionboard, disconnect_sessionboard, find_source
from portal.operations.sources.pulling import pull_programme
from portal.operations.sources.refreshing import BEAT_EVERY
from portal.operations.syncing.runs import perform_run, request_cancel, request_run
from portal.workers.jobs import sync_continuously


@pytest.fixture
def event(pulling: World) -> Event:
    """An event that is pulled, mapped and synced."""
    event = pull_programme(pulling.organisation, "4630", "tester").event
    pulling.connect(on=True)
    pulling.map(event)
    pulling.sync(event)
    return event


def titles(world: World) -> set[str]:
    return {each["Title"] for each in world.records("sessions")}


def test_h1_sync_sends_what_was_changed_over_there(pulling, event, sessionboard):
    sessionboard.event(4630).change("sessions", session_id(3), title="Another title")

    run = pulling.sync(event)

    assert (run.status, run.counts["sessions"]["updated"], run.writes) == ("succeeded", 1, 1)
    assert "Another title" in titles(pulling)


def test_e5_sync_without_change_writes_nothing(pulling, event):
    run = pulling.sync(event)

    assert (run.status, run.writes, run.requests <= 8) == ("succeeded", 0, True)


@pytest.mark.parametrize("controls", [{}, {"fail_status": 401, "fail_paths": "/speakers"}])
def test_e7_time_of_a_run_counts_from_before_the_pull(pulling, event, sessionboard, controls):
    sessionboard.control(latency_ms=60, **controls)

    run = pulling.sync(event)

    assert run.seconds >= 0.1


def test_h1_without_pulling_what_is_stored_is_sent(pulling, event, sessionboard):
    sessionboard.event(4630).change("sessions", session_id(3), title="Another title")
    asked = sessionboard.requests()

    run_id = request_run(pulling.mapping(event), "tester", pull_first=False).id
    perform_run(run_id)

    assert (pulling.run(run_id).status, sessionboard.requests() - asked) == ("succeeded", 0)
    assert "Another title" not in titles(pulling)


@pytest.mark.parametrize(
    ("controls", "reason"),
    [
        ({"fail_status": 401}, "did not accept this access token"),
        ({"fail_status": 403}, "does not allow this access token"),
        ({"fail_status": 500}, "could not be reached"),
        ({"down": True}, "could not be reached"),
        ({"breaks": "half"}, "could not be reached"),
        ({"hide_pii": True}, "hides personal data"),
    ],
)
def test_h1_failed_pull_stops_the_run_before_it_writes(pulling, event, sessionboard, controls, reason):
    sessionboard.event(4630).change("sessions", session_id(3), title="Another title")
    user = pulling.add_user()
    sessionboard.control(**controls)

    writes = pulling.writes_of(lambda: pulling.sync(event, user))

    run = db.session.scalars(select(Run).order_by(Run.id.desc())).first()
    assert (run.status, run.requests, writes) == ("failed", 0, 0)
    assert run.message.startswith("Sync stopped: Sessionboard ")
    assert reason in run.message
    assert db.session.scalars(select(Flash.message)).all() == [run.message]
    assert [f"Sync stopped: {each}" for each in pulling.reasons(run, Outcome.FAILED, "run")] == [run.message]


def test_h1_event_deleted_over_there_stops_the_run_and_stays(pulling, event, sessionboard):
    del sessionboard.records.events["4630"]

    run = pulling.sync(event)

    assert (run.status, "Sessionboard has no event 4630" in run.message) == ("failed", True)
    assert len(pulling.records("sessions")) == 12


def test_d9_deleted_session_stays_in_asp_unless_it_is_to_be_unpublished(pulling, event, sessionboard):
    sessionboard.event(4630).remove("sessions", session_id(3))
    kept = pulling.sync(event)
    still_published = pulling.session(3)["isPublished"]
    pulling.mapping(event).unpublish_sessions = True
    db.session.commit()

    run = pulling.sync(event)

    assert (kept.writes, still_published) == (0, True)
    assert (run.writes, pulling.session(3)["isPublished"]) == (1, False)


def test_d6_role_that_was_declined_over_there_leaves_the_session(pulling, event, sessionboard):
    sessionboard.event(4630).change(
        "sessions", session_id(3), participants=[on_it(3, status="declined"), on_it(4)]
    )

    pulling.sync(event)

    assert pulling.session(3)["Speakers"] == [pulling.speaker(4)["Uuid"]]


def test_h1_new_session_over_there_is_created(pulling, event, sessionboard):
    new = make_session(90, on_it(2))
    sessionboard.event(4630).change("sessions", new["id"], **new)

    assert pulling.sync(event).counts["sessions"]["created"] == 1


def test_a6_refused_token_pauses_continuous_sync_until_another_is_entered(pulling, event, sessionboard):
    mapping_id = pulling.mapping(event).id
    sessionboard.control(fail_status=401)
    refused = sync_continuously(mapping_id)
    _an_hour_ago()
    paused = sync_continuously(mapping_id)
    sessionboard.control(fail_status=0)
    connect_sessionboard(pulling.organisation, "us", "good", "tester")
    _an_hour_ago()

    assert (refused, paused) == ("failed", "Sessionboard does not accept the token")
    assert sync_continuously(mapping_id) == "succeeded"


def test_a6_outage_does_not_pause_continuous_sync(pulling, event, sessionboard):
    mapping_id = pulling.mapping(event).id
    sessionboard.control(fail_status=503)
    failed = sync_continuously(mapping_id)
    sessionboard.control(fail_status=0)
    _an_hour_ago()

    assert (failed, sync_continuously(mapping_id)) == ("failed", "succeeded")
    assert find_source(pulling.organisation.id).rejected_at is None


def test_e8_prepare_only_looks_at_the_programme_of_now(pulling, event, sessionboard):
    mapping = pulling.mapping(event)
    mapping.prepare_only = True
    db.session.commit()
    sessionboard.event(4630).change("sessions", session_id(3), title="Another title")

    assert sync_continuously(mapping.id) == "prepared: 1 changes wait"


def test_e15_run_is_cancelled_while_it_pulls(pulling, event, sessionboard, monkeypatch):
    run_id = request_run(pulling.mapping(event), "tester").id
    sessionboard.control(latency_ms=50)
    monkeypatch.setattr("portal.operations.sources.refreshing.BEAT_EVERY", 0.0)
    asked = sessionboard.requests()

    def cancel() -> None:
        request_cancel(db.session.get_one(Run, run_id), "tester")

    with pulling.meanwhile(lambda: sessionboard.requests() > asked, cancel):
        perform_run(run_id)

    run = pulling.run(run_id)
    assert (run.status, run.message) == ("cancelled", "Sync cancelled. Nothing was written.")
    assert BEAT_EVERY == 1.0


def test_h1_event_of_a_disconnected_source_is_synced_as_it_stands(pulling, event, sessionboard):
    disconnect_sessionboard(pulling.organisation, "tester")
    asked = sessionboard.requests()

    assert pulling.sync(event).status == "succeeded"
    assert (sessionboard.requests() - asked, db.session.get_one(Event, event.id).source) == (0, "portal")


def _an_hour_ago() -> None:
    """What ran so far ran an hour ago."""
    for run in db.session.scalars(select(Run)):
        run.queued_at = now() - timedelta(hours=1)
    db.session.commit()
