"""Whether the process of a run lives, judged without any wall clock (E14, E14b)."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
import time_machine
from sqlalchemy import select, update
from sync_world import World, crowd, wait_until

from portal.errors import Refused
from portal.models import Event, Run, RunStatus, Sighting, db, now
from portal.operations.syncing import active_run, close_dead_runs, request_run
from portal.sync.running import identity
from portal.sync.running.identity import clock_name, is_alive, machine_name, own_process, process_started
from portal.sync.running.liveness import interrupt_dead_runs

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
    _, refused = first.communicate(timeout=30)
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
    monkeypatch.setattr(identity, "process_started", _forbidden)

    interrupt_dead_runs(now(), heartbeat_timeout=60, monotonic=lambda: 0.0)
    before = world.run(run_id).status
    interrupt_dead_runs(now(), heartbeat_timeout=60, monotonic=lambda: 61.0)

    assert (before, world.run(run_id).status) == ("running", "interrupted")


def _forbidden(_process_id: int) -> float:
    raise PermissionError


def test_e14b_all_processes_of_one_boot_share_the_name_of_their_clock() -> None:
    words = "from portal.sync.running.identity import clock_name; print(clock_name())"

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
