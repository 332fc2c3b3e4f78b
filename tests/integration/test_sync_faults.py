"""What a run does when ASP does not answer, refuses, or lets requests through slowly (E10, E11, E12)."""

import threading
from collections.abc import Callable, Iterator

import pytest
import requests
from sync_world import (
    SEED,
    SEMINAR,
    SITE,
    World,
    contact_id,
    crowd,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
    wait_until,
)

from asp_local.server import LocalAsp
from portal.asp import patience
from portal.asp.errors import SeminarGone
from portal.models import Connection, Outcome, db
from portal.operations.mapping.unmapping import remove_mapping

SEMINAR_UUID = SEED["seminars"][0]["Uuid"]
BEAT = 0.01  # seconds


@pytest.fixture
def when(world: World) -> Iterator[Callable[..., None]]:
    """Does something to ASP as soon as it holds so many records of a kind."""
    threads: list[threading.Thread] = []

    def arrange(kind: str, number: int, action: Callable[[], object]) -> None:
        def wait_and_act() -> None:
            wait_until(lambda: len(world.asp.records()[kind]) >= number)
            action()

        threads.append(threading.Thread(target=wait_and_act))
        threads[-1].start()

    yield arrange
    for thread in threads:
        thread.join()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> float:
    """Makes the clock of E12 run thirty times faster than the portal's own settings; returns the factor."""
    factor = 1 / 30
    monkeypatch.setattr(patience, "ENOUGH", patience.ENOUGH * factor)
    return factor


@pytest.fixture
def own_clock() -> Iterator[Callable[[], float]]:
    """Seconds that this process was given, by beats: a machine that is busy elsewhere makes none pass."""
    over, beats = threading.Event(), [0]

    def beat() -> None:
        while not over.wait(BEAT):
            beats[0] += 1

    thread = threading.Thread(target=beat)
    thread.start()
    yield lambda: beats[0] * BEAT
    over.set()
    thread.join()


@pytest.mark.parametrize("dice", range(4))
def test_lost_answers_and_failures_leave_no_duplicate_and_no_gap(
    make_world: Callable[..., World], local_asp: LocalAsp, dice: int, tmp_path
) -> None:
    with LocalAsp(SEED, random_seed=dice) as asp:
        world = World(tmp_path / str(dice), asp, asp_retry_pause=0.001)
        try:
            event = world.prepare(crowd(40))
            asp.control(drop_after_commit_rate=0.3, fail_rate=0.2)

            first = world.sync(event)
            world.assert_each_once(40, 40)
            second = world.sync(event)
            asp.control(drop_after_commit_rate=0, fail_rate=0)
            third = world.sync(event)
        finally:
            world.close()
        records = asp.records()

    assert [run.status for run in (first, second, third)] == ["succeeded"] * 3
    assert (third.writes, third.requests) == (0, 6)
    speakers = {each["Uuid"]: each["Email"] for each in records["speakers"]}
    for session in records["sessions"]:
        number = int(session["ClientSessionId"].removeprefix("C"))
        assert [speakers[uuid] for uuid in session["Speakers"]] == [f"person{number}@example.org"]


def test_every_answer_to_a_create_lost_is_still_written_once(world: World) -> None:
    event = world.prepare(crowd(5))
    world.asp.control(drop_after_commit_rate=1, fail_paths="POST /public/s")

    run = world.sync(event)

    world.assert_each_once(5, 5)
    assert (run.status, run.counts["sessions"]["created"], run.counts["speakers"]["created"]) == (
        "succeeded",
        5,
        5,
    )


def test_answers_to_updates_lost_are_sent_again(world: World) -> None:
    event = world.prepare(crowd(10))
    world.sync(event)
    changed = crowd(10)
    for session in changed["sessions"]:
        session["title"] += ", changed"
    world.load(changed)
    world.asp.control(drop_after_commit_rate=0.4)

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["updated"]) == ("succeeded", 10)
    assert all(each["Title"].endswith(", changed") for each in world.records("sessions"))


def test_refused_record_fails_alone_with_what_asp_said(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    changed = crowd(4)
    changed["contacts"][1]["email"] = "no address"
    changed["sessions"][0]["title"] = "Changed"
    world.load(changed)

    run = world.sync(event)

    assert run.status == "partial"
    (reason,) = world.reasons(run, Outcome.FAILED)
    assert "Email must be an e-mail address" in str(reason)
    assert (world.session(1)["Title"], world.session(4)["Title"]) == ("Changed", "Session 4")
    assert world.session(2)["Speakers"] == [world.speaker(2)["Uuid"]]  # D7: who is linked stays


def test_new_person_refused_is_left_off_until_they_sync(world: World) -> None:
    sessions = [make_session(1, on_it(1), on_it(2))]
    event = world.prepare(make_programme(sessions, [make_contact(1, email="no address"), make_contact(2)]))

    run = world.sync(event)

    assert run.status == "partial"
    assert world.session(1)["Speakers"] == [world.speaker(2)["Uuid"]]
    assert [
        str(each).startswith("Synced without First1 Last1") for each in world.reasons(run, Outcome.WARNING)
    ] == [True]
    world.load(make_programme(sessions, [make_contact(1), make_contact(2)]))
    assert world.sync(event).status == "succeeded"
    assert world.session(1)["Speakers"] == [world.speaker(1)["Uuid"], world.speaker(2)["Uuid"]]


def test_seminar_gone_before_the_run_stops_it_with_one_message(world: World) -> None:
    event = world.prepare(crowd(3))
    world.remove("seminars", SEMINAR_UUID)

    run = world.sync(event)

    assert (run.status, run.writes) == ("failed", 0)
    assert run.message == f"Sync stopped: {SeminarGone()}"
    assert world.reasons(run, Outcome.FAILED) == [str(SeminarGone())]


def test_seminar_gone_during_the_run_keeps_what_was_written(world: World, when: Callable[..., None]) -> None:
    event = world.prepare(crowd(60))
    world.asp.control(latency_ms=15)
    when("sessions", 5, lambda: world.remove("seminars", SEMINAR_UUID))

    run = world.sync(event)

    assert (run.status, run.message) == ("failed", f"Sync stopped: {SeminarGone()}")
    assert world.reasons(run, Outcome.FAILED) == [str(SeminarGone())]
    assert {each.asp_uuid for each in world.links("session").values()} == {
        each["Uuid"] for each in world.records("sessions")
    }


def test_site_gone_stops_the_run(world: World) -> None:
    event = world.prepare(crowd(2))
    world.remove("sites", SITE)

    run = world.sync(event)

    assert (run.status, run.writes) == ("failed", 0)
    assert "ASP event is no longer there" in str(run.message)


def test_credentials_rejected_during_the_run_end_it_and_mark_the_connection(
    world: World, when: Callable[..., None]
) -> None:
    event = world.prepare(crowd(60))
    world.asp.control(latency_ms=15)
    when("sessions", 5, lambda: world.asp.control(fail_rate=1, fail_status=401))

    run = world.sync(event)

    assert (run.status, run.message) == (
        "failed",
        "Sync stopped: ASP Events did not accept this API key and secret.",
    )
    assert db.session.query(Connection).one().rejected_at is not None
    assert set(world.links("session")) == {
        each["CustomFields"]["sessionboard_id"] for each in world.records("sessions")
    }
    world.asp.control(fail_rate=0, latency_ms=0)
    again = world.sync(event)
    assert (again.status, again.counts["sessions"]["created"] < 60) == ("succeeded", True)
    db.session.expire_all()
    assert db.session.query(Connection).one().rejected_at is None
    world.assert_each_once(60, 60)


@pytest.mark.parametrize("how", [{"down": True}, {"fail_rate": 1, "fail_status": 503}, {"hang_s": 3600}])
def test_asp_that_goes_down_ends_the_run_within_two_minutes(
    make_world: Callable[..., World],
    hasty: float,
    own_clock: Callable[[], float],
    how: dict[str, object],
    local_asp: LocalAsp,
) -> None:
    world = make_world(asp_timeout=12 * hasty, asp_retry_pause=0.5 * hasty)
    event = world.prepare(crowd(60))
    local_asp.control(latency_ms=10)
    down_at: list[float] = []

    def go_down() -> None:
        wait_until(lambda: len(local_asp.records()["sessions"]) >= 10)
        down_at.append(own_clock())
        local_asp.control(latency_ms=0, **how)

    thread = threading.Thread(target=go_down)
    thread.start()
    run = world.sync(event)
    ended = own_clock() - down_at[0]
    thread.join()

    assert (run.status, ended < 120 * hasty) == ("failed", True)
    assert run.message == "Sync stopped: ASP Events could not be reached. Try again in a few minutes."
    local_asp.control(down=False, fail_rate=0, hang_s=0)
    linked = len(world.links("session"))
    again = world.sync(event)
    assert again.status == "succeeded"
    assert again.counts["sessions"]["unchanged"] >= linked >= 10
    world.assert_each_once(60, 60)


@pytest.mark.parametrize("how", [{"down": True}, {"hang_s": 3600}])
def test_asp_that_is_down_from_the_start_ends_the_run_within_two_minutes(
    make_world: Callable[..., World],
    hasty: float,
    own_clock: Callable[[], float],
    how: dict[str, object],
    local_asp: LocalAsp,
) -> None:
    world = make_world(asp_timeout=12 * hasty, asp_retry_pause=0.5 * hasty)
    event = world.prepare(crowd(2))
    local_asp.control(**how)
    begun = own_clock()

    run = world.sync(event)

    assert (run.status, run.writes) == ("failed", 0)
    assert own_clock() - begun < 120 * hasty
    assert run.message == "Sync stopped: ASP Events could not be reached. Try again in a few minutes."


def test_record_that_fails_all_its_tries_fails_alone_while_reads_work(world: World) -> None:
    event = world.prepare(crowd(4))
    world.sync(event)
    changed = crowd(4)
    for session in changed["sessions"]:
        session["title"] += ", changed"
    world.load(changed)
    broken = world.session(2)["Uuid"]
    world.asp.control(fail_rate=1, fail_paths=f"PUT /public/seminars/{SEMINAR_UUID}/sessions/{broken}")

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["updated"], run.counts["sessions"]["failed"]) == (
        "partial",
        3,
        1,
    )
    assert world.reasons(run, Outcome.FAILED) == [
        "ASP failed each time (error 500) for this record; sync again later."
    ]
    assert run.writes >= 3 + 6
    world.asp.control(fail_rate=0)
    assert world.sync(event).counts["sessions"]["updated"] == 1


def test_create_that_never_gets_through_fails_alone_and_is_made_by_the_next_run(world: World) -> None:
    event = world.prepare(make_programme([make_session(1, on_it(1))], [make_contact(1)]))
    world.asp.control(fail_rate=1, fail_paths="POST /public/speakers")

    run = world.sync(event)

    assert (run.status, run.counts["speakers"]["failed"], run.counts["sessions"]["created"]) == (
        "partial",
        1,
        1,
    )
    assert world.session(1)["Speakers"] == []
    world.asp.control(fail_rate=0)
    again = world.sync(event)
    assert (again.status, again.counts["speakers"]["created"], again.counts["sessions"]["updated"]) == (
        "succeeded",
        1,
        1,
    )
    assert world.session(1)["Speakers"] == [world.speaker(1)["Uuid"]]


@pytest.mark.parametrize("status", [500, 501, 508, 529])
def test_every_5xx_is_tried_again(world: World, status: int) -> None:
    event = world.prepare(crowd(3))
    world.asp.control(fail_rate=0.25, fail_status=status)

    run = world.sync(event)

    assert run.status == "succeeded"
    world.assert_each_once(3, 3)


def test_rate_limit_is_obeyed_and_the_run_goes_through(world: World) -> None:
    event = world.prepare(crowd(15))
    world.asp.control(rate_per_s=25)

    run = world.sync(event)

    refused = world.asp.stats()["statuses"].get("429", 0)  # none where the machine is slower than the limit
    assert (run.status, refused <= 30) == ("succeeded", True)
    world.assert_each_once(15, 15)


def test_limit_of_requests_in_flight_is_obeyed(world: World) -> None:
    event = world.prepare(crowd(12))
    world.asp.control(max_in_flight=2, latency_ms=5)

    run = world.sync(event)

    assert run.status == "succeeded"
    world.assert_each_once(12, 12)


def test_no_more_requests_are_in_flight_than_set(
    make_world: Callable[..., World], local_asp: LocalAsp
) -> None:
    world = make_world(asp_in_flight=3)
    event = world.prepare(crowd(12))
    local_asp.control(latency_ms=5)

    run = world.sync(event)

    assert (run.status, local_asp.stats()["max_in_flight"]) == ("succeeded", 3)


def test_tokens_that_live_for_a_second_are_renewed(world: World) -> None:
    event = world.prepare(crowd(20))
    world.asp.control(token_ttl_s=1, latency_ms=150)

    run = world.sync(event)

    assert (run.status, world.asp.stats()["tokens"] >= 4) == ("succeeded", True)
    world.assert_each_once(20, 20)


def test_tokens_that_die_early_are_renewed(world: World, when: Callable[..., None]) -> None:
    event = world.prepare(crowd(30))
    world.asp.control(latency_ms=80)
    when("sessions", 5, lambda: world.asp.control(token_ttl_s=0.9))

    run = world.sync(event)

    assert (run.status, world.asp.stats()["statuses"]["401"] > 0) == ("succeeded", True)
    world.assert_each_once(30, 30)


def test_record_written_by_a_run_that_lost_its_links_is_found_again(world: World) -> None:
    event = world.prepare(crowd(6))
    world.sync(event)
    for link in [*world.links("session").values(), *world.links("speaker").values()]:
        db.session.delete(link)
    db.session.commit()

    run = world.sync(event)

    assert (run.status, run.writes) == ("succeeded", 0)
    world.assert_each_once(6, 6)


def test_mapping_removed_and_made_again_after_a_crash_makes_no_duplicate(world: World) -> None:
    event = world.prepare(crowd(6))
    world.sync(event)
    for number in (1, 2, 3):
        db.session.delete(world.links("session")[session_id(number)])
        db.session.delete(world.links("speaker")[contact_id(number)])
    db.session.commit()
    remove_mapping(world.mapping(event), "tester")
    world.map(event, SITE, SEMINAR)

    run = world.sync(event)

    assert (run.status, run.writes) == ("succeeded", 0)
    world.assert_each_once(6, 6)


def test_found_record_is_brought_up_to_date_and_other_words_of_editors_stay(world: World) -> None:
    event = world.prepare(make_programme([make_session(1, on_it(1))], [make_contact(1)]))
    world.sync(event)
    world.edit("sessions", world.session(1)["Uuid"], Title="Typed by hand", Description="An editor's words")
    for link in [*world.links("session").values(), *world.links("speaker").values()]:
        db.session.delete(link)
    db.session.commit()

    run = world.sync(event)

    assert (run.status, run.writes, run.counts["sessions"]["updated"]) == ("succeeded", 1, 1)
    assert (world.session(1)["Title"], world.session(1)["Description"]) == ("Session 1", "An editor's words")


def test_duplicated_sessions_in_asp_update_the_oldest_and_warn(world: World) -> None:
    event = world.prepare(make_programme([make_session(1)]))
    for number in (1, 2):
        requests.post(
            f"{world.asp.url}/_records/sessions",
            json={
                "SeminarUuid": SEMINAR_UUID,
                "Title": f"Copy {number}",
                "CustomFields": {"sessionboard_id": session_id(1)},
                "Created": f"2026-01-0{number}T00:00:00Z",
            },
            timeout=120,
        ).raise_for_status()

    run = world.sync(event)

    assert {each["Title"] for each in world.records("sessions")} == {"Session 1", "Copy 2"}
    assert ["Copy 2" in str(each) for each in world.reasons(run, Outcome.WARNING)] == [True]


@pytest.mark.parametrize("late", [450, 800], ids=["one and a half", "almost three"])
def test_e11_create_that_is_carried_out_after_its_time_out_is_found_and_not_repeated(
    make_world: Callable[..., World], late: int
) -> None:
    world = make_world(asp_timeout=0.3, asp_retry_pause=0.05)
    event = world.prepare(crowd(1))
    world.asp.control(late_commit_ms=late, fail_paths=f"POST /public/seminars/{SEMINAR_UUID}/sessions")

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["created"]) == ("succeeded", 1)
    world.assert_each_once(1, 1)
    world.asp.control(late_commit_ms=0)
    assert world.sync(event).counts["sessions"]["unchanged"] == 1


def test_e11_double_that_came_all_the_same_is_warned_of(make_world: Callable[..., World]) -> None:
    world = make_world(asp_timeout=0.4, asp_retry_pause=0.05)
    event = world.prepare(crowd(1))
    world.asp.control(late_commit_ms=1700, fail_paths=f"POST /public/seminars/{SEMINAR_UUID}/sessions")

    def first_arrived() -> bool:
        return "POST /public/seminars/{id}/sessions" in world.asp.stats()["by"]

    with world.meanwhile(
        first_arrived, lambda: world.asp.control(late_commit_ms=0)
    ):  # the repeat is not late
        run = world.sync(event)

    assert len(world.records("sessions")) > 1
    assert [
        str(each)
        for each in world.reasons(run, Outcome.WARNING)
        if "long after it had timed out" in str(each)
    ]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("streams", "streams"),
        ("locations", "locations"),
        ("sessiontypes", "session types"),
        ("GET /public/sites", "ASP events"),
        ("GET /public/speakers", "speakers"),
        ("/sessions", "sessions"),
    ],
)
def test_e10_a_list_that_is_not_there_is_named(world: World, path: str, what: str) -> None:
    event = world.prepare(crowd(1))
    world.asp.control(fail_rate=1, fail_status=404, fail_paths=path)

    run = world.sync(event)

    assert (run.status, run.writes) == ("failed", 0)
    assert f"no list of {what}" in (run.message or "")
