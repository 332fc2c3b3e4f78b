"""Which process works on a run, and whether it is still alive (E14)."""

import os
import socket
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import psutil
from sqlalchemy import func, or_, select, update

from portal.models import Run, RunRecord, RunStatus, db
from portal.sync.pushing.ledger import count
from portal.sync.running.messages import leave_message


def machine_name() -> str:
    """This machine, told apart from another container with the same name by its process namespace."""
    try:
        namespace = f"/{os.stat('/proc/self/ns/pid').st_ino}"  # noqa: PTH116
    except OSError:
        namespace = ""
    return socket.gethostname() + namespace


def own_process() -> dict[str, str | int | float]:
    """What a run row says of the process that works on it."""
    return {
        "machine": machine_name(),
        "process_id": os.getpid(),
        "process_started": psutil.Process().create_time(),
    }


def is_alive(process_id: int, process_started: float) -> bool:
    """Whether that very process runs on this machine; a later one with the same id does not count."""
    try:
        process = psutil.Process(process_id)
        return abs(process.create_time() - process_started) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def interrupt_dead_runs(
    moment: datetime, *, heartbeat_timeout: float, queue_timeout: float, event_id: int | None = None
) -> int:
    """Mark the runs whose process died as interrupted, and commit that; returns how many.

    On the same machine the process is looked at; elsewhere a long silence counts. A run that no worker has begun
    for very long is given up, so that a lost queue does not lock a mapping for ever.
    """
    silent = moment - timedelta(seconds=heartbeat_timeout)
    forgotten = moment - timedelta(seconds=queue_timeout)
    candidates = select(
        Run.id, Run.status, Run.machine, Run.process_id, Run.process_started, Run.heartbeat_at
    )
    candidates = candidates.where(
        or_(Run.status == RunStatus.RUNNING, (Run.status == RunStatus.QUEUED) & (Run.queued_at < forgotten))
    )
    if event_id is not None:
        candidates = candidates.where(Run.event_id == event_id)
    here = machine_name()
    interrupted = 0
    for run_id, status, machine, process_id, process_started, heartbeat_at in db.session.execute(
        candidates
    ).all():
        if status == RunStatus.RUNNING:
            gone = machine == here and not is_alive(process_id or 0, process_started or 0.0)
            quiet = machine != here and (heartbeat_at is None or heartbeat_at < silent)
            if not gone and not quiet:
                continue
        interrupted += _interrupt(run_id, status, moment)
    if interrupted:
        db.session.commit()
    return interrupted


def _interrupt(run_id: int, status: str, moment: datetime) -> int:
    """Close a run with the counts of what it wrote down, and tell the admin who asked (E2)."""
    words = {
        RunStatus.RUNNING: "The process that worked on it ended. What was written is kept; sync again to carry on.",
        RunStatus.QUEUED: "No worker began it. See that a worker is running, then sync again.",
    }
    message = f"Sync interrupted. {words[RunStatus(status)]}"
    closed = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == status)
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
    return {f"{kind}s": count(outcomes[kind]) for kind in ("session", "speaker")}
