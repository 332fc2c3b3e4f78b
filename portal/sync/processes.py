"""Which process works on a run, and whether it is still alive (E14)."""

import os
import socket
from datetime import datetime, timedelta

import psutil
from sqlalchemy import or_, select, update

from portal.models import Run, RunStatus, db


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
    moment: datetime, *, heartbeat_timeout: float, queue_timeout: float, mapping_id: int | None = None
) -> int:
    """Mark the runs whose process died as interrupted, and commit; returns how many.

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
    if mapping_id is not None:
        candidates = candidates.where(Run.mapping_id == mapping_id)
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
    db.session.commit()
    return interrupted


def _interrupt(run_id: int, status: str, moment: datetime) -> int:
    words = {
        RunStatus.RUNNING: "The process that worked on it ended. What was written is kept; sync again to carry on.",
        RunStatus.QUEUED: "No worker began it. See that a worker is running, then sync again.",
    }
    changed = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == status)
        .values(
            status=RunStatus.INTERRUPTED,
            finished_at=moment,
            message=f"Sync interrupted. {words[RunStatus(status)]}",
        )
        .returning(Run.id)
    )
    return len(changed.all())
