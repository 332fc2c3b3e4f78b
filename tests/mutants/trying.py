"""Tries mutants, each in a process of its own that begins where all tests are already read.

What costs most of such a trial is to begin: to import the portal, to read the tests. So pytest reads the tests once,
and each mutant is tried in a fork of that process, with the tests that choosing.py picks; the first that fails ends
the trial.
"""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

import pytest
from choosing import Choice, Measured
from coverage import Coverage
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from places import Place

PATIENCE = 10.0  # seconds that a test may take, beside ten times its usual time
MEMORY = 8 << 30  # bytes: a mutant that never ends must not take the machine's


class Outcome(StrEnum):
    NOTICED = "noticed"
    ENDLESS = "endless"  # noticed too: it took more than ten times as long, twice
    NOT_NOTICED = "not noticed"
    NO_TEST = "no test"


NOTICED = (Outcome.NOTICED, Outcome.ENDLESS)


class Trials:
    """A pytest plugin that tries mutants in the place of running the tests; `tell` hears how each ended."""

    def __init__(
        self, places: Mapping[str, Place], budget: float, tell: Callable[[str, Outcome], None]
    ) -> None:
        self._places = places
        self._budget = budget
        self._tell = tell
        self._failed = ""

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        self._measured = self._measure(session)
        self._choice = Choice(self._places, self._measured, self._budget)
        late = []
        for mutant in self._places:
            outcome = self._try(session, mutant, PATIENCE)
            if outcome is Outcome.ENDLESS:
                late.append(mutant)
            else:
                self._tell(mutant, outcome)
        for mutant in late:  # the machine may have been busy
            self._tell(mutant, self._try(session, mutant, 6 * PATIENCE))
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed = report.nodeid

    def _measure(self, session: pytest.Session) -> dict[str, Measured]:
        """What each test takes without a mutant, and where it comes through; of those that pass."""
        files = list(dict.fromkeys(item.path for item in session.items))
        shares: list[list[str]] = [[] for _ in range(os.cpu_count() or 1)]
        for test, item in self._items.items():
            shares[files.index(item.path) % len(shares)].append(test)
        measuring = [self._fork_to_measure(session, share) for share in shares]
        told: dict[str, dict[str, Any]] = {}
        for child, read in measuring:
            with os.fdopen(read) as pipe:
                told |= json.load(pipe)
            os.waitpid(child, 0)
        for test in self._items.keys() - told.keys():
            print(f"left out, as it fails without any mutant: {test}")
        return {test: Measured(**each) for test, each in told.items()}

    def _fork_to_measure(self, session: pytest.Session, tests: list[str]) -> tuple[int, int]:
        """The process that runs these tests, and where it writes at its end what it has measured."""
        read, write = os.pipe()
        child = os.fork()
        if child:
            os.close(write)
            return child, read
        os.close(read)
        set_mutant_under_test("stats")
        _silence()
        paths = sorted({str(place.path) for place in self._places.values()})
        coverage = Coverage(data_file=None, config_file=False, include=paths)
        measured: dict[str, Any] = {}
        work = _work()
        coverage.start()
        for test, begun in self._run(session, tests):
            coverage.stop()
            found = coverage.get_data()
            lines = {path: found.lines(path) or [] for path in found.measured_files()}
            seconds = time.monotonic() - begun
            if self._failed != test:
                measured[test] = asdict(Measured(seconds, _work() - work, sorted(state()._stats), lines))
            state()._stats.clear()
            coverage.erase()
            work = _work()
            coverage.start()
        with os.fdopen(write, "w") as pipe:
            json.dump(measured, pipe)
        os._exit(0)

    def _try(self, session: pytest.Session, mutant: str, patience: float) -> Outcome:
        tests = list(self._choice.for_mutant(mutant))
        if not tests:
            return Outcome.NO_TEST
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            os.close(read)
            _silence()
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            set_mutant_under_test(mutant)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            for _ in self._run(session, tests, patience):
                if self._failed:
                    break
            os.write(write, self._failed.encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            noticed_by = pipe.read().decode()
        _, status = os.waitpid(child, 0)
        _end_group(child)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
            return Outcome.ENDLESS
        if noticed_by:
            self._choice.learn(mutant, noticed_by)
        return Outcome.NOTICED if noticed_by or status else Outcome.NOT_NOTICED

    def _run(
        self, session: pytest.Session, tests: list[str], patience: float | None = None
    ) -> Iterator[tuple[str, float]]:
        """Runs one test after the other; after each its name, and when it began."""
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            item = self._items[test]
            begun = time.monotonic()
            if patience is not None:
                signal.setitimer(signal.ITIMER_REAL, patience + 10 * self._measured[test].seconds)
            item.ihook.pytest_runtest_protocol(
                item=item, nextitem=self._items[following] if following else None
            )
            yield test, begun
            if self._failed and patience is not None:
                session._setupstate.teardown_exact(None)


def _work() -> float:
    """The seconds of a processor that this process has taken, and those that it has started and waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(nowhere, stream.fileno())


def _end_group(leader: int) -> None:
    """Ends what a test that was killed has left running."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
