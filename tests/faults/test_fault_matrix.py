"""No fault loses, doubles or confuses a record, and the next sync puts all in step (E10–E15).

A few faults are met by every run of the tests; `make faults` meets all of them and writes the table in
docs/reliability.md.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest
from catalogue import FAULTS, Fault
from reliability_page import read_part
from scene import Harm, Queue, Scene
from server import postgresql
from sync_world import SEED, World

from asp_local.server import LocalAsp
from portal.asp import patience

HERE = Path(__file__).parent
RESULTS = os.environ.get("PORTAL_FAULTS", "")  # the file for what is measured
HASTE = 1 / 20  # of the minute for which a record is tried again


@pytest.fixture
def meeting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """What is closed again at the end, whatever happens."""
    monkeypatch.setattr(patience, "ENOUGH", patience.ENOUGH * HASTE)
    with ExitStack() as stack:
        yield stack


def set_up(fault: Fault, folder: Path, meeting: ExitStack) -> Scene:
    queue = Queue(folder / "queue")
    meeting.callback(queue.stop)
    settings = {"asp_retry_pause": 0.01, "redis_url": queue.url, **(fault.settings or {})}

    def restart() -> None:
        raise AssertionError("only PostgreSQL is restarted")

    if "PostgreSQL" in fault.name:
        server = meeting.enter_context(postgresql())
        settings["database_url"], restart = server.address, server.restart
    asp = meeting.enter_context(LocalAsp(SEED, random_seed=18))
    world = World(folder, asp, **settings)
    meeting.callback(world.close)
    return Scene(world, queue, restart)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "fault",
    [pytest.param(each, id=each.name, marks=() if each.quick else pytest.mark.large) for each in FAULTS],
)
def test_nothing_is_lost_or_doubled(fault: Fault, tmp_path: Path, meeting: ExitStack) -> None:
    scene = set_up(fault, tmp_path, meeting)

    message = fault.meet(scene)
    in_step = scene.is_in_step()
    harm = scene.harm()

    if RESULTS:
        with Path(RESULTS).open("a", encoding="utf-8") as results:
            row = {"fault": fault.name, **asdict(harm), "message": message, "in_step": in_step}
            results.write(json.dumps(row) + "\n")
    assert (harm, in_step) == (Harm(0, 0, 0), True)
    assert message not in ("", "None", "nothing")


def test_the_table_has_every_fault() -> None:
    told = [
        line.split("|")[1].strip() for line in read_part("faults").splitlines()[2:] if line.startswith("|")
    ]

    assert told == [each.name for each in FAULTS]


@pytest.mark.parametrize("name", [each.met_by for each in FAULTS if each.met_by])
def test_the_tests_that_meet_slow_faults_are_there(name: str) -> None:
    tests = (path.read_text(encoding="utf-8") for path in HERE.parent.glob("integration/test_*.py"))

    assert sum(f"def {name}(" in text for text in tests) == 1
