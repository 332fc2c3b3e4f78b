"""Writes down what a run does, as it does it: links, outcomes, progress, heartbeat. Only the run's own thread."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.asp.errors import Stopped
from portal.models import (
    Choice,
    Connection,
    Link,
    LinkKind,
    Outcome,
    Run,
    RunRecord,
    RunStatus,
    Session,
    SessionTag,
    db,
)
from portal.sync.planning.intent import IntendedChoice, Plan
from portal.sync.pushing.freezing import freeze_links
from portal.sync.pushing.writing import Written

HEARTBEAT = 1.0  # seconds between two heartbeats
COUNTED = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where links belong (I2)."""

    organisation_id: int
    connection_id: int
    site_uuid: str
    seminar_uuid: str


@dataclass(slots=True)
class RunLedger:
    """The record of one run. `monotonic` is the clock of the heartbeats, `now` that of the rows."""

    run_id: int
    place: Place
    monotonic: Callable[[], float]
    now: Callable[[], datetime]
    outcomes: dict[str, Counter[str]] = field(
        default_factory=lambda: {"session": Counter(), "speaker": Counter()}
    )
    reached: set[str] = field(default_factory=set)  # sessions that are in ASP as the programme has them
    _records: list[dict[str, Any]] = field(default_factory=list)
    _links: list[dict[str, Any]] = field(default_factory=list)
    _former: list[tuple[str, str]] = field(default_factory=list)
    _gone: list[str] = field(default_factory=list)
    _last_beat: float = float("-inf")

    def expect(self, plan: Plan) -> None:
        """Set the totals of the progress (E3), and what an admin is asked about (D12)."""
        self._update_run(
            speakers_total=len(plan.speakers),
            sessions_total=len(plan.sessions),
            withheld=plan.withheld,
        )
        db.session.commit()

    def record(self, written: Written) -> None:
        """Keep one record's outcome; it is stored at the next beat."""
        self.outcomes[written.kind][written.outcome] += 1
        self._add(written.kind, written.id, written.name, written.outcome, written.reason, written)
        for warning in written.warnings:
            self._add(written.kind, written.id, written.name, Outcome.WARNING, warning)
        if written.kind == "session" and written.outcome in (
            Outcome.CREATED,
            Outcome.UPDATED,
            Outcome.UNCHANGED,
        ):
            self.reached.add(written.id)
        if written.asp_uuid is not None:
            seminar = self.place.seminar_uuid if written.kind == "session" else ""
            self._keep_link(written.kind, seminar, written.id, written.asp_uuid, written)
        self._gone += written.gone
        if written.former_key is not None:
            self._former.append((written.kind, written.former_key))

    def record_choice(self, choice: IntendedChoice, uuid: str) -> None:
        """Keep the link of a stream or location."""
        pushed = Written(choice.kind, choice.key, choice.name, Outcome.UNCHANGED, pushed=choice.values)
        self._keep_link(choice.kind, self.place.seminar_uuid, choice.key, uuid, pushed)

    def warn(self, reason: str, outcome: Outcome = Outcome.WARNING) -> None:
        """A warning of the whole run, or, as failed, why it was stopped."""
        self._add("run", str(self.run_id), f"Run {self.run_id}", outcome, reason)

    def beat(self) -> None:
        """Store what came in. Raises Stopped when the run was cancelled, or was taken for dead meanwhile."""
        moment = self.monotonic()
        due = moment - self._last_beat >= HEARTBEAT
        if not due and not self._records and not self._links:
            return
        self._store()
        if due:
            alive = self._update_run(
                heartbeat_at=self.now(),
                speakers_done=self._done("speaker"),
                sessions_done=self._done("session"),
            )
            self._last_beat = moment
        else:  # asked after every record, so that the run stops with the records in hand (E15, F4)
            own = (Run.id == self.run_id, Run.status == RunStatus.RUNNING)
            alive = db.session.execute(select(Run.cancel_requested).where(*own)).first()
        self.commit()
        if alive is None or alive.cancel_requested:
            raise Stopped

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
            speakers_done=self._done("speaker"),
            sessions_done=self._done("session"),
            **values,
        )

    def commit(self) -> None:
        """Commit what was stored since the last beat."""
        db.session.commit()
        self._records, self._links, self._former, self._gone = [], [], [], []

    def counts(self) -> dict[str, dict[str, int]]:
        """The counts of a run: {"sessions": {"attempted", "synced", …}, "speakers": {…}}."""
        return {f"{kind}s": count(outcomes) for kind, outcomes in self.outcomes.items()}

    def _done(self, kind: str) -> int:
        return self.outcomes[kind].total()

    def _update_run(self, **values: Any) -> Any:
        """Change the run's row as long as this process may; the row, or None when the run was closed by another."""
        return db.session.execute(
            update(Run)
            .where(Run.id == self.run_id, Run.status == RunStatus.RUNNING)
            .values(**values)
            .returning(Run.cancel_requested, Run.user_id, Run.organisation_id)
        ).first()

    def _add(
        self,
        kind: str,
        id: str,
        name: str,
        outcome: str,
        reason: str | None,
        written: Written | None = None,
    ) -> None:
        self._records.append(
            {
                "run_id": self.run_id,
                "kind": kind,
                "source_id": id,
                "name": name,
                "outcome": outcome,
                "reason": reason,
                "changed": written.changed if written else [],
                "asp_uuid": written.asp_uuid if written else None,
                "withheld": bool(written and written.withheld),
            }
        )

    def _keep_link(self, kind: str, seminar: str, key: str, asp_uuid: str, written: Written) -> None:
        self._links.append(
            {
                "organisation_id": self.place.organisation_id,
                "site_uuid": self.place.site_uuid,
                "seminar_uuid": seminar,
                "kind": kind,
                "key": key,
                "asp_uuid": asp_uuid,
                "pushed": written.pushed,
                "pushed_hash": written.pushed_hash,
                "refused": written.refused,
                "unpublished": written.unpublished,
                "pushed_at": self.now(),
            }
        )

    def _store(self) -> None:
        for kind, key in self._former:
            db.session.execute(delete(Link).where(*self._of_this_place(kind), Link.key == key))
        if self._gone:  # nothing counts as pushed: the next run updates them, and meets the 404 of E13
            gone = (*self._of_this_place(LinkKind.SPEAKER), Link.asp_uuid.in_(self._gone))
            db.session.execute(update(Link).where(*gone).values(pushed={}))
        if self._links:
            self._store_links()
        if self._records:
            db.session.execute(insert(RunRecord), self._records)

    def _store_links(self) -> None:
        # Writing, on SQLite too, makes a Disconnect that happens at this moment wait, or this see that it happened.
        connected = db.session.execute(
            update(Connection)
            .where(Connection.id == self.place.connection_id)
            .values(continuous=Connection.continuous)
            .returning(Connection.id)
            .execution_options(synchronize_session=False)
        ).first()
        if connected is None:
            freeze_links(self._links)
            return
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(Link)
        keys = ["organisation_id", "site_uuid", "seminar_uuid", "kind", "key"]
        kept = {
            name: statement.excluded[name]
            for name in ("asp_uuid", "pushed", "pushed_hash", "refused", "unpublished", "pushed_at")
        }
        db.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=kept), self._links)

    def _of_this_place(self, kind: str) -> tuple[Any, ...]:
        return (
            Link.organisation_id == self.place.organisation_id,
            Link.site_uuid == self.place.site_uuid,
            Link.kind == kind,
        )

    def _lock_names(self) -> None:
        """Remember under which names formats, rooms, tags and levels were synced (C6)."""
        for choice_ids in choices_of_sessions(self.run_id, self.reached):
            db.session.execute(
                update(Choice)
                .where(Choice.id.in_(choice_ids), Choice.synced_name.is_distinct_from(Choice.name))
                .values(synced_name=Choice.name)
            )


def choices_of_sessions(run_id: int, source_ids: set[str]) -> list[list[int]]:
    """The ids of all choices that these sessions of the run's event use, in portions that a statement can take."""
    event_id = select(Run.event_id).where(Run.id == run_id).scalar_subquery()
    columns = (Session.format_id, Session.room_id, Session.level_id, Session.track_id, Session.language_id)
    rows = db.session.execute(
        select(Session.id, Session.source_id, *columns).where(Session.event_id == event_id)
    ).all()
    used = {
        choice_id
        for row in rows
        if row.source_id in source_ids
        for choice_id in row[2:]
        if choice_id is not None
    }
    sessions = {row.id for row in rows if row.source_id in source_ids}
    tags = db.session.execute(
        select(SessionTag.session_id, SessionTag.choice_id)
        .join(Session, Session.id == SessionTag.session_id)
        .where(Session.event_id == event_id)
    )
    used |= {choice_id for session_id, choice_id in tags if session_id in sessions}
    ordered = sorted(used)
    return [ordered[start : start + 500] for start in range(0, len(ordered), 500)]


def count(outcomes: Counter[str]) -> dict[str, int]:
    """attempted = created + updated + unchanged + failed; synced = attempted − failed; skipped stands outside."""
    attempted = sum(outcomes[each] for each in COUNTED)
    return {
        "attempted": attempted,
        "synced": attempted - outcomes[Outcome.FAILED],
        **{str(each): outcomes[each] for each in (*COUNTED[:3], Outcome.SKIPPED, Outcome.FAILED)},
    }
