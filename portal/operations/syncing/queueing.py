"""Ask a worker for a sync (E1), and look after the runs that wait for one (E14b)."""

import logging

from redis import Redis
from redis.exceptions import RedisError

from portal.config import current_settings
from portal.errors import PortalError, Refused
from portal.models import Mapping, Run, RunStatus, db, now
from portal.operations.queries.organisation import find_connection
from portal.operations.sources.wanting import list_wanted
from portal.operations.syncing.obstacles import needs_person
from portal.operations.syncing.runs import WEBHOOK, forgotten_runs, request_run, waiting_runs
from portal.sync.running.liveness import interrupt
from portal.sync.running.queue import enqueue_run, has_worker, open_redis, queue_url, renew_runs

log = logging.getLogger(__name__)

NOBODY_BEGAN_IT = "No worker began it. See that a worker is running, then sync again."


def start_sync(
    mapping: Mapping, actor: str, user_id: int | None, unpublish_approved: int = 0, *, pull_first: bool = True
) -> Run:
    """Ask a worker for a sync (E1), for which unpublishing may be approved (D12).

    Raises Refused when one is active, PortalError when the queue is out of reach.
    """
    settle_forgotten_runs()
    run = request_run(mapping, actor, user_id, unpublish_approved, by_worker=True, pull_first=pull_first)
    try:
        enqueue_run(run.id, current_settings())
    except PortalError as problem:
        run.status, run.finished_at = RunStatus.FAILED, now()
        run.message = f"Sync stopped: {problem}"
        db.session.commit()
        raise
    return run


def settle_forgotten_runs() -> None:
    """Give up the runs that wait for very long where no worker is; where one is, see that they stand in the queue.

    While the queue does not answer nothing is decided: its workers may be busy.
    """
    run_ids = forgotten_runs()
    if not run_ids:
        return
    settings = current_settings()
    if not queue_url(settings):
        _give_up(run_ids)
        return
    try:
        with open_redis(settings) as redis:
            if has_worker(redis):
                renew_runs(redis, run_ids)
            else:
                _give_up(run_ids)
    except (RedisError, OSError, PortalError) as problem:
        log.warning("Whether a worker will begin runs %s cannot be seen: %s", run_ids, problem)


def _give_up(run_ids: list[int]) -> None:
    for run_id in run_ids:
        interrupt(run_id, now(), NOBODY_BEGAN_IT, Run.status == RunStatus.QUEUED)
    db.session.commit()


def renew_queue(redis: Redis) -> None:
    """See that all runs that wait stand in the queue, in a form that a worker of this version reads.

    Raises RedisError or OSError.
    """
    renew_runs(redis, waiting_runs())


def start_wanted_syncs(organisation_id: int | None = None) -> None:
    """Ask for a sync of each event whose source has told of a change, unless one is under way or cannot begin (H1).

    What is told of meanwhile waits for that one's end: the scheduler looks then.
    """
    for mapping, pull in list_wanted(organisation_id):
        if needs_person(mapping, find_connection(mapping.organisation_id)):  # A6
            continue
        try:
            run = request_run(mapping, WEBHOOK, by_worker=True, pull_first=pull)
        except Refused:
            continue  # somebody else was quicker; what waits is gathered into the next one
        try:
            enqueue_run(run.id, current_settings())
        except PortalError as problem:
            log.warning("Run %s waits until the queue is back: %s", run.id, problem)
