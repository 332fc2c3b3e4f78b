"""Whether the process of a run lives, judged without any wall clock (E14, E14b)."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import time_machine
from sqlalchemy import select, update
from sync_world import World, crowd, wait_until

from portal.errors import Refused
from portal.models import (
    Event,
    Flash,
    FrozenSession,
    Organisation,
    Run,
    RunRecord,
    RunStatus,
    Sighting,
    db,
    now,
)
from portal.operations.connection.connecting import disconnect_asp
from portal.operations.files.importing import import_programme
from portal.operations.syncing.runs import active_run, close_dead_runs, perform_run, request_run
from portal.sync.running import loading, process_identity
from portal.sync.running.liveness import interrupt_dead_runs
from portal.sync.running.process_identity import (
    clock_name,
    is_alive,
    machine_name,
    own_process,
    process_started,
)

BOOT_ID = "0ec1a2b3-0000-4000-8000-000000000001"


@pytest.fixture
def sleeper() -> Iterator[int]:
    """The id of a process that does nothing."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process.pid
    process.kill()
    process.communicate()


def claim(event: Event, world: World, **values: Any) -> int:
    """A run that is being worked on, by this very process unless said otherwise."""
    run_id = request_run(world.mapping(event), "tester").id
    beat(run_id, status=RunStatus.RUNNING, heartbeat_at=now(), **values)
    return run_id


def beat(run_id: int, **values: Any) -> None:
    db.session.execute(update(Run).where(Run.id == run_id).values(**values))
    db.session.commit()


def make_proc(folder: Path, process_id: int, stat: bytes) -> Path:
    """A /proc with one process in it."""
    (folder / "self").mkdir(parents=True)
    (folder / "self" / "stat").write_bytes(stat)
    (folder / str(process_id)).mkdir()
    (folder / str(process_id) / "stat").write_bytes(stat)
    return folder


@pytest.mark.parametrize("name", [b"(sleep)", b"(a) b (c))", b"() R 1 2 3 (", b"(\xff\xfe \n)"])
def test_e14b_start_of_a_process_is_read_whatever_its_name(tmp_path: Path, name: bytes) -> None:
    fields = b"S " + b" ".join(str(number).encode() for number in range(4, 53))

    found = process_started(71, make_proc(tmp_path, 71, b"71 (" + name + b") " + fields))

    assert found == 22


@pytest.mark.parametrize("state", [b"Z", b"X"])
def test_e14b_process_that_only_waits_to_be_buried_does_not_live(tmp_path: Path, state: bytes) -> None:
    stat = b"71 (portal) " + state + b" " + b" ".join(b"1" for _ in range(49))

    assert process_started(71, make_proc(tmp_path, 71, stat)) is None


def test_e14b_own_process_lives_and_a_former_one_with_its_id_does_not() -> None:
    own = own_process()

    assert is_alive(os.getpid(), own["process_started"]) is True
    assert is_alive(os.getpid(), own["process_started"] - 1) is False
    assert is_alive(os.getpid(), None) is False


def test_e14b_ended_process_does_not_live() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert [is_alive(process_id, 1.0) for process_id in (ended.pid, 0, None)] == [False, False, False]


def test_e14b_process_that_proc_hides_is_not_called_dead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def forbid(_process_id: int, _signal: int) -> None:
        raise PermissionError

    proc = make_proc(tmp_path, 71, b"71 (portal) S " + b" ".join(b"1" for _ in range(49)))
    monkeypatch.setattr(os, "kill", forbid)

    with pytest.raises(PermissionError):
        process_started(72, proc)


def test_e14b_without_proc_the_start_comes_from_the_kernel_by_psutil(sleeper: int, tmp_path: Path) -> None:
    assert process_started(sleeper, tmp_path) == psutil.Process(sleeper).create_time()


def test_e14b_without_proc_a_process_that_only_waits_to_be_buried_does_not_live(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    wait_until(lambda: psutil.Process(ended.pid).status() == psutil.STATUS_ZOMBIE)

    assert process_started(ended.pid, tmp_path) is None
    ended.wait()
    assert process_started(ended.pid, tmp_path) is None


def test_e14b_machines_of_one_name_are_told_apart_by_boot_and_namespace(tmp_path: Path) -> None:
    def machine(name: str, boot_id: str) -> str:
        proc = tmp_path / name
        (proc / "sys/kernel/random").mkdir(parents=True)
        (proc / "sys/kernel/random/boot_id").write_text(f"{boot_id}\n")
        (proc / "self/ns").mkdir(parents=True)
        (proc / "self/ns/pid").write_text("another file is another namespace")
        return machine_name(proc)

    found = [machine("first", "b1"), machine("another_boot", "b2"), machine("another_container", "b1")]

    assert len(set(found)) == 3
    assert machine_name().split("/")[1] == Path("/proc/sys/kernel/random/boot_id").read_text().strip()


@pytest.mark.parametrize("hours", [-5, -0.001, 0.001, 5])
def test_e14b_step_of_the_clock_kills_no_living_run(
    world: World, monkeypatch: pytest.MonkeyPatch, hours: float
) -> None:
    event = world.prepare(crowd(1))
    run_id = claim(event, world)
    real = psutil.boot_time()

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        monkeypatch.setattr("psutil._pslinux.boot_time", lambda: real + hours * 3600)
        found = active_run(event)

    assert found is not None
    assert found.id == run_id


def test_e14_run_of_this_machine_is_freed_at_once_when_its_process_ended(world: World) -> None:
    event = world.prepare(crowd(1))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    run_id = claim(event, world, process_id=ended.pid)

    assert active_run(event) is None
    assert world.run(run_id).status == "interrupted"


def test_e14_run_that_its_own_process_was_about_to_begin_is_freed_as_well(world: World) -> None:
    event = world.prepare(crowd(1))
    run_id = request_run(world.mapping(event), "command line").id
    beat(run_id, process_started=1.0)  # a former process with the same id

    assert active_run(event) is None
    assert world.run(run_id).status == "interrupted"


@pytest.mark.parametrize("clock", [timedelta(hours=-3), timedelta(0), timedelta(hours=3)])
def test_e14b_run_of_another_machine_is_freed_when_its_heartbeat_stands_still(
    world: World, clock: timedelta
) -> None:
    event = world.prepare(crowd(1))
    run_id = claim(event, world, machine="elsewhere")
    beat(run_id, heartbeat_at=now() + clock)
    passed = [0.0]

    def look(seconds: float) -> str:
        passed[0] = seconds
        interrupt_dead_runs(now(), heartbeat_timeout=60, monotonic=lambda: 1000 + passed[0])
        return world.run(run_id).status

    seen = [look(0), look(59)]
    beat(run_id, heartbeat_at=now() + clock + timedelta(seconds=1))
    seen += [look(61), look(120), look(122)]

    assert seen == ["running", "running", "running", "running", "interrupted"]


def test_e14b_heartbeats_may_go_back_with_their_machines_clock(world: World) -> None:
    event = world.prepare(crowd(1))
    run_id = claim(event, world, machine="elsewhere")
    moment = now()
    instants = itertools.count(0, 50)

    for number in range(6):
        beat(run_id, heartbeat_at=moment - timedelta(hours=number))
        interrupt_dead_runs(now(), heartbeat_timeout=60, monotonic=lambda: float(next(instants)))

    assert world.run(run_id).status == "running"


def test_e14b_commands_that_live_for_a_second_go_on_where_the_one_before_them_looked(
    make_world: Callable[..., World],
) -> None:
    world = make_world(heartbeat_timeout=0.5)
    event = world.prepare(crowd(1))
    claim(event, world, machine="elsewhere", process_id=1)

    first = world.command("portal", "sync", "--org", "one", "--event", "4630")
    _, refused = first.communicate(timeout=120)
    assert refused.startswith("Error: A sync for this event is already running")
    wait_until(lambda: active_run(event) is None)  # this process looks at what the command wrote down

    assert world.sync(event).status == "succeeded"
    assert list(db.session.scalars(select(Sighting))) == []


def test_e14b_each_machine_goes_by_its_own_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    event = world.prepare(crowd(1))
    run_id = claim(event, world, machine="elsewhere")

    for observer, instant in (("first boot", 5.0), ("second boot", 500.0), ("first boot", 64.0)):
        monkeypatch.setattr("portal.sync.running.liveness.clock_name", lambda name=observer: name)
        interrupt_dead_runs(now(), heartbeat_timeout=60, monotonic=lambda moment=instant: moment)

    assert world.run(run_id).status == "running"


def test_e14b_process_that_may_not_be_looked_at_is_judged_by_its_heartbeat(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = world.prepare(crowd(1))
    run_id = claim(event, world)
    monkeypatch.setattr(process_identity, "process_started", _forbidden)

    interrupt_dead_runs(now(), heartbeat_timeout=60, monotonic=lambda: 0.0)
    before = world.run(run_id).status
    interrupt_dead_runs(now(), heartbeat_timeout=60, monotonic=lambda: 61.0)

    assert (before, world.run(run_id).status) == ("running", "interrupted")


def _forbidden(_process_id: int) -> float:
    raise PermissionError


def test_e14b_all_processes_of_one_boot_share_the_name_of_their_clock() -> None:
    words = "from portal.sync.running.process_identity import clock_name; print(clock_name())"

    other = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)

    assert other.stdout.strip() == clock_name()


def test_e14b_second_sync_is_refused_while_the_clock_is_stepped_under_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = world.prepare(crowd(30))
    event_id = event.id
    world.asp.control(latency_ms=60)
    real = psutil.boot_time()
    refused: list[str] = []

    def ask_again() -> None:
        monkeypatch.setattr("psutil._pslinux.boot_time", lambda: real + 3)
        other = db.session.get_one(Event, event_id)
        close_dead_runs()
        try:
            request_run(world.mapping(other), "somebody else")
        except Refused as reason:
            refused.append(str(reason))

    with world.meanwhile(world.has("sessions", 5), ask_again):
        run = world.sync(event)

    assert (run.status, len(refused)) == ("succeeded", 1)
    world.assert_each_once(30, 30)


def test_e14b_sync_that_begins_while_an_import_commits_sees_the_programme_before_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = world.prepare(crowd(2))
    organisation_id = world.organisation.id
    path = world.folder / "second.json"
    path.write_text(json.dumps(crowd(3)), encoding="utf-8")
    real = loading._load_contacts

    def contacts_before_an_import(event_id: int) -> Any:
        found = real(event_id)
        with world.meanwhile(
            lambda: True,
            lambda: import_programme(db.session.get_one(Organisation, organisation_id), path, "tester"),
        ):
            monkeypatch.setattr(loading, "_load_contacts", real)
        return found

    monkeypatch.setattr(loading, "_load_contacts", contacts_before_an_import)
    first = world.sync(event)
    before = (first.status, first.counts["sessions"]["created"], first.counts["speakers"]["created"])
    second = world.sync(event)

    assert before == ("succeeded", 2, 2)
    assert (second.status, second.counts["sessions"]["created"]) == ("succeeded", 1)
    world.assert_each_once(3, 3)


def test_e10_run_is_closed_and_told_when_its_material_cannot_be_read(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    event = world.prepare(crowd(1))
    user = world.add_user()

    def fail(_event_id: int) -> None:
        raise KeyError(3)

    monkeypatch.setattr(loading, "_load_contacts", fail)
    run = world.sync(event, user)

    words = "Sync stopped: Something went wrong in the portal itself (internal); its log says more."
    assert (run.status, run.message) == ("failed", words)
    assert [each.message for each in db.session.scalars(select(Flash))] == [words]
    assert "KeyError: 3" in caplog.text
    assert active_run(event) is None


def test_run_says_in_the_log_when_it_began_and_how_it_ended(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    event = world.prepare(crowd(2))

    with caplog.at_level("INFO", logger="portal.operations.syncing.run_log"):
        run = world.sync(event)

    said = [
        record.getMessage() for record in caplog.records if record.name == "portal.operations.syncing.run_log"
    ]
    assert said == [
        f"Run {run.id} began: Small Conf of one",
        f"Run {run.id} ended: Small Conf of one, succeeded; sessions 2 of 2, speakers 2 of 2; "
        f"{run.requests} requests, {run.writes} writes, {run.seconds} s",
    ]


def test_no_transaction_is_open_while_asp_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = world.prepare(crowd(3))
    run_id = request_run(world.mapping(event), "tester").id
    waits: list[bool] = []

    def waited(*words: Any, **named: Any) -> Any:
        waits.append(db.session().in_transaction())
        return wait(*words, **named)

    monkeypatch.setattr("portal.sync.pushing.pool.wait", waited)
    status = perform_run(run_id)

    assert (status, len(waits) > 3, any(waits)) == ("succeeded", True, False)


def test_e7_records_of_the_latest_runs_alone_are_kept(make_world: Callable[..., World]) -> None:
    world = make_world(kept_runs=2)
    event = world.prepare(crowd(1))

    runs = [world.sync(event).id for _ in range(4)]

    kept = db.session.scalars(select(RunRecord.run_id).distinct().order_by(RunRecord.run_id))
    assert list(kept) == runs[-2:]


def test_f4_records_in_hand_are_frozen_though_the_organisation_connects_again_at_once(world: World) -> None:
    event = world.prepare(crowd(30))
    organisation_id = world.organisation.id
    world.asp.control(latency_ms=60)

    def connect_again() -> None:
        organisation = db.session.get_one(Organisation, organisation_id)
        disconnect_asp(organisation, "tester")
        world.connect(organisation)

    with world.meanwhile(world.has("sessions", 3), connect_again):
        run = world.sync(event)

    written = {each["CustomFields"]["sessionboard_id"] for each in world.records("sessions")}
    frozen = set(db.session.scalars(select(FrozenSession.source_id)))
    assert (run.status, world.links("session"), frozen) == ("cancelled", {}, written)
