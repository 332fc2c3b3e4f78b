"""Writes down what a run does, as it does it: links, outcomes, progress, heartbeat. Only the run's own thread."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select, update
from sqlalchemy.exc import OperationalError

from portal.asp.errors import Stopped
from portal.models import Choice, Outcome, Run, RunRecord, RunStatus, db
from portal.sync.planning.intent import Action, IntendedChoice, Plan
from portal.sync.planning.snapshot import LinkSnapshot
from portal.sync.pushing.links import NewLinks
from portal.sync.pushing.written import PUBLISHED, Written

log = logging.getLogger(__name__)

HEARTBEAT = 1.0  # seconds between two heartbeats
# Seconds that the database's server may be away without ending the run: a restart takes less.
LONGEST_AWAY = 20.0
LOOK_AGAIN = 0.5  # seconds until it is tried again
COUNTED = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.FAILED)


@dataclass(slots=True)
class RunLedger:
    """The record of one run. `monotonic` is the clock of the heartbeats, `now` that of the rows.

    `choices` are the ids and names of the formats, rooms, tags and levels that are sent of each session (C6);
    `planned` is what the plan changes of each record that it updates, by kind and id (E7).
    """

    run_id: int
    links: NewLinks
    monotonic: Callable[[], float]
    now: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep
    outcomes: dict[str, Counter[str]] = field(
        default_factory=lambda: {"session": Counter(), "speaker": Counter()}
    )
    choices: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    # Slug → [before, after].
    planned: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)  # sessions that are in ASP as the programme has them
    expected: set[tuple[str, str]] = field(default_factory=set)  # what the totals count, by kind and id
    in_making: dict[str, str] = field(default_factory=dict)  # people who have no link yet, with their e-mail
    _records: list[dict[str, Any]] = field(default_factory=list)
    _last_beat: float = float("-inf")

    def expect(self, plan: Plan, in_making: dict[str, str]) -> None:
        """Set the totals of the progress (E3), what an admin is asked about (D12), and who is to be made (E11).

        The totals are those of the result: what is skipped is no part of either (E2b).
        """
        self.in_making = in_making
        self.expected = {
            (each.kind, each.id)
            for each in (*plan.speakers, *plan.sessions)
            if each.action is not Action.SKIP
        }
        self._update_run(in_making=in_making, **self._totals(), withheld=plan.withheld)
        db.session.commit()

    def record(self, written: Written) -> None:
        """Keep one record's outcome; it is stored at the next beat."""
        self.outcomes[written.kind][written.outcome] += 1
        if written.outcome is Outcome.SKIPPED:  # as what was to be unpublished and was deleted in ASP by hand
            self.expected.discard((written.kind, written.id))
        self._add(written.kind, written.id, written.name, written.outcome, written.reason, written)
        for warning in written.warnings:
            self._add(written.kind, written.id, written.name, Outcome.WARNING, warning)
        if written.kind == "session" and written.outcome in (
            Outcome.CREATED,
            Outcome.UPDATED,
            Outcome.UNCHANGED,
        ):
            self.reached.add(written.id)
        self._keep_links(written)

    def _keep_links(self, written: Written) -> None:
        if written.former_key is not None:
            if written.handed_on is None:
                self.links.end(written.kind, written.former_key)
            else:  # the two swap (D13)
                self.links.keep(written.kind, written.former_key, written.handed_on)
        if written.link is not None:
            self.links.keep(written.kind, written.id, written.link)
            if written.kind == "speaker":
                self.in_making.pop(written.id, None)
        self.links.lose(written.gone)

    def record_choice(self, choice: IntendedChoice, uuid: str) -> None:
        """Keep the link of a stream or location."""
        self.links.keep(choice.kind, choice.key, LinkSnapshot(choice.key, uuid, choice.values))

    def warn(self, reason: str, outcome: Outcome = Outcome.WARNING) -> None:
        """A warning of the whole run, or, as failed, why it was stopped."""
        self._add("run", str(self.run_id), f"Run {self.run_id}", outcome, reason)

    def beat(self) -> None:
        """Store what came in. Raises Stopped when the run was cancelled, or was taken for dead meanwhile."""
        moment = self.monotonic()
        due = moment - self._last_beat >= HEARTBEAT
        if not due and not self._records and not self.links:
            return
        alive = self.patiently(lambda: self._store_and_look(due))
        if due:
            self._last_beat = moment
        if alive is None or alive.cancel_requested:
            raise Stopped

    def _store_and_look(self, due: bool) -> Any:
        """The run's row, or None when somebody else has closed it; with a heartbeat where that is due."""
        self._store()
        if due:
            alive = self._update_run(heartbeat_at=self.now(), **self._progress())
        else:  # asked after every record, so that the run stops with the records in hand (E15, F4)
            own = (Run.id == self.run_id, Run.status == RunStatus.RUNNING)
            alive = db.session.execute(select(Run.cancel_requested).where(*own)).first()
        self.commit()
        return alive

    def patiently(self, work: Callable[[], Any]) -> Any:  # E14b
        """What the work gives, which stores and commits: done anew while the database's server restarts.

        Nothing is forgotten before its commit, so that what is in hand is stored by whichever attempt succeeds.
        Raises OperationalError. A file does not restart, and SQLite has waited for a lock already.
        """
        gives_up_at = self.monotonic() + LONGEST_AWAY
        while True:
            try:
                return work()
            except OperationalError as problem:
                db.session.rollback()
                if db.engine.dialect.name == "sqlite" or self.monotonic() >= gives_up_at:
                    raise
                log.warning("Run %s waits for the database: %s", self.run_id, what_failed(problem))
            self.pause(LOOK_AGAIN)

    def finish(self, status: RunStatus, message: str, **values: Any) -> Any:
        """Close the run; its row, or None when it had been taken for dead and is closed already.

        The caller adds the message for who asked and calls `commit`, so that the end is one commit.
        """
        self._store()
        self._lock_names()
        return self._update_run(
            status=status,
            message=message,
            finished_at=self.now(),
            counts=self.counts(),
            in_making=self.in_making,
            **self._progress(),
            **values,
        )

    def commit(self) -> None:
        """Commit what was stored since the last beat."""
        db.session.commit()
        self._records = []
        self.links.forget()

    def counts(self) -> dict[str, dict[str, int]]:
        """The counts of a run: {"sessions": {"attempted", "synced", …}, "speakers": {…}}."""
        return {f"{kind}s": count_outcomes(outcomes) for kind, outcomes in self.outcomes.items()}

    def _progress(self) -> dict[str, int]:
        done = {f"{kind}s_done": count_outcomes(told)["attempted"] for kind, told in self.outcomes.items()}
        return done | self._totals()

    def _totals(self) -> dict[str, int]:
        counted = Counter(kind for kind, _ in self.expected)
        return {"speakers_total": counted["speaker"], "sessions_total": counted["session"]}

    def _update_run(self, **values: Any) -> Any:
        """Change the run's row as long as this process may; the row, or None when the run was closed by another."""
        return db.session.execute(
            update(Run)
            .where(Run.id == self.run_id, Run.status == RunStatus.RUNNING)
            .values(**values)
            .returning(Run.cancel_requested, Run.user_id, Run.organisation_id)
        ).first()

    def _add(
        self, kind: str, id: str, name: str, outcome: str, reason: str | None, written: Written | None = None
    ) -> None:
        self._records.append(
            {
                "run_id": self.run_id,
                "kind": kind,
                "source_id": id,
                "name": name,
                "outcome": outcome,
                "reason": reason,
                "changed": list(written.changed) if written else [],
                "fields": self._before_and_after(written),
                "asp_uuid": written.link.asp_uuid if written and written.link else None,
                "withheld": bool(written and written.withheld),
            }
        )

    def _before_and_after(self, written: Written | None) -> dict[str, list[str]]:
        """The planned changes that were really written."""
        if written is None or written.outcome is not Outcome.UPDATED:
            return {}
        planned = self.planned.get((written.kind, written.id), {})
        return {slug: pair for slug, pair in planned.items() if slug in written.changed or slug == PUBLISHED}

    def _store(self) -> None:
        self.links.store()
        if self._records:
            db.session.execute(insert(RunRecord), self._records)

    def _lock_names(self) -> None:
        """Remember under which names formats, rooms, tags and levels were synced (C6): those that were pushed."""
        used = dict.fromkeys(choice for id in self.reached for choice in self.choices.get(id, ()))
        if used:
            named: BindParameter[str] = bindparam("named")
            statement = update(Choice).where(
                Choice.id == bindparam("choice_id"), Choice.synced_name.is_distinct_from(named)
            )
            rows = [{"choice_id": choice_id, "named": name} for choice_id, name in used]
            db.session.connection().execute(statement.values(synced_name=named), rows)


def what_failed(problem: OperationalError) -> str:
    """For the log, in one line: a restart, a lock, a full disk. No statement, and no values."""
    return str(problem.orig).partition("\n")[0]


def count_outcomes(outcomes: Counter[str]) -> dict[str, int]:
    """attempted = created + updated + unchanged + failed; synced = attempted − failed; skipped stands outside."""
    attempted = sum(outcomes[each] for each in COUNTED)
    return {
        "attempted": attempted,
        "synced": attempted - outcomes[Outcome.FAILED],
        **{str(each): outcomes[each] for each in (*COUNTED[:3], Outcome.SKIPPED, Outcome.FAILED)},
    }
