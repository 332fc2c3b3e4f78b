"""Finds the runs whose process died, and closes them (E14). No wall clock has a say in it (E14b)."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update

from portal.models import ACTIVE, Run, RunRecord, RunStatus, Sighting, db, insert_or_change
from portal.sync.pushing.ledger import count_outcomes
from portal.sync.running.messages import leave_message
from portal.sync.running.process_identity import clock_name, is_alive, machine_name

PROCESS_ENDED = "The process that worked on it ended. What was written is kept; sync again to carry on."


def interrupt_dead_runs(
    moment: datetime,
    *,
    heartbeat_timeout: float,
    event_id: int | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> int:
    """Mark the runs whose process died as interrupted, and commit that; returns how many.

    On the same machine the process is looked at. Of another machine's (or where looking is forbidden) the heartbeat
    is watched: it has died when the value has not changed for `heartbeat_timeout` seconds of this machine's
    `monotonic`. A run that waits for a worker names no process and is no business of this function's.
    """
    candidates = select(Run.id, Run.machine, Run.process_id, Run.process_started, Run.heartbeat_at)
    candidates = candidates.where(
        or_(Run.status == RunStatus.RUNNING, (Run.status == RunStatus.QUEUED) & Run.machine.is_not(None))
    )
    if event_id is not None:
        candidates = candidates.where(Run.event_id == event_id)
    found = db.session.execute(candidates).all()
    here = machine_name() if found else ""
    noted, interrupted = False, 0
    for run in found:
        alive = is_alive(run.process_id, run.process_started) if run.machine == here else None
        if alive is None:
            silence = _silence(run.id, run.heartbeat_at, monotonic())
            noted = noted or silence is None
            alive = silence is None or silence < heartbeat_timeout
        if not alive:
            unchanged = Run.heartbeat_at.is_not_distinct_from(run.heartbeat_at)
            interrupted += interrupt(run.id, moment, PROCESS_ENDED, Run.status.in_(ACTIVE), unchanged)
    if noted or interrupted:
        db.session.commit()
    return interrupted


def _silence(run_id: int, heartbeat_at: datetime | None, instant: float) -> float | None:
    """For how many seconds this machine has seen the same heartbeat; None when it is a new one, which is noted."""
    observer = clock_name()
    seen = db.session.execute(
        select(Sighting.heartbeat_at, Sighting.since).where(
            Sighting.run_id == run_id, Sighting.observer == observer
        )
    ).first()
    if seen is not None and seen.heartbeat_at == heartbeat_at and seen.since <= instant:
        return instant - float(seen.since)
    noted = {"run_id": run_id, "observer": observer, "heartbeat_at": heartbeat_at, "since": instant}
    insert_or_change(Sighting, [noted], ("run_id", "observer"), ("heartbeat_at", "since"))
    return None


def interrupt(run_id: int, moment: datetime, why: str, *still: ColumnElement[bool]) -> int:
    """Close a run, if it is `still` as it was seen, with the counts of what it wrote down, and tell who asked (E2).

    Returns 1, or 0 when it had moved on meanwhile. The caller commits.
    """
    message = f"Sync interrupted. {why}"
    closed = db.session.execute(
        update(Run)
        .where(Run.id == run_id, *still)
        .values(status=RunStatus.INTERRUPTED, finished_at=moment, message=message, counts=_recorded(run_id))
        .returning(Run.user_id, Run.organisation_id)
    ).first()
    if closed is None:
        return 0
    leave_message(closed.user_id, closed.organisation_id, run_id, RunStatus.INTERRUPTED, message)
    return 1


def _recorded(run_id: int) -> dict[str, dict[str, int]]:
    """The counts of the records that a run wrote down before its process died."""
    rows = db.session.execute(
        select(RunRecord.kind, RunRecord.outcome, func.count())
        .where(RunRecord.run_id == run_id)
        .group_by(RunRecord.kind, RunRecord.outcome)
    )
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, outcome, number in rows:
        outcomes[kind][outcome] = number
    return {f"{kind}s": count_outcomes(outcomes[kind]) for kind in ("session", "speaker")}
