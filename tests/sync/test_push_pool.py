"""Requests in flight: how many, what their errors mean, and that what is in hand is finished (E10, E12, E14)."""

import threading
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from push_samples import RememberedAsp

from portal.asp.errors import (
    AspError,
    CredentialsRejected,
    NoTimeLeft,
    NotThere,
    SeminarGone,
    Stopped,
    Unreachable,
)
from portal.errors import INTERNAL
from portal.sync.pushing.pool import Pool, Task

AWAY = Unreachable("away", arrived=True)
FAILS = Unreachable("fails", arrived=False, status=503)


class Heart:
    """Beats until it is told to stop, and counts."""

    def __init__(self) -> None:
        self.beats = 0
        self.stops_at: int | None = None
        self.problem: Exception = Stopped()

    def beat(self) -> None:
        self.beats += 1
        if self.stops_at is not None and self.beats >= self.stops_at:
            raise self.problem


class Run:
    """A pool with a heart and an ASP, and what its tasks came to."""

    def __init__(self, in_flight: int = 2, answers: bool | AspError = True) -> None:
        self.asp, self.heart = RememberedAsp(), Heart()
        self.done: list[Any] = []
        self.failed: list[AspError] = []
        self.probed = 0
        self._answers = answers
        cast(Any, self.asp).answers = self._probe
        self.pool = Pool(self.asp.client, in_flight, self.heart)

    def _probe(self) -> bool:
        self.probed += 1
        if isinstance(self._answers, AspError):
            raise self._answers
        return self._answers

    def task(self, work: Callable[[], Any] | Exception | str) -> Task:
        def give() -> Any:
            if isinstance(work, Exception):
                raise work
            return work() if callable(work) else work

        return Task(give, self.done.append, self.failed.append)

    def carry_out(self, *works: Any) -> None:
        self.pool.run(self.task(each) for each in works)


@pytest.fixture
def run() -> Iterator[Run]:
    run = Run()
    yield run
    run.pool.close()


def test_every_task_is_carried_out_and_told(run: Run) -> None:
    run.carry_out(*(str(number) for number in range(20)))

    assert sorted(run.done, key=int) == [str(number) for number in range(20)]
    assert run.failed == []
    assert not run.asp.waiting.stop.is_set()


def test_several_questions_are_answered_in_their_order(run: Run) -> None:
    assert run.pool.ask_all([lambda: 1, lambda: 2, lambda: 3]) == [1, 2, 3]
    assert run.pool.ask(lambda: "one") == "one"
    assert run.heart.beats >= 2


def test_no_more_are_in_flight_than_are_allowed() -> None:
    run, lock, inside, most = Run(in_flight=3), threading.Lock(), [0], [0]
    all_in = threading.Barrier(3)

    def work() -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        all_in.wait(120)  # as many are in flight at once as are allowed
        with lock:
            inside[0] -= 1

    run.carry_out(*[work] * 6)

    assert (most[0], len(run.done)) == (3, 6)
    run.pool.close()


def test_an_error_fails_its_own_record_alone(run: Run) -> None:
    problem = NotThere("Not there.")

    run.carry_out(problem, "fine")

    assert (run.failed, run.done, run.probed) == ([problem], ["fine"], 0)


def test_an_error_of_the_portals_own_fails_its_record_alone_and_is_told_as_such(run: Run) -> None:
    run.carry_out(ValueError("a secret of ours"), "fine")

    assert ([str(each) for each in run.failed], run.done) == ([INTERNAL], ["fine"])


@pytest.mark.parametrize(
    "problem", [CredentialsRejected(), SeminarGone(), NoTimeLeft(86_400)], ids=["key", "seminar", "a day"]
)
def test_e10_what_concerns_every_record_ends_the_run_after_those_in_hand(run: Run, problem: AspError) -> None:
    begun = threading.Event()

    def in_hand() -> str:
        begun.set()
        run.asp.waiting.stop.wait(120)
        return "in hand"

    def refused() -> None:
        begun.wait(120)
        raise problem

    with pytest.raises(type(problem)):
        run.carry_out(in_hand, refused, *["not begun"] * 10)

    assert (run.done, run.failed) == (["in hand"], [])


def test_e12_a_record_that_asp_does_not_answer_fails_alone_where_asp_answers_to_another(run: Run) -> None:
    run.carry_out(AWAY, FAILS, "fine")

    told = {str(each): (cast(Any, each).arrived, cast(Any, each).status) for each in run.failed}
    assert told == {
        "ASP did not answer for this record; sync again later.": (False, None),
        "ASP failed each time (error 503) for this record; sync again later.": (False, 503),
    }
    assert (run.done, run.probed) == (["fine"], 2)
    assert all(isinstance(each, Unreachable) for each in run.failed)


def test_e12_where_asp_answers_to_nothing_the_run_ends() -> None:
    run = Run(answers=False)

    with pytest.raises(Unreachable, match=r"^away$"):
        run.carry_out(AWAY)

    assert (run.failed, run.asp.waiting.stop.is_set()) == ([], True)
    run.pool.close()


@pytest.mark.parametrize(
    "problem", [CredentialsRejected(), Stopped(), NoTimeLeft(86_400)], ids=["key", "stopped", "a day"]
)
def test_e12_what_the_probe_meets_ends_the_run(problem: AspError) -> None:
    run = Run(answers=problem)

    with pytest.raises(type(problem)):
        run.carry_out(AWAY)

    assert run.failed == []
    run.pool.close()


def test_e12_a_run_that_ends_anyhow_does_not_probe() -> None:
    run = Run(in_flight=1)

    def silent() -> None:
        raise AWAY

    with pytest.raises(CredentialsRejected):
        run.carry_out(CredentialsRejected(), silent)

    assert (run.probed, run.failed) == (0, [])
    run.pool.close()


def test_e15_a_run_that_is_cancelled_begins_nothing_more(run: Run) -> None:
    run.heart.stops_at = 1

    with pytest.raises(Stopped):
        run.carry_out("never begun")

    assert (run.done, run.failed) == ([], [])


def test_a_heart_that_fails_ends_the_run_with_what_it_met(run: Run) -> None:
    run.heart.stops_at, run.heart.problem = 2, RuntimeError("the database is away")

    with pytest.raises(RuntimeError, match="the database is away"):
        run.carry_out("in hand", *["more"] * 20)

    assert run.asp.waiting.stop.is_set()


def test_a_question_ends_when_the_run_does(run: Run) -> None:
    run.heart.stops_at = 1

    with pytest.raises(Stopped):
        run.pool.ask(lambda: "never begun")


def test_what_waits_for_its_turn_is_dropped_when_the_pool_closes() -> None:
    run = Run(in_flight=1)
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        go_on.wait(120)

    futures = [run.pool._threads.submit(work) for work in (first, lambda: run.done.append("late"))]
    dropped = threading.Event()
    futures[1].add_done_callback(lambda _: dropped.set())
    begun.wait(120)
    closing = threading.Thread(target=run.pool.close)
    closing.start()
    was_dropped = dropped.wait(120)
    go_on.set()
    closing.join(120)

    assert (was_dropped, run.done, futures[0].done()) == (True, [], True)
