"""Tries mutants, each in a process of its own that begins where all tests are already read.

What costs most of such a trial is to begin: to import the portal, to read the tests. So pytest reads the tests once,
and each mutant is tried in a fork of that process. Of the tests that come through the changed function those that
noticed others of its mutants come first, then the quickest; the first that fails ends the trial.
"""

import json
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

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

    def __init__(self, mutants: Iterable[str], budget: float, tell: Callable[[str, Outcome], None]) -> None:
        self._mutants = list(mutants)
        self._budget = budget
        self._tell = tell
        self._failed = ""
        self._seconds: dict[str, float] = {}
        self._tests: defaultdict[str, list[str]] = defaultdict(list)
        self._noticed_by: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        self._measure(session)
        late = []
        for mutant in self._mutants:
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

    def _measure(self, session: pytest.Session) -> None:
        """How long each test takes without a mutant, and through which functions it comes."""
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            set_mutant_under_test("stats")
            _silence()
            measured: dict[str, tuple[float, list[str]]] = {}
            for test, begun in self._run(session, list(self._items)):
                if self._failed != test:
                    measured[test] = (time.monotonic() - begun, sorted(state()._stats))
                state()._stats.clear()
            with os.fdopen(write, "w") as pipe:
                json.dump(measured, pipe)
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            measured = json.load(pipe)
        os.waitpid(child, 0)
        for test in self._items.keys() - measured.keys():
            print(f"left out, as it fails without any mutant: {test}")
        for test, (seconds, through) in measured.items():
            self._seconds[test] = seconds
            for function in through:
                self._tests[function].append(test)

    def _try(self, session: pytest.Session, mutant: str, patience: float) -> Outcome:
        function = mutant.partition("__mutmut_")[0]
        tests = list(self._chosen(function))
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
            self._noticed_by[function][noticed_by] += 1
        return Outcome.NOTICED if noticed_by or status else Outcome.NOT_NOTICED

    def _chosen(self, function: str) -> Iterator[str]:
        """The tests that come through the function, until together they take longer than there is time for."""
        noticed_by = self._noticed_by[function]
        twins: Counter[str] = Counter()  # tests that differ in their parameters alone notice the same
        cost: dict[str, float] = {}
        for test in sorted(self._tests.get(function, ()), key=self._seconds.__getitem__):
            name = test.partition("[")[0]
            twins[name] += 1
            cost[test] = self._seconds[test] * twins[name]
        spent = 0.0
        for test in sorted(cost, key=lambda test: (-noticed_by[test], cost[test])):
            yield test
            spent += self._seconds[test]
            if spent > self._budget:
                return

    def _run(
        self, session: pytest.Session, tests: list[str], patience: float | None = None
    ) -> Iterator[tuple[str, float]]:
        """Runs one test after the other; after each its name, and when it began."""
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            item = self._items[test]
            begun = time.monotonic()
            if patience is not None:
                signal.setitimer(signal.ITIMER_REAL, patience + 10 * self._seconds[test])
            item.ihook.pytest_runtest_protocol(
                item=item, nextitem=self._items[following] if following else None
            )
            yield test, begun
            if self._failed and patience is not None:
                session._setupstate.teardown_exact(None)


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
