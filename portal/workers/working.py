"""A worker: carries out what stands in the queue. It loads nothing that only `portal up` needs."""

import gc
import logging
import signal
import time
from types import FrameType

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Worker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.worker_registration import register
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.core import create_core
from portal.errors import PortalError
from portal.models import db
from portal.models.revision import check_database
from portal.operations.syncing.queueing import renew_queue
from portal.operations.syncing.runs import close_dead_runs
from portal.sync.running.queue import OUT_OF_REACH, PlainJob, open_queue, open_redis

log = logging.getLogger(__name__)

LOOKS_AGAIN = 5  # seconds until a queue that went away is looked for again
WORKER_TTL = 90  # seconds; so long does Redis believe in a worker that was killed


class SyncWorker(Worker):
    """An RQ worker whose jobs are JSON and run in the application's context, each in a process of its own."""

    told_to_end = False

    def __init__(self, redis: Redis) -> None:
        queue = open_queue(redis)
        super().__init__(
            [queue], connection=redis, job_class=PlainJob, serializer=queue.serializer, worker_ttl=WORKER_TTL
        )

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        db.engine.dispose(close=False)  # connections are not shared with the parent
        return super().perform_job(job, queue, execution)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told_to_end = True
        super().request_stop(signum, frame)

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """As the base does; a run that is under way needs no queue, and goes on where that is away (E14b)."""
        try:
            super().maintain_heartbeats(job, execution)
        except RedisError as problem:
            log.error("The queue cannot be used; the run goes on: %s", problem)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """As the base does; and after Redis lost its memory the worker is known there again."""
        super().heartbeat(timeout, pipeline)
        register(self, pipeline)


def run_worker() -> None:
    """Work until a signal ends it. Raises PortalError when the queue or the database cannot be used at first.

    Unlike RQ's own it outlives a restart of the queue at any moment, as when a run that was under way ends (E14b).
    """
    gc.freeze()  # what was loaded stays: neither this process nor those of its jobs need search it for cycles
    settings = Settings.from_environment()
    with create_core(settings).app_context():
        try:
            check_database()
            redis = open_redis(settings)
            close_dead_runs()
            renew_queue(redis)
            db.session.remove()
        except (RedisError, OSError) as problem:
            raise PortalError(OUT_OF_REACH) from problem
        except SQLAlchemyError as problem:
            raise PortalError(f"The database cannot be used: {str(problem).splitlines()[0]}") from problem
        while not _work(redis, settings.log_level.upper()):
            log.error("The queue cannot be used; the worker looks again in %s s", LOOKS_AGAIN)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, _end)
            time.sleep(LOOKS_AGAIN)


def _work(redis: Redis, log_level: str) -> bool:
    """Work until a signal ends it, which gives True, or the queue goes away."""
    worker = None
    try:
        worker = SyncWorker(redis)
        worker.work(logging_level=log_level)
    except (RedisError, OSError) as problem:
        log.error("The worker has lost the queue: %s", problem)
    return worker is not None and worker.told_to_end


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit
