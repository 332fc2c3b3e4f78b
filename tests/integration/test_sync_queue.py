"""Runs that wait for a worker, what they are in Redis, and the restarts of queue and database (A6, E14b)."""

import pickle
import signal
import subprocess
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from processes import end
from redis import Redis
from rq import Queue
from rq.exceptions import DeserializationError
from sqlalchemy import text, update
from sync_world import YEAR, World, crowd, make_programme, make_session, wait_until

from portal.config import Settings
from portal.models import Run, db, now
from portal.operations.connection.connecting import set_continuous
from portal.operations.sources.wanting import rests
from portal.operations.syncing.queueing import renew_queue, settle_forgotten_runs, start_sync
from portal.operations.syncing.runs import request_run
from portal.sync.running.queue import fetch_job, has_worker, open_queue, open_redis, put_run
from portal.workers.embedded import start_queue
from portal.workers.schedule import MappingScheduler, arrange, continuous_mappings
from portal.workers.working import SyncWorker

NOT_BEGUN = "Sync interrupted. No worker began it. See that a worker is running, then sync again."


def wait_for_long(run_id: int) -> None:
    """The run was asked for longer ago than a run may wait without anybody looking."""
    db.session.execute(update(Run).where(Run.id == run_id).values(queued_at=now() - timedelta(seconds=901)))
    db.session.commit()


def test_e14b_run_that_no_worker_begins_is_given_up_in_the_end(queued: World) -> None:
    event = queued.prepare(crowd(1))
    run_id = start_sync(queued.mapping(event), "tester", None).id

    settle_forgotten_runs()
    before = queued.run(run_id).status
    wait_for_long(run_id)
    settle_forgotten_runs()

    assert (before, queued.run(run_id).status, queued.run(run_id).message) == (
        "queued",
        "interrupted",
        NOT_BEGUN,
    )


def test_e14b_run_that_waits_where_no_queue_is_set_is_given_up_in_the_end(world: World) -> None:
    run_id = request_run(world.mapping(world.prepare(crowd(1))), "tester", by_worker=True).id
    wait_for_long(run_id)

    settle_forgotten_runs()

    assert world.run(run_id).message == NOT_BEGUN


def test_e14b_run_behind_a_busy_worker_is_not_given_up(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    long = queued.prepare(crowd(100))
    other = queued.load(make_programme([make_session(1)], id=4631, name="Other"))
    queued.map(other, site="BBBBBBBB-0000-4000-8000-00000000000B", seminar="75", confirm_timezone=True)
    queued.asp.control(latency_ms=500)
    started.append(queued.command("worker"))
    first = start_sync(queued.mapping(long), "tester", None).id
    second = start_sync(queued.mapping(other), "tester", None).id
    wait_until(queued.has("speakers", 1))
    queued.asp.control(latency_ms=5_000)  # for two minutes it is busy now, whatever else this machine does

    wait_for_long(second)
    settle_forgotten_runs()
    command = queued.command("portal", "runs", "--org", "one", "--event", "4631", "--json")
    seen, _ = command.communicate(timeout=120)
    behind = (queued.run(first).status, queued.run(second).status)
    queued.asp.control(latency_ms=0)
    wait_until(lambda: queued.run(second).status not in ("queued", "running"))

    assert behind == ("running", "queued")
    assert '"status": "interrupted"' not in seen
    assert (queued.run(first).status, queued.run(second).status) == ("succeeded", "succeeded")


def test_e14b_run_that_redis_forgot_is_put_into_the_queue_again_where_a_worker_is(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    event = queued.prepare(crowd(1))
    started.append(queued.command("worker"))
    with open_redis(queued.settings) as redis:
        wait_until(lambda: has_worker(redis))
    run_id = request_run(queued.mapping(event), "tester", by_worker=True).id  # nobody put it into the queue
    wait_for_long(run_id)

    settle_forgotten_runs()
    wait_until(lambda: queued.run(run_id).status not in ("queued", "running"))

    assert queued.run(run_id).status == "succeeded"


def test_e14b_run_that_was_swept_out_of_the_queue_is_there_again_at_the_scheduler_s_next_look(
    queued: World,
) -> None:
    run_id = start_sync(queued.mapping(queued.prepare(crowd(1))), "tester", None).id
    with open_redis(queued.settings) as redis:
        redis.flushall()
        scheduler = MappingScheduler(sync_interval=60, connection=redis, interval=1)
        scheduler.look()
        scheduler.look()

        assert open_queue(redis).job_ids == [f"run-{run_id}"]


def test_e14b_nothing_is_given_up_while_the_queue_does_not_answer(
    make_world: Callable[..., World], caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world(redis_url="unix:///nowhere/valkey.sock")
    run_id = request_run(world.mapping(world.prepare(crowd(1))), "tester", by_worker=True).id
    wait_for_long(run_id)

    settle_forgotten_runs()

    assert world.run(run_id).status == "queued"
    assert f"Whether a worker will begin runs [{run_id}] cannot be seen" in caplog.text


def test_e14b_worker_is_there_until_its_mark_expires_and_again_after_redis_lost_its_memory(
    queued: World,
) -> None:
    with open_redis(queued.settings) as redis:
        before = has_worker(redis)
        worker = SyncWorker(redis)
        worker.register_birth()
        born = has_worker(redis)
        redis.flushall()
        forgotten = has_worker(redis)
        worker.heartbeat()
        beating = has_worker(redis)
        redis.delete(worker.key)

        assert (before, born, forgotten, beating, has_worker(redis)) == (False, True, False, True, False)


def test_jobs_are_json_and_no_pickle_is_opened(queued: World) -> None:
    event = queued.prepare(crowd(1))
    set_continuous(queued.organisation, True, "tester")
    run_id = start_sync(queued.mapping(event), "tester", None).id
    with open_redis(queued.settings) as redis:
        scheduler = MappingScheduler(sync_interval=60, connection=redis, interval=1)
        scheduler.look()
        stored = {
            job: zlib.decompress(redis.hget(f"rq:job:{job}", "data"))
            for job in (f"run-{run_id}", "continuous-1")
        }

    assert stored == {
        f"run-{run_id}": b'["portal.workers.jobs.run_sync", null, [%d], {}]' % run_id,
        "continuous-1": b'["portal.workers.jobs.sync_continuously", null, [1], {}]',
    }


def test_job_that_is_none_of_the_portal_s_calls_nothing(queued: World) -> None:
    trap = queued.folder / "made"
    with open_redis(queued.settings) as redis:
        planted = open_queue(redis).enqueue("os.mkdir", str(trap))
        redis.hset(
            planted.key, mapping={f"{when}_callback_name": "os.mkdir" for when in ("success", "failure")}
        )
        job = fetch_job(redis, planted.id)

        assert job is not None and (job.success_callback, job.failure_callback) == (None, None)
        with pytest.raises(DeserializationError, match=r"“os.mkdir” is no job of the portal’s"):
            job.perform()
    assert not trap.exists()


class Trap:
    """Opening its pickle writes a file."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.place, "w")


def pickled(redis: Redis, job_id: str, function: str, *arguments: int) -> None:
    """A job as earlier versions wrote it."""
    Queue("portal-sync", connection=redis).enqueue(function, *arguments, job_id=job_id)


def test_worker_begins_the_runs_that_an_earlier_version_queued(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    run_id = request_run(queued.mapping(queued.prepare(crowd(1))), "tester", by_worker=True).id
    trap = queued.folder / "opened"
    with open_redis(queued.settings) as redis:
        pickled(redis, f"run-{run_id}", "portal.sync.jobs.run_sync", run_id)
        pickled(redis, "strange", "portal.sync.jobs.run_sync", 999)
        redis.hset("rq:job:strange", "data", zlib.compress(pickle.dumps(Trap(str(trap)))))

    started.append(queued.command("worker"))
    wait_until(lambda: queued.run(run_id).status not in ("queued", "running"))
    second = start_sync(queued.mapping(queued.load(crowd(1))), "tester", None).id
    wait_until(lambda: queued.run(second).status not in ("queued", "running"))

    assert (queued.run(run_id).status, queued.run(second).status) == ("succeeded", "succeeded")
    assert not trap.exists()


def test_runs_that_wait_keep_their_order_when_the_queue_is_renewed(queued: World) -> None:
    first = request_run(queued.mapping(queued.prepare(crowd(1))), "tester", by_worker=True).id
    other = queued.load(make_programme([make_session(1)], id=4631, name="Other"))
    queued.map(other, site="BBBBBBBB-0000-4000-8000-00000000000B", seminar="75", confirm_timezone=True)
    second = start_sync(queued.mapping(other), "tester", None).id
    with open_redis(queued.settings) as redis:
        redis.flushall()

        renew_queue(redis)
        renew_queue(redis)

        assert open_queue(redis).job_ids == [f"run-{first}", f"run-{second}"]


@pytest.mark.parametrize("form", [Queue, open_queue])
def test_a6_scheduled_job_of_an_earlier_version_is_made_anew(queued: World, form: Any) -> None:
    queued.prepare(crowd(1))
    set_continuous(queued.organisation, True, "tester")
    with open_redis(queued.settings) as redis:
        scheduler = MappingScheduler(sync_interval=60, connection=redis, interval=1)
        plain = form is open_queue
        queue = open_queue(redis) if plain else Queue("portal-sync", connection=redis)
        job = queue.job_class.create(
            "portal.sync.jobs.sync_continuously",
            args=[1],
            id="continuous-1",
            connection=redis,
            meta={"interval": 60},
            origin="portal-sync",
        )
        job.save()
        redis.zadd("rq:scheduler:scheduled_jobs", {"continuous-1": 1})

        arrange(scheduler, continuous_mappings(), 60)

        assert [each.func_name for each in scheduler.get_jobs()] == ["portal.workers.jobs.sync_continuously"]


def test_e14b_scheduled_job_that_a_stepped_clock_put_far_off_is_made_anew(queued: World) -> None:
    queued.prepare(crowd(1))
    set_continuous(queued.organisation, True, "tester")
    with open_redis(queued.settings) as redis:
        scheduler = MappingScheduler(sync_interval=60, connection=redis, interval=1)
        arrange(scheduler, continuous_mappings(), 60)
        redis.zincrby("rq:scheduler:scheduled_jobs", 5 * 3600, "continuous-1")

        scheduler.look()

        assert open_queue(redis).job_ids == ["continuous-1"]


def test_e14b_scheduler_outlives_a_database_that_is_away(
    queued: World, caplog: pytest.LogCaptureFixture
) -> None:
    queued.prepare(crowd(1))
    set_continuous(queued.organisation, True, "tester")
    with open_redis(queued.settings) as redis:
        scheduler = MappingScheduler(sync_interval=60, connection=redis, interval=1)
        db.session.execute(text("ALTER TABLE mapping RENAME TO away"))
        db.session.commit()
        scheduler.look()
        away = open_queue(redis).job_ids
        db.session.execute(text("ALTER TABLE away RENAME TO mapping"))
        db.session.commit()
        scheduler.look()

        assert (away, open_queue(redis).job_ids) == ([], ["continuous-1"])
    assert "The database cannot be used; the scheduler looks again in 1 s" in caplog.text


def is_waiting(redis: Redis) -> bool:
    """Whether a worker has begun altogether and waits for jobs."""
    return any(redis.hget(name, "state") == b"idle" for name in redis.scan_iter("rq:worker:*", _type="hash"))


def test_e14b_scheduler_and_worker_outlive_a_restart_of_the_queue(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    queued.prepare(crowd(1))
    server, url = start_queue(Settings(instance_dir=queued.folder / "second"))
    again = None
    try:
        more = {"PORTAL_REDIS_URL": url}
        started += [queued.command("worker", **more), queued.command("portal", "scheduler", **more)]
        with Redis.from_url(url) as redis:
            wait_until(lambda: is_waiting(redis) and redis.keys("rq:scheduler_instance:*"))
        server.stop()
        again, _ = start_queue(Settings(instance_dir=queued.folder / "second"))
        set_continuous(queued.organisation, True, "tester")
        wait_until(lambda: db.session.scalar(text("SELECT count(*) FROM run WHERE status = 'succeeded'")))

        assert [process.poll() for process in started] == [None, None]
        assert len(queued.records("sessions")) == 1
    finally:
        for process in started:
            end(process)
        (again or server).stop()


def test_e14b_worker_outlives_a_queue_that_is_away_when_its_run_ends(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    mapping = queued.mapping(queued.prepare(crowd(2)))
    server, url = start_queue(Settings(instance_dir=queued.folder / "second"))
    again = None

    def ask() -> int:
        run_id = request_run(mapping, "tester", by_worker=True).id
        with Redis.from_url(url) as redis:
            put_run(open_queue(redis), run_id)
        return run_id

    def wait_for(run_id: int, status: str) -> None:
        wait_until(lambda: queued.run(run_id).status == status)

    try:
        worker = queued.command("worker", PORTAL_REDIS_URL=url)
        started.append(worker)
        queued.asp.control(latency_ms=1500)
        first = ask()
        wait_for(first, "running")
        server.stop()
        queued.asp.control(latency_ms=0)
        wait_for(first, "succeeded")
        again, _ = start_queue(Settings(instance_dir=queued.folder / "second"))
        wait_for(ask(), "succeeded")

        assert worker.poll() is None
        queued.assert_each_once(2, 2)
    finally:
        for process in started:
            end(process)
        (again or server).stop()


def test_scheduler_ends_at_once_with_a_signal_though_the_queue_is_away(
    queued: World, started: list["subprocess.Popen[str]"]
) -> None:
    server, url = start_queue(Settings(instance_dir=queued.folder / "second"))
    process = queued.command("portal", "scheduler", PORTAL_REDIS_URL=url)
    started.append(process)
    with Redis.from_url(url) as redis:
        wait_until(lambda: redis.keys("rq:scheduler_instance:*"))
    server.stop()

    process.terminate()
    _, said = process.communicate(timeout=120)

    assert process.returncode == 0
    assert "Traceback" not in said


def test_scheduler_ends_though_the_queue_goes_while_it_holds_the_lock(
    queued: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, url = start_queue(Settings(instance_dir=queued.folder / "second"))
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def lose_the_queue_and_be_ended() -> list[object]:
        server.stop()
        signal.raise_signal(signal.SIGTERM)
        return []

    def look_again(_seconds: float) -> None:
        raise AssertionError("it goes on")

    scheduler = MappingScheduler(sync_interval=1800, connection=Redis.from_url(url), interval=5)
    monkeypatch.setattr(scheduler, "enqueue_jobs", lose_the_queue_and_be_ended)
    monkeypatch.setattr("portal.workers.schedule.time", SimpleNamespace(sleep=look_again))
    try:
        scheduler.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a6_continuous_sync_rests_from_the_very_end_of_the_last_session(world: World) -> None:
    mapping = world.mapping(
        world.prepare(make_programme([make_session(1, ends_at=f"{YEAR}-06-15T10:00:00Z")]))
    )
    end_of_it = datetime(YEAR, 6, 15, 10, tzinfo=UTC)

    with time_machine.travel(end_of_it - timedelta(milliseconds=1), tick=False):
        before = rests(mapping)
    with time_machine.travel(end_of_it, tick=False):
        assert (before, rests(mapping)) == (False, True)
