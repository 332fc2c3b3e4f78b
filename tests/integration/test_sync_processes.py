"""Runs and the processes that work on them: two at once, killed ones, and one taken for dead (E6, E11, E14)."""

import itertools
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from processes import end, kill_tree
from redis import Redis
from rq import Queue
from rq_scheduler import Scheduler
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sync_world import OTHER_SECRET, SECRET, World, crowd, make_programme, make_session, wait_until

from portal.errors import PortalError
from portal.models import Flash, HistoryEntry, Run, RunRecord, RunStatus, db
from portal.operations.connection.connecting import set_continuous
from portal.operations.mapping.unmapping import remove_mapping
from portal.operations.syncing.queueing import start_sync
from portal.operations.syncing.runs import active_run, close_dead_runs
from portal.sync.running.queue import QUEUE, open_queue, open_redis
from portal.workers.jobs import sync_continuously
from portal.workers.schedule import MappingScheduler, arrange, continuous_mappings

LEAST_LIKELY_PROCESS = 2**22 + 1  # Linux gives no greater id than 2^22
SYNC = ("portal", "sync", "--org", "one", "--event", "4630", "--json")


def runs(world: World) -> list[Run]:
    db.session.rollback()
    return list(db.session.scalars(select(Run).order_by(Run.id).execution_options(populate_existing=True)))


def put_to_sleep_elsewhere(process: "subprocess.Popen[str]") -> bool:
    """Stop it, as if on another machine. False where it held the file's lock at that moment: it goes on."""
    os.kill(process.pid, signal.SIGSTOP)
    try:
        db.session.execute(update(Run).values(machine="elsewhere"))
        db.session.commit()
    except OperationalError:
        db.session.rollback()
        os.kill(process.pid, signal.SIGCONT)
        return False
    return True


def test_two_processes_at_once_carry_out_one_run(world: World) -> None:
    world.prepare(crowd(24))
    world.asp.control(latency_ms=100)

    processes = [world.command(*SYNC) for _ in range(2)]
    answers = [process.communicate(timeout=60) for process in processes]

    codes = sorted(process.returncode for process in processes)
    refused = next(stderr for stdout, stderr in answers if not stdout)
    assert codes == [0, 1]
    assert refused.startswith("Error: A sync for this event is already running (started by command line")
    assert len(runs(world)) == 1
    world.assert_each_once(24, 24)


@pytest.mark.parametrize("kind", ["speakers", "sessions"])
def test_killed_process_leaves_no_duplicate_and_no_lock(world: World, kind: str) -> None:
    event = world.prepare(crowd(60))
    world.asp.control(latency_ms=40)
    process = world.command(*SYNC)
    wait_until(world.has(kind, 12))

    process.kill()
    process.communicate()
    world.asp.control(latency_ms=0)
    written = {each: len(world.records(each)) for each in ("speakers", "sessions")}
    run = world.sync(event)

    first = runs(world)[0]
    assert (first.status, run.status) == ("interrupted", "succeeded")
    assert first.message == (
        "Sync interrupted. The process that worked on it ended. What was written is kept; sync again to carry on."
    )
    assert first.counts["speakers"]["created"] <= written["speakers"]
    assert kind == "speakers" or first.counts["speakers"]["created"] == 60
    assert written[kind] < 60
    world.assert_each_once(60, 60)
    assert world.sync(event).writes == 0


def test_worker_killed_in_mid_run_leaves_no_duplicate_and_no_lock(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    event = queued.prepare(crowd(60))
    user = queued.add_user()
    queued.asp.control(latency_ms=40)
    started.append(queued.command("worker"))
    run_id = start_sync(queued.mapping(event), user.email, user.id).id
    wait_until(queued.has("sessions", 12))

    kill_tree(started[0].pid)
    queued.asp.control(latency_ms=0)
    run = queued.sync(event)

    assert (queued.run(run_id).status, run.status) == ("interrupted", "succeeded")
    queued.assert_each_once(60, 60)
    assert [each.message for each in db.session.scalars(select(Flash))] == [queued.run(run_id).message]


def test_run_declared_dead_stops_by_itself_and_changes_no_verdict(world: World) -> None:
    event = world.prepare(crowd(80))
    world.asp.control(latency_ms=100)

    def declare_dead() -> None:
        world.asp.control(latency_ms=1000)  # so that the run does not end before
        db.session.execute(
            update(Run).where(Run.status == RunStatus.RUNNING).values(process_id=LEAST_LIKELY_PROCESS)
        )
        db.session.commit()
        close_dead_runs()

    with world.meanwhile(world.has("sessions", 5), declare_dead):
        run = world.sync(event)

    assert (run.status, 5 <= len(world.records("sessions")) < 80) == ("interrupted", True)
    assert set(world.links("session")) == {
        each["CustomFields"]["sessionboard_id"] for each in world.records("sessions")
    }
    world.asp.control(latency_ms=0)
    assert world.sync(event).status == "succeeded"
    world.assert_each_once(80, 80)


def test_process_that_slept_while_it_was_taken_for_dead_writes_nothing_twice(
    make_world: Callable[..., World],
) -> None:
    world = make_world(heartbeat_timeout=3)
    event = world.prepare(crowd(40))
    world.asp.control(latency_ms=60)
    process = world.command(*SYNC)
    db.session.rollback()  # PostgreSQL would end what is open here while this waits
    wait_until(world.has("sessions", 8))
    try:
        wait_until(lambda: put_to_sleep_elsewhere(process))
        world.asp.control(latency_ms=0)
        wait_until(lambda: active_run(event) is None)
        run = world.sync(event)
        written = world.asp.stats()["by"]["POST /public/seminars/{id}/sessions"]
    finally:
        os.kill(process.pid, signal.SIGCONT)
    stdout, _ = process.communicate(timeout=120)

    assert (run.status, json.loads(stdout)["status"], process.returncode) == ("succeeded", "interrupted", 1)
    assert world.asp.stats()["by"]["POST /public/seminars/{id}/sessions"] == written
    world.assert_each_once(40, 40)


def test_worker_carries_out_a_run_and_tells_who_asked(
    queued: World, started: list["subprocess.Popen[str]"], queue_url: str
) -> None:
    event = queued.prepare(crowd(5))
    user = queued.add_user()
    started.append(queued.command("worker", PORTAL_LOG_LEVEL="DEBUG"))

    run_id = start_sync(queued.mapping(event), user.email, user.id).id
    wait_until(lambda: queued.run(run_id).status not in ("queued", "running"))

    flash = wait_until(lambda: db.session.scalar(select(Flash)))
    assert queued.run(run_id).status == "succeeded"
    assert (flash.user_id, flash.run_id, flash.category, flash.shown_at) == (user.id, run_id, "success", None)
    assert flash.message == (
        "Sync complete: your data has been synced to ASP Events (5 sessions, 5 speakers). "
        "The website can take up to 15 minutes to show changes."
    )
    said = "".join(end(started[0]))
    with open_redis(queued.settings) as redis:
        kept = b"".join(key + redis.dump(key) for key in redis.scan_iter())
        plain = b"".join(
            name + value
            for key in redis.scan_iter()
            if redis.type(key) == b"hash"
            for name, value in redis.hgetall(key).items()
        )
    for secret in (SECRET, OTHER_SECRET):
        assert secret not in said
        assert secret.encode() not in kept + plain
    assert kept


def test_failed_run_in_a_worker_keeps_the_secret_to_itself(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    event = queued.prepare(crowd(2))
    user = queued.add_user()
    queued.asp.control(fail_rate=1, fail_status=401)
    started.append(queued.command("worker", PORTAL_LOG_LEVEL="DEBUG"))

    run_id = start_sync(queued.mapping(event), user.email, user.id).id
    wait_until(lambda: queued.run(run_id).status == "failed")

    flash = wait_until(lambda: db.session.scalar(select(Flash)))
    assert (flash.category, flash.message) == (
        "error",
        "Sync stopped: ASP Events did not accept this API key and secret.",
    )
    said = "".join(end(started[0]))
    with open_redis(queued.settings) as redis:
        kept = b"".join(redis.dump(key) for key in redis.scan_iter())
    rows = "".join(
        map(
            str,
            [*db.session.execute(select(HistoryEntry.text)), *db.session.execute(select(RunRecord.reason))],
        )
    )
    assert SECRET not in said + rows
    assert SECRET.encode() not in kept


def test_sync_that_cannot_be_queued_says_so_and_leaves_no_lock(world: World) -> None:
    event = world.prepare(crowd(1))

    with pytest.raises(PortalError, match="The queue cannot be reached"):
        start_sync(world.mapping(event), "tester", None)

    assert [run.status for run in runs(world)] == ["failed"]
    assert world.sync(event).status == "succeeded"


@pytest.mark.parametrize("url", ["nonsense", "redis://127.0.0.1:{port}/0", "unix:///nowhere/valkey.sock"])
def test_queue_that_is_not_there_is_a_message(make_world: Callable[..., World], url: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    world = make_world(redis_url=url.format(port=port))
    event = world.prepare(crowd(1))

    with pytest.raises(PortalError, match=r"(?i)redis"):
        start_sync(world.mapping(event), "tester", None)

    assert [run.status for run in runs(world)] == ["failed"]


def continuous_jobs(redis: Redis) -> list[str]:
    """Those that are scheduled, wait or are in hand.

    What a worker writes back of one that was forgotten meanwhile stays in Redis and is none of them.
    """
    queue = open_queue(redis)
    scheduled = [key.decode() for key in redis.zrange(Scheduler.scheduled_jobs_key, 0, -1)]
    ids = [*scheduled, *queue.get_job_ids(), *queue.started_job_registry.get_job_ids(cleanup=False)]
    return [each for each in ids if "continuous" in each]


def test_continuous_sync_runs_by_itself_without_piling_up_and_stops_when_switched_off(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    event = queued.prepare(crowd(3))
    started += [queued.command("worker"), queued.command("portal", "scheduler")]
    set_continuous(queued.organisation, True, "tester")
    wait_until(lambda: sum(run.status == "succeeded" for run in runs(queued)) >= 2)
    changed = crowd(3)
    changed["sessions"][0]["title"] = "Changed"
    queued.load(changed)
    wait_until(lambda: queued.session(1)["Title"] == "Changed")

    queued.asp.control(latency_ms=400)  # a run takes longer than the interval now
    begun = len(runs(queued))
    wait_until(lambda: len(runs(queued)) >= begun + 2)
    queued.asp.control(latency_ms=0)
    set_continuous(queued.organisation, False, "tester")
    with open_redis(queued.settings) as redis:
        wait_until(lambda: continuous_jobs(redis) == [])
    wait_until(lambda: active_run(event) is None)
    ended = runs(queued)

    assert {run.status for run in ended} == {"succeeded"}
    assert {run.actor for run in ended} == {"continuous sync"}
    for before, after in itertools.pairwise(ended):
        assert before.finished_at is not None
        assert before.finished_at <= after.queued_at
    assert db.session.scalar(select(func.count(Flash.id))) == 0


def test_continuous_sync_rests_after_the_last_session_and_ends_with_the_mapping(
    make_world: Callable[..., World], queue_url: str
) -> None:
    # An interval that no machine is too slow for: what ran within half of it "has just run".
    queued = make_world(redis_url=queue_url, sync_interval=1800)
    ended = make_session(1, starts_at="2020-06-01T08:00:00Z", ends_at="2020-06-01T09:00:00Z")
    event = queued.prepare(make_programme([ended]))
    mapping_id = queued.mapping(event).id
    assert sync_continuously(mapping_id) == "continuous sync is off"
    set_continuous(queued.organisation, True, "tester")

    assert sync_continuously(mapping_id) == "the event is over"
    queued.load(make_programme([ended, make_session(2)]))
    assert sync_continuously(mapping_id) == "succeeded"
    assert sync_continuously(mapping_id) == "has just run"
    remove_mapping(queued.mapping(event), "tester")
    assert sync_continuously(mapping_id) == "no longer mapped"


def test_scheduler_keeps_one_job_for_each_mapping(queued: World, queue_url: str) -> None:
    event = queued.prepare(crowd(1))
    set_continuous(queued.organisation, True, "tester")
    with open_redis(queued.settings) as redis:
        scheduler = MappingScheduler(sync_interval=60, connection=redis, interval=1)
        seen: list[Any] = []
        for _ in range(3):
            scheduler.enqueue_jobs()
            seen.append([job.id for job in scheduler.get_jobs()])
        waiting = Queue(QUEUE, connection=redis).job_ids
        remove_mapping(queued.mapping(event), "tester")
        arrange(scheduler, continuous_mappings(), 60)
        left = [job.id for job in scheduler.get_jobs()]

    assert seen == [["continuous-1"]] * 3
    assert waiting == ["continuous-1"]
    assert left == []
