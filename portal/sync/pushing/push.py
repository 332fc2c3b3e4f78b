"""Carries a plan out: speakers, streams and locations first, then the sessions that refer to them.

What a thread does and what its result means stand together in a task; the pool hands the results to the run's own
thread, which writes them down in the ledger one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from portal.asp.client import AspClient
from portal.asp.errors import AspError, NotThere, SeminarGone
from portal.models.runs import Outcome
from portal.sync.planning.deciding import Known, values_to_send
from portal.sync.planning.intent import Action, Intended, IntendedChoice, Plan
from portal.sync.planning.payload import Reference
from portal.sync.pushing.causes import reason_for
from portal.sync.pushing.emails import in_stages, write_circle
from portal.sync.pushing.pool import Pool, Task
from portal.sync.pushing.writing import Writer
from portal.sync.pushing.written import OUTCOMES, Written

Result = TypeVar("Result")


class Ledger(Protocol):
    """Where a push writes down what it did; the run's own thread alone calls it."""

    def record(self, written: Written) -> None: ...
    def record_choice(self, choice: IntendedChoice, uuid: str) -> None: ...
    def warn(self, reason: str) -> None: ...


def push(plan: Plan, client: AspClient, writer: Writer, pool: Pool, ledger: Ledger) -> None:
    """Write what the plan intends. Raises what ends the run, after the records in hand: see `Pool.run`."""
    hands = _Hands(client, writer, ledger, dict(plan.known))
    stages = in_stages(plan.speakers, client.contract)
    for choice in plan.choices:
        if not _needs_write(choice) and choice.uuid:
            ledger.record_choice(choice, choice.uuid)
    hands.record_others(plan.speakers, {each.id for stage in stages for each in stage.records})
    pool.run([hands.choice_task(choice) for choice in plan.choices if _needs_write(choice)])
    for stage in stages:
        if stage.circle:
            pool.run([hands.circle_task(stage.records)])
        else:
            pool.run(hands.record_task(each) for each in stage.records)
    sessions = _sessions_to_write(plan, hands.known)
    hands.record_others(plan.sessions, {each.id for each in sessions})
    pool.run(hands.record_task(each) for each in sessions)


def _needs_write(choice: IntendedChoice) -> bool:
    return choice.action in (Action.CREATE, Action.UPDATE)


def _sessions_to_write(plan: Plan, known: Known) -> list[Intended]:
    """The sessions that the plan writes, and those that change because a record they refer to was made again."""
    moved = any(known.get(reference) != uuid for reference, uuid in plan.known.items())
    return [
        each
        for each in plan.sessions
        if each.action in (Action.CREATE, Action.UPDATE)
        or (moved and each.action is Action.UNCHANGED and values_to_send(each, known).changed)
    ]


@dataclass(frozen=True, slots=True)
class _Hands:
    """Makes the tasks of one push; `known` are the Uuids known by now, which each task that is done adds to."""

    client: AspClient
    writer: Writer
    ledger: Ledger
    known: dict[Reference, str]

    def record_others(self, records: tuple[Intended, ...], to_write: set[str]) -> None:
        """Write down what needs no request: unchanged, skipped, and failed by its own fields."""
        for each in records:
            if each.id not in to_write:
                self.ledger.record(self._without_request(each))

    def _without_request(self, each: Intended) -> Written:
        if each.action in (Action.SKIP, Action.FAIL):
            outcome = OUTCOMES[each.action]
            found = each.link if each.link is not None and each.link.adopted else None
            return Written(
                each.kind, each.id, each.name, outcome, each.reason, link=found, withheld=each.withheld
            )
        if each.link is not None and (each.link.adopted or each.link.key != each.id):
            return self.writer.write(each, self.known)  # nothing differs: only the link is kept
        return Written(each.kind, each.id, each.name, Outcome.UNCHANGED, warnings=each.warnings)

    def choice_task(self, choice: IntendedChoice) -> Task:
        def done(uuid: str) -> None:
            self.known[Reference(choice.kind, choice.key)] = uuid
            self.ledger.record_choice(choice, uuid)

        def failed(error: AspError) -> None:
            reason = reason_for(error, choice.values)
            self.ledger.warn(f"The {choice.kind} “{choice.name}” could not be written to ASP. {reason}")

        return Task(lambda: self._checked_seminar(lambda: self.writer.write_choice(choice)), done, failed)

    def record_task(self, intended: Intended) -> Task:
        def work() -> Written:
            if intended.kind == "session":
                return self._checked_seminar(lambda: self.writer.write(intended, self.known))
            return self.writer.write(intended, self.known)

        return Task(
            work,
            lambda written: self._note(intended, written),
            lambda error: self._note_failure(intended, error),
        )

    def circle_task(self, circle: tuple[Intended, ...]) -> Task:
        by_id = {each.id: each for each in circle}

        def done(written: list[Written]) -> None:
            for each in written:
                self._note(by_id[each.id], each)

        def failed(error: AspError) -> None:
            for each in circle:
                self._note_failure(each, error)

        return Task(lambda: write_circle(circle, self.client, self.writer, self.known), done, failed)

    def _note(self, intended: Intended, written: Written) -> None:
        if intended.kind == "speaker" and written.link is not None:
            for contact_id in (intended.id, *intended.also):
                reference = Reference("speaker", contact_id)
                if written.link.gone:  # E13: nobody is put on a session by a record that is not there
                    self.known.pop(reference, None)
                else:
                    self.known[reference] = written.link.asp_uuid
        self.ledger.record(written)

    def _note_failure(self, intended: Intended, error: AspError) -> None:
        reason = reason_for(error, intended.values)
        self.ledger.record(Written(intended.kind, intended.id, intended.name, Outcome.FAILED, reason))

    def _checked_seminar(self, write: Callable[[], Result]) -> Result:
        """A 404 to a write below the seminar may mean that the seminar is gone (E10)."""
        try:
            return write()
        except SeminarGone:
            raise
        except NotThere:
            self.writer.check_seminar()
            raise
