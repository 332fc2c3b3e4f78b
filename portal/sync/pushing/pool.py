"""A bounded number of requests in flight: only HTTP happens in the threads.

Results come back to the run's own thread, which handles them one by one. Whatever ends the run lets the records in
hand finish.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Protocol

from portal.asp.client import AspClient
from portal.asp.errors import AspError, CredentialsRejected, NoTimeLeft, SeminarGone, Stopped, Unreachable
from portal.errors import INTERNAL

log = logging.getLogger(__name__)

BEAT = 1.0  # seconds between two looks at whether the run shall go on
QUEUED_AHEAD = 2  # tasks waiting per request in flight, so that no thread waits for the database


class Heart(Protocol):
    """What beats while requests are waited for."""

    def beat(self) -> None:
        """Say that the run is alive. Raises Stopped when it shall end."""


@dataclass(frozen=True, slots=True)
class Task:
    """One record to write: what a thread does, and what its result or its error means."""

    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[AspError], None]


class Pool:
    """A bounded number of tasks in flight; their results are handled in the caller's thread.

    Where the heart has not beaten for `fence` seconds (the machine slept, the database was locked), no further
    request begins until it has: another machine may have taken the run for dead and begun the next one (E14).
    """

    def __init__(self, client: AspClient, in_flight: int, heart: Heart, fence: float = float("inf")) -> None:
        self._client = client
        self._heart = heart
        self._fence = fence
        self._over = False
        self._ahead = in_flight * QUEUED_AHEAD
        self._threads = ThreadPoolExecutor(in_flight, thread_name_prefix="asp")
        self._prober = ThreadPoolExecutor(1, thread_name_prefix="asp-probe")

    def close(self) -> None:
        self._prober.shutdown(wait=True, cancel_futures=True)
        self._threads.shutdown(wait=True, cancel_futures=True)

    def ask(self, work: Callable[[], Any]) -> Any:
        """Run one thing in a thread while the heart goes on beating; its result, or what it raised."""
        return self.ask_all([work])[0]

    def ask_all(self, works: list[Callable[[], Any]]) -> list[Any]:
        """The same for several at once."""
        self._beat()
        futures = [self._threads.submit(work) for work in works]
        while not all(future.done() for future in futures):
            wait(futures, timeout=BEAT)
            self._beat()
        return [future.result() for future in futures]

    def run(self, tasks: Iterable[Task]) -> None:
        """Carry out all tasks; whatever ends the run, the records in hand are finished.

        Raises what ended it: an AspError, or the heart's own failure (a database that is away).
        """
        waiting = deque(tasks)
        running: dict[Future[Any], Task] = {}
        ending: Exception | None = self._stopped()
        while waiting or running:
            while waiting and ending is None and len(running) < self._ahead:
                task = waiting.popleft()
                running[self._threads.submit(self._unless_stopped, task)] = task
            if ending is not None and not running:
                raise ending
            finished, _ = wait(running, timeout=BEAT, return_when=FIRST_COMPLETED)
            for future in finished:
                ended = self._settle(future, running.pop(future), ending)
                ending = ending or ended
            stopped = self._stopped()
            ending = ending or stopped
            if ending is not None:
                self._client.waiting.stop.set()
        if ending is not None:
            raise ending

    def _unless_stopped(self, task: Task) -> Any:
        if self._client.waiting.stop.is_set():
            raise Stopped
        return task.work()

    def _beat(self) -> None:
        looked_at = self._client.waiting.clock()  # before it: the process may sleep while it looks
        try:
            self._heart.beat()
        except BaseException:
            self._over = True  # later beats store what is in hand, and let nothing begin any more (E11, E14)
            raise
        if not self._over:
            self._client.waiting.good_until = looked_at + self._fence

    def _stopped(self) -> Exception | None:
        """What ends the run; the links of what is in flight are kept in hand until it is raised (E10)."""
        try:
            self._beat()
        except Exception as problem:
            return problem
        return None

    def _settle(self, future: Future[Any], task: Task, ending: Exception | None) -> AspError | None:
        """Write down one result; returns the error when it ends the run."""
        try:
            result = future.result()
        except Stopped:
            return None  # not reached: it counts nowhere
        except (CredentialsRejected, NoTimeLeft, SeminarGone) as error:
            return error
        except Unreachable as error:
            return self._judge_silence(error, task, ending)
        except AspError as error:
            task.failed(error)
        except Exception:
            log.exception("A record could not be written")
            task.failed(AspError(INTERNAL))
        else:
            task.done(result)
        return None

    def _judge_silence(self, error: Unreachable, task: Task, ending: Exception | None) -> AspError | None:
        """E12: a probing read tells whether ASP is unreachable, which ends the run, or fails this record alone.

        It has a thread of its own, as all others may be waiting for ASP. A run that ends anyhow does not probe.
        """
        if ending is not None:
            return None
        probe = self._prober.submit(self._client.answers)
        try:
            while not probe.done():
                wait([probe], timeout=BEAT)
                self._beat()
            if not probe.result():
                return error
        except (CredentialsRejected, NoTimeLeft, Stopped) as problem:
            return problem
        what = "did not answer" if error.status is None else f"failed each time (error {error.status})"
        task.failed(
            Unreachable(f"ASP {what} for this record; sync again later.", arrived=False, status=error.status)
        )
        return None
