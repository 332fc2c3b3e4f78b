"""Carries a plan out: speakers, streams and locations first, then the sessions that refer to them.

Only HTTP happens in the threads; results come back to the run's own thread, which hands them to the ledger one by
one. A bounded number of requests is in flight, and whatever ends the run lets the records in hand finish.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Protocol

from portal.asp.client import AspClient
from portal.asp.errors import AspError, CredentialsRejected, NotThere, SeminarGone, Stopped, Unreachable
from portal.models.runs import Outcome
from portal.sync.planning.deciding import changed_values
from portal.sync.planning.intent import Action, Intended, IntendedChoice, Plan
from portal.sync.planning.payload import Reference
from portal.sync.pushing.addresses import in_stages, write_circle
from portal.sync.pushing.causes import reason_for
from portal.sync.pushing.writing import Writer
from portal.sync.pushing.written import Written

log = logging.getLogger(__name__)

BEAT = 1.0  # seconds between two looks at whether the run shall go on
QUEUED_AHEAD = 2  # tasks waiting per request in flight, so that no thread waits for the database


class Ledger(Protocol):
    """Where a push writes down what it did; the run's own thread alone calls it."""

    def record(self, written: Written) -> None: ...
    def record_choice(self, choice: IntendedChoice, uuid: str) -> None: ...
    def warn(self, reason: str) -> None: ...
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

    Where the ledger has not beaten for `fence` seconds (the machine slept, the database was locked), no further
    request begins until it has: another machine may have taken the run for dead and begun the next one (E14).
    """

    def __init__(
        self, client: AspClient, in_flight: int, ledger: Ledger, fence: float = float("inf")
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._fence = fence
        self._over = False
        self._ahead = in_flight * QUEUED_AHEAD
        self._threads = ThreadPoolExecutor(in_flight, thread_name_prefix="asp")
        self._prober = ThreadPoolExecutor(1, thread_name_prefix="asp-probe")

    def close(self) -> None:
        self._prober.shutdown(wait=True, cancel_futures=True)
        self._threads.shutdown(wait=True, cancel_futures=True)

    def ask(self, work: Callable[[], Any]) -> Any:
        """Run one thing in a thread while the ledger goes on beating; its result, or what it raised."""
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
        """Carry out all tasks. Raises what ends the run, after the records in hand are finished: an AspError, or the
        ledger's own failure (a database that is away).
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
            self._ledger.beat()
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
        except (CredentialsRejected, SeminarGone) as error:
            return error
        except Unreachable as error:
            return self._judge_silence(error, task, ending)
        except AspError as error:
            task.failed(error)
        except Exception:
            log.exception("A record could not be written")
            task.failed(AspError("Something went wrong in the portal itself (internal); its log says more."))
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
        except (CredentialsRejected, Stopped) as problem:
            return problem
        what = "did not answer" if error.status is None else f"failed each time (error {error.status})"
        task.failed(
            Unreachable(f"ASP {what} for this record; sync again later.", arrived=False, status=error.status)
        )
        return None


def push(plan: Plan, client: AspClient, writer: Writer, pool: Pool, ledger: Ledger) -> dict[Reference, str]:
    """Write what the plan intends; returns the known Uuids in the end. Raises AspError for what ends the run."""
    known = dict(plan.known)
    stages = in_stages(plan.speakers, client.contract)
    choices = [_choice_task(choice, writer, ledger, known) for choice in plan.choices if _needs_write(choice)]
    for choice in plan.choices:
        if not _needs_write(choice) and choice.uuid:
            ledger.record_choice(choice, choice.uuid)
    _record_others(
        plan.speakers, {each.id for stage in stages for each in stage.records}, writer, ledger, known
    )
    pool.run(choices)
    for stage in stages:
        if stage.circle:
            pool.run([_circle_task(stage.records, client, writer, ledger, known)])
        else:
            pool.run(_record_task(each, writer, ledger, known) for each in stage.records)
    sessions = _sessions_to_write(plan, known)
    _record_others(plan.sessions, {each.id for each in sessions}, writer, ledger, known)
    pool.run(_record_task(each, writer, ledger, known) for each in sessions)
    return known


def _record_others(
    records: tuple[Intended, ...],
    to_write: set[str],
    writer: Writer,
    ledger: Ledger,
    known: dict[Reference, str],
) -> None:
    """Write down what needs no request: unchanged, skipped, and failed by its own fields."""
    outcomes = {Action.SKIP: Outcome.SKIPPED, Action.FAIL: Outcome.FAILED}
    for each in records:
        if each.id in to_write:
            continue
        if each.action in outcomes:
            outcome = outcomes[each.action]
            found = each.link if each.link is not None and each.link.adopted else None
            ledger.record(
                Written(
                    each.kind, each.id, each.name, outcome, each.reason, link=found, withheld=each.withheld
                )
            )
        elif each.link is not None and (each.link.adopted or each.link.key != each.id):
            ledger.record(writer.write(each, known))  # nothing differs: only the link is kept
        else:
            ledger.record(Written(each.kind, each.id, each.name, Outcome.UNCHANGED, warnings=each.warnings))


def _needs_write(choice: IntendedChoice) -> bool:
    return choice.action in (Action.CREATE, Action.UPDATE)


def _sessions_to_write(plan: Plan, known: dict[Reference, str]) -> list[Intended]:
    """The sessions that the plan writes, and those that change because a record they refer to was made again."""
    moved = any(known.get(reference) != uuid for reference, uuid in plan.known.items())
    return [
        each
        for each in plan.sessions
        if each.action in (Action.CREATE, Action.UPDATE)
        or (moved and each.action is Action.UNCHANGED and changed_values(each, known)[1])
    ]


def _choice_task(choice: IntendedChoice, writer: Writer, ledger: Ledger, known: dict[Reference, str]) -> Task:
    def done(uuid: str) -> None:
        known[Reference(choice.kind, choice.key)] = uuid
        ledger.record_choice(choice, uuid)

    def failed(error: AspError) -> None:
        reason = reason_for(error, choice.values)
        ledger.warn(f"The {choice.kind} “{choice.name}” could not be written to ASP. {reason}")

    return Task(lambda: _checked_seminar(lambda: writer.write_choice(choice), writer), done, failed)


def _record_task(intended: Intended, writer: Writer, ledger: Ledger, known: dict[Reference, str]) -> Task:
    def done(written: Written) -> None:
        _note(intended, written, ledger, known)

    def failed(error: AspError) -> None:
        _note_failure(intended, error, ledger)

    def work() -> Written:
        if intended.kind == "session":
            return _checked_seminar(lambda: writer.write(intended, known), writer)
        return writer.write(intended, known)

    return Task(work, done, failed)


def _circle_task(
    circle: tuple[Intended, ...],
    client: AspClient,
    writer: Writer,
    ledger: Ledger,
    known: dict[Reference, str],
) -> Task:
    by_id = {each.id: each for each in circle}

    def done(written: list[Written]) -> None:
        for each in written:
            _note(by_id[each.id], each, ledger, known)

    def failed(error: AspError) -> None:
        for each in circle:
            _note_failure(each, error, ledger)

    return Task(lambda: write_circle(circle, client, writer, known), done, failed)


def _note(intended: Intended, written: Written, ledger: Ledger, known: dict[Reference, str]) -> None:
    if intended.kind == "speaker" and written.link is not None:
        for contact_id in (intended.id, *intended.also):
            reference = Reference("speaker", contact_id)
            if written.link.gone:  # E13: nobody is put on a session by a record that is not there
                known.pop(reference, None)
            else:
                known[reference] = written.link.asp_uuid
    ledger.record(written)


def _note_failure(intended: Intended, error: AspError, ledger: Ledger) -> None:
    reason = reason_for(error, intended.values)
    ledger.record(Written(intended.kind, intended.id, intended.name, Outcome.FAILED, reason))


def _checked_seminar(write: Callable[[], Any], writer: Writer) -> Any:
    """A 404 to a write below the seminar may mean that the seminar is gone (E10)."""
    try:
        return write()
    except SeminarGone:
        raise
    except NotThere:
        writer.check_seminar()
        raise
