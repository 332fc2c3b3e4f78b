"""A worker: carries out what stands in the queue. It loads nothing that only `portal up` needs."""

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Worker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.worker_registration import register

from portal.config import Settings
from portal.core import create_core
from portal.errors import PortalError
from portal.models import db
from portal.operations.syncing.queueing import renew_queue
from portal.operations.syncing.runs import close_dead_runs
from portal.sync.running.queue import OUT_OF_REACH, PlainJob, open_queue, open_redis

WORKER_TTL = 90  # seconds; so long does Redis believe in a worker that was killed


class SyncWorker(Worker):
    """An RQ worker whose jobs are JSON and run in the application's context, each in a process of its own."""

    def __init__(self, redis: Redis) -> None:
        queue = open_queue(redis)
        super().__init__(
            [queue], connection=redis, job_class=PlainJob, serializer=queue.serializer, worker_ttl=WORKER_TTL
        )

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        db.engine.dispose(close=False)  # connections are not shared with the parent
        return super().perform_job(job, queue, execution)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """As the base does; and after Redis lost its memory the worker is known there again."""
        super().heartbeat(timeout, pipeline)
        register(self, pipeline)


def run_worker() -> None:
    """Work until a signal ends it. Raises PortalError when the queue is out of reach."""
    settings = Settings.from_environment()
    app = create_core(settings)
    redis = open_redis(settings)
    with app.app_context():
        try:
            close_dead_runs()
            renew_queue(redis)
            db.session.remove()
            SyncWorker(redis).work(logging_level=settings.log_level.upper())
        except (RedisError, OSError) as problem:
            raise PortalError(OUT_OF_REACH) from problem
