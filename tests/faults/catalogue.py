"""Every fault of the matrix, and how it is met: each function does its harm and says what the admin saw of it."""

import random
import re
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import time_machine
from processes import end
from scene import CALM, SIZE, Scene, photo_of
from sqlalchemy import select
from sync_world import (
    SECOND_SEMINAR,
    SITE,
    YEAR,
    make_contact,
    make_programme,
    make_session,
    on_it,
    wait_until,
)

from portal.errors import PortalError
from portal.models import Event, FrozenSession, Organisation, Run, RunRecord, db
from portal.operations.connection.connecting import disconnect_asp
from portal.operations.mapping.unmapping import remove_mapping
from portal.operations.syncing.queueing import start_sync
from portal.sync.running.queue import has_worker, open_redis

ENDED = ("succeeded", "partial", "failed", "interrupted", "cancelled")
KILLS = 50

Meet = Callable[[Scene], str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by its name in the table. Every run of the tests meets those that are `quick`, or by another test."""

    name: str
    meet: Meet
    quick: bool = False
    settings: dict[str, Any] | None = None  # of the portal
    met_by: str = ""  # the test that meets a slow one in every run


FAULTS: list[Fault] = []


def fault(name: str, **more: Any) -> Callable[[Meet], Meet]:
    def add(meet: Meet) -> Meet:
        FAULTS.append(Fault(name, meet, **more))
        return meet

    return add


def with_controls(
    name: str,
    quick: bool = True,
    settings: dict[str, Any] | None = None,
    met_by: str = "",
    **controls: Any,
) -> None:
    """A fault that ASP has during the whole run."""

    def meet(scene: Scene) -> str:
        scene.asp.control(**controls)
        return str(scene.sync().message)

    FAULTS.append(Fault(name, meet, quick, settings, met_by))


with_controls("429 storm with `Retry-After`", rate_per_s=25)
with_controls("429 storm without `Retry-After`", rate_per_s=25, retry_after=False)
with_controls("500 to a third of all requests", fail_rate=0.33, fail_status=500)
with_controls("502 to a third of all requests", fail_rate=0.33, fail_status=502)
with_controls("503 to a third of all requests", fail_rate=0.33, fail_status=503)
with_controls(
    "Late commits, long after the time-out",
    quick=False,
    met_by="test_e11_create_that_is_carried_out_after_its_time_out_is_found_and_not_repeated",
    late_commit_ms=900,
    fail_paths="/sessions",
    settings={"asp_timeout": 0.6},
)
with_controls("Cut before the write, a third", drop_before_commit_rate=0.33)
with_controls("Cut after the write, a third", drop_after_commit_rate=0.33)
with_controls("Answers that are no JSON, a third", garble_rate=0.33)
with_controls("Answers that break off, a third", truncate_rate=0.33)


@fault(
    "ASP hangs in the middle",
    met_by="test_asp_that_goes_down_ends_the_run_within_two_minutes",
    settings={"asp_timeout": 0.5},
)
def _hangs(scene: Scene) -> str:
    return str(scene.sync_when("sessions", 5, lambda: scene.asp.control(hang_s=3600)).message)


@fault("Tokens expire in the middle", met_by="test_tokens_that_die_early_are_renewed")
def _tokens_expire(scene: Scene) -> str:
    run = scene.sync_when("sessions", 5, lambda: scene.asp.control(token_ttl_s=0.5), latency_ms=120)
    assert scene.asp.stats()["statuses"]["401"] > 0
    return str(run.message)


@fault("Credentials revoked in the middle", quick=True)
def _credentials_revoked(scene: Scene) -> str:
    run = scene.sync_when("sessions", 5, lambda: scene.asp.control(fail_rate=1, fail_status=401))
    return str(run.message)


@fault("Seminar deleted in the middle", quick=True)
def _seminar_deleted(scene: Scene) -> str:
    seminar = scene.world.mapping(scene.event).seminar_uuid
    run = scene.sync_when("sessions", 5, lambda: scene.world.remove("seminars", seminar))
    scene.asp.control(**CALM)
    remove_mapping(scene.world.mapping(scene.event), "tester")
    scene.world.map(scene.event, SITE, SECOND_SEMINAR)
    return str(run.message)


@fault("Record deleted in the middle", met_by="test_record_deleted_by_hand_fails_with_that_reason")
def _record_deleted(scene: Scene) -> str:
    scene.sync()
    scene.world.load(scene.programme(", changed"))
    last = scene.world.session(SIZE)["Uuid"]
    scene.asp.control(latency_ms=60)
    changed = lambda: any(each["Title"].endswith("changed") for each in scene.world.records("sessions"))  # noqa: E731
    with scene.world.meanwhile(changed, lambda: scene.world.remove("sessions", last)):
        run = scene.sync()
    reason = db.session.scalar(
        select(RunRecord.reason).where(RunRecord.run_id == run.id, RunRecord.outcome == "failed")
    )
    scene.change_settings(recreate_deleted=True)
    return f"{run.message} {reason}"


@fault(f"SIGKILL at {KILLS} random moments", met_by="test_killed_process_leaves_no_duplicate_and_no_lock")
def _killed(scene: Scene) -> str:
    """Kill `portal sync` while ASP works on its n-th request, n by chance, and change the programme each time."""
    chance = random.Random(18)
    for number in range(KILLS):
        scene.world.load(scene.programme(f", {number}"))
        before = scene.asp.stats()["requests"]
        at = before + chance.randint(1, 2 * SIZE if number == 0 else SIZE)
        scene.asp.control(latency_ms=chance.choice([5, 15, 30]))
        process = scene.process(
            PORTAL_ASP_TIMEOUT="2"
        )  # for so long each waits for what the last one left (E11)
        wait_until(
            lambda at=at, process=process: scene.asp.stats()["requests"] >= at or process.poll() is not None,
            60,
        )
        process.kill()
        process.communicate()
        scene.asp.control(latency_ms=0)
        assert scene.harm().duplicates == 0
    scene.sync()  # it finds the last one dead
    return str(
        db.session.query(Run).filter(Run.status == "interrupted").order_by(Run.id.desc()).first().message
    )


def _is_there(scene: Scene, requests: int, process: "subprocess.Popen[str]") -> bool:
    """Whether ASP works on that request, or the process has ended before it."""
    return scene.asp.stats()["requests"] >= requests or process.poll() is not None


@fault("SIGTERM of a deploy, in the middle", quick=True)
def _terminated(scene: Scene) -> str:
    with Workers(scene) as workers:
        run_id = _ask(scene)
        wait_until(scene.world.has("sessions", 5), 60)
        end(workers.processes.pop())
        return workers.message_of(run_id)


@fault(
    "Valkey restarted in the middle", met_by="test_e14b_scheduler_and_worker_outlive_a_restart_of_the_queue"
)
def _queue_restarted(scene: Scene) -> str:
    with Workers(scene) as workers:
        run_id = _ask(scene)
        wait_until(scene.world.has("sessions", 5), 60)
        scene.queue.restart()
        first = workers.message_of(run_id)
        workers.message_of(_ask(scene))  # the same worker takes the next one
        return first


@fault("Valkey gone", met_by="test_sync_that_cannot_be_queued_says_so_and_leaves_no_lock")
def _queue_gone(scene: Scene) -> str:
    with Workers(scene):
        scene.queue.stop()
        try:
            _ask(scene)
        except PortalError as problem:
            return str(problem)
        finally:
            scene.queue.start()
    return "nothing"


@fault(
    "Database restarted in the middle (PostgreSQL)",
    met_by="test_e14b_what_is_in_hand_is_stored_when_the_server_is_back",
)
def _database_restarted(scene: Scene) -> str:
    run = scene.sync_when("sessions", 5, scene.restart_database, latency_ms=60)
    return str(run.message)


@fault("Database locked for 10 s", quick=True)
def _database_locked(scene: Scene) -> str:
    path = scene.world.settings.instance_dir / "portal.sqlite3"

    def lock() -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        threading.Event().wait(10)
        connection.execute("ROLLBACK")
        connection.close()

    return str(scene.sync_when("sessions", 5, lock).message)


@fault("Two workers and two admins at once", met_by="test_two_processes_at_once_carry_out_one_run")
def _two_at_once(scene: Scene) -> str:
    refused: list[str] = []
    barrier = threading.Barrier(2)

    def press() -> None:
        with scene.world.app.app_context():
            barrier.wait()
            try:
                _ask(scene)
            except PortalError as problem:
                refused.append(str(problem))

    with Workers(scene, number=2) as workers:
        admins = [threading.Thread(target=press) for _ in range(2)]
        for each in admins:
            each.start()
        for each in admins:
            each.join()
        (run_id,) = db.session.scalars(select(Run.id))
        workers.message_of(run_id)
    return refused[0]


@fault("Disconnected and connected again in the middle", quick=True)
def _disconnected(scene: Scene) -> str:
    organisation_id = scene.world.organisation.id

    def connect_again() -> None:
        organisation = db.session.get_one(Organisation, organisation_id)
        disconnect_asp(organisation, "tester")
        scene.world.connect(organisation)
        scene.world.map(db.session.get_one(Event, scene.event_id))

    run = scene.sync_when("sessions", 5, connect_again)
    assert db.session.query(FrozenSession).count() >= 5
    return str(run.message)


@fault("Clock stepped 5 hours on and back", quick=True)
def _clock_stepped(scene: Scene) -> str:
    def step() -> None:
        for hours in (5, -5):
            with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
                wait_until(scene.world.has("sessions", 8 if hours > 0 else 12))

    return str(scene.sync_when("sessions", 4, step).message)


@fault("The nights on which the clocks change", quick=True)
def _clocks_change(scene: Scene) -> str:
    """Sessions on both nights, synced at the very moment of the first."""
    forward, back = (_last_sunday(month) + timedelta(hours=1) for month in (3, 10))
    sessions, starts = [], {}
    for number in range(1, SIZE + 1):
        change = forward if number % 2 else back
        start = change + timedelta(minutes=(number - SIZE // 2) * 10)
        length = timedelta(minutes=8)
        starts[number] = start
        sessions.append(
            make_session(number, on_it(number), starts_at=_iso(start), ends_at=_iso(start + length))
            | {"room": {"id": f"r{number}", "name": f"Room {number % 3}"}}
        )
    people = [make_contact(each, photo_url=photo_of(each)) for each in range(1, SIZE + 1)]
    scene.world.load(make_programme(sessions, people))
    with time_machine.travel(forward - timedelta(days=1, seconds=1), tick=True):
        message = str(scene.sync().message)
    for number, start in starts.items():
        here = start.astimezone(ZoneInfo("Europe/Brussels")).replace(tzinfo=None)
        assert scene.world.session(number)["StartTime"] == here.isoformat(), number
    return message


@fault("A full disk, in the middle", met_by="test_e14b_a_file_that_cannot_be_written_is_not_waited_for")
def _disk_full(scene: Scene) -> str:
    scene.asp.control(latency_ms=60)
    process = scene.process()
    wait_until(scene.world.has("sessions", 5), 60)
    written = (scene.world.settings.instance_dir / "portal.sqlite3-wal").stat().st_size
    psutil.Process(process.pid).rlimit(psutil.RLIMIT_FSIZE, (written, written))  # no file grows any more
    said, complained = process.communicate(timeout=60)
    assert "Traceback" not in complained, complained
    return _message_in(said) or complained.strip().splitlines()[-1]


class Workers:
    """Worker processes that are there, and the runs that they are asked for."""

    def __init__(self, scene: Scene, number: int = 1) -> None:
        self._scene = scene
        self.processes = [scene.world.command("worker") for _ in range(number)]

    def __enter__(self) -> "Workers":
        self._scene.asp.control(latency_ms=25)
        with open_redis(self._scene.world.settings) as redis:
            wait_until(lambda: has_worker(redis), 60)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            end(process)

    def message_of(self, run_id: int) -> str:
        run = self._scene.world.run
        wait_until(lambda: run(run_id).status in ENDED, 90)
        return str(run(run_id).message)


def _ask(scene: Scene) -> int:
    """Press Sync; the run's id."""
    return start_sync(scene.world.mapping(scene.event), "admin@example.org", None).id


def _last_sunday(month: int) -> datetime:
    last = datetime(YEAR, month, 31, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _message_in(said: str) -> str:
    found = re.search(r'"message": "((?:[^"\\]|\\.)*)"', said)
    return found[1] if found else ""
