"""Ask a worker for a sync (E1)."""

from portal.config import current_settings
from portal.errors import PortalError
from portal.models import Mapping, Run, RunStatus, db, now
from portal.operations.syncing import request_run
from portal.sync.running.queue import enqueue_run


def start_sync(mapping: Mapping, actor: str, user_id: int | None, unpublish_approved: int = 0) -> Run:
    """Ask a worker for a sync (E1), for which the word of D12 may be given.

    Raises Refused when one is active, PortalError when the queue is out of reach.
    """
    run = request_run(mapping, actor, user_id, unpublish_approved)
    try:
        enqueue_run(run.id, current_settings())
    except PortalError as problem:
        run.status, run.finished_at = RunStatus.FAILED, now()
        run.message = f"Sync stopped: {problem}"
        db.session.commit()
        raise
    return run
