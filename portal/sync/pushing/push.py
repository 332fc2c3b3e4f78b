"""Carries a plan out: speakers, streams and locations first, then the sessions that refer to them.

What a thread does and what its result means stand together in a task; the pool hands the results to the run's own
thread, which writes them down in the ledger one by one.
"""

from collections.abc import Callable
from typing import Any, Protocol

from portal.asp.client import AspClient
from portal.asp.errors import AspError, NotThere, SeminarGone
from portal.models.runs import Outcome
from portal.sync.planning.deciding import changed_values
from portal.sync.planning.intent import Action, Intended, IntendedChoice, Plan
from portal.sync.planning.payload import Reference
from portal.sync.pushing.causes import reason_for
from portal.sync.pushing.emails import in_stages, write_circle
from portal.sync.pushing.pool import Pool, Task
from portal.sync.pushing.writing import Writer
from portal.sync.pushing.written import Written


class Ledger(Protocol):
    """Where a push writes down what it did; the run's own thread alone calls it."""

    def record(self, written: Written) -> None: ...
    def record_choice(self, choice: IntendedChoice, uuid: str) -> None: ...
    def warn(self, reason: str) -> None: ...


def push(plan: Plan, client: AspClient, writer: Writer, pool: Pool, ledger: Ledger) -> None:
    """Write what the plan intends. Raises what ends the run, after the records in hand: see `Pool.run`."""
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
