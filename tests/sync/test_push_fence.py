"""A run that was taken for dead while its process slept begins nothing more (E11, E14)."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from portal.asp.client import AspClient
from portal.asp.errors import Stopped
from portal.asp.patience import Waiting
from portal.sync.pushing.pool import Pool

FENCE = 2.0


class Dead:
    """A ledger that finds once that the run is closed, and then has nothing to store and so does not look again."""

    def __init__(self) -> None:
        self.alive = True

    def beat(self) -> None:
        if not self.alive:
            self.alive = True
            raise Stopped


def make_pool(waiting: Waiting, ledger: Any) -> Pool:
    client = cast(AspClient, SimpleNamespace(waiting=waiting))
    return Pool(client, 2, ledger, fence=FENCE)


def test_e14_no_later_beat_lets_requests_begin_again() -> None:
    now = [100.0]
    waiting, ledger = Waiting(lambda: now[0]), Dead()
    pool = make_pool(waiting, ledger)
    assert pool.ask(lambda: "answer") == "answer"
    assert waiting.good_until == 100.0 + FENCE

    now[0], ledger.alive = 200.0, False  # it slept
    with pytest.raises(Stopped):
        pool.ask(lambda: None)
    pool.ask(lambda: None)

    assert waiting.good_until == 100.0 + FENCE
    pool.close()


def test_e14_time_that_a_look_takes_counts_from_its_beginning() -> None:
    now = [100.0]
    waiting = Waiting(lambda: now[0])

    class Slow:
        def beat(self) -> None:
            now[0] += 50  # the process sleeps while it looks

    pool = make_pool(waiting, Slow())
    pool.ask(lambda: None)

    assert waiting.good_until < now[0]
    pool.close()


def test_e14_request_that_is_made_looks_once_more_before_it_travels() -> None:
    now = [100.0]
    waiting = Waiting(lambda: now[0], lambda _seconds: waiting.stop.set())
    waiting.good_until = 101.0
    waiting.until_good()

    now[0] = 102.0
    with pytest.raises(Stopped):
        waiting.until_good()
