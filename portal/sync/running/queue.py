"""The queue that carries run ids to the workers. A run's row is the truth; the queue only carries its id."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker_registration import get_keys

from portal.config import NO_QUEUE, Settings
from portal.errors import PortalError

QUEUE = "portal-sync"
RUN_JOB = "portal.workers.jobs.run_sync"
PREVIEW_JOB = "portal.workers.jobs.make_preview"
SHORT_TIMEOUT = 300  # seconds, for all but runs
NOTICES_JOB = "portal.workers.jobs.tell_news"
WEBSITE_JOB = "portal.workers.jobs.look_at_website"
MESSAGES_JOB = "portal.workers.jobs.take_in_messages"
CONTINUOUS_JOB = "portal.workers.jobs.sync_continuously"
JOBS = frozenset({RUN_JOB, PREVIEW_JOB, NOTICES_JOB, WEBSITE_JOB, MESSAGES_JOB, CONTINUOUS_JOB})
NO_TIMEOUT = -1  # a run that obeys ASP's rate limit may take long; it is watched by its heartbeat
EMBEDDED_SOCKET = "queue/valkey.sock"  # in the instance folder: the queue that `portal up` starts
OUT_OF_REACH = (
    "The queue cannot be reached, so no worker can begin. Start the portal with `portal up`, or see that "
    "PORTAL_REDIS_URL names a running Redis."
)


class PlainJob(Job):
    """A job written down as JSON, which calls one of the portal's own functions and nothing when it is over.

    RQ's own would let whoever can write to Redis run any code: it opens pickles, and calls whatever a job names.
    """

    success_callback = failure_callback = stopped_callback = None  # these are named there as well

    def __init__(
        self, id: str | None = None, connection: Redis | None = None, serializer: Any = None
    ) -> None:
        super().__init__(id, connection, JSONSerializer)

    @property
    def func(self) -> Callable[..., Any]:
        """What the worker calls. Raises DeserializationError for anything that is no job of the portal's."""
        if self.func_name not in JOBS:
            raise DeserializationError(f"“{self.func_name}” is no job of the portal’s")
        found: Callable[..., Any] = super().func
        return found


def queue_url(settings: Settings) -> str:
    """The queue's address; empty when none is set and no `portal up` has one in this instance folder."""
    socket = settings.instance_dir.resolve() / EMBEDDED_SOCKET
    return settings.redis_url or (f"unix://{quote(str(socket))}" if socket.exists() else "")


def open_redis(settings: Settings) -> Redis:
    """A connection to the queue's Redis. Raises PortalError when there is none."""
    url = queue_url(settings)
    if not url:
        raise PortalError(OUT_OF_REACH)
    try:
        return Redis.from_url(url, socket_connect_timeout=5)
    except ValueError:  # it quotes parts of the URL, which may be its password
        raise PortalError(NO_QUEUE) from None


def open_queue(redis: Redis) -> Queue:
    """The queue of runs."""
    return Queue(QUEUE, connection=redis, job_class=PlainJob, serializer=JSONSerializer)


def enqueue_run(run_id: int, settings: Settings) -> None:
    """Hand a committed run to a worker. Raises PortalError when the queue is out of reach."""
    try:
        with open_redis(settings) as redis:
            put_run(open_queue(redis), run_id)
    except (RedisError, OSError) as problem:
        raise PortalError(OUT_OF_REACH) from problem


def put_run(queue: Queue, run_id: int) -> None:
    """Put a run at the queue's end. Raises RedisError or OSError."""
    queue.enqueue(
        RUN_JOB,
        run_id,
        job_id=_job_of(run_id),
        job_timeout=NO_TIMEOUT,
        result_ttl=600,
        failure_ttl=86_400,
        description=f"run {run_id}",
    )


def enqueue_preview(preview_id: int, settings: Settings) -> None:
    """Let a worker look what a sync would do, before the runs that wait. Raises PortalError without a queue."""
    try:
        with open_redis(settings) as redis:
            open_queue(redis).enqueue(
                PREVIEW_JOB,
                preview_id,
                job_id=f"preview-{preview_id}",
                job_timeout=SHORT_TIMEOUT,
                result_ttl=600,
                failure_ttl=86_400,
                description=f"preview {preview_id}",
                at_front=True,
            )
    except (RedisError, OSError) as problem:
        raise PortalError(OUT_OF_REACH) from problem


def put_notices(queue: Queue) -> None:
    """Let a worker tell what is news, unless one is about to (G4). Raises RedisError or OSError."""
    _put_once(queue, NOTICES_JOB, "notices")


def put_website_look(queue: Queue) -> None:
    """Let a worker look at the website that is due, unless one is about to. Raises RedisError or OSError."""
    _put_once(queue, WEBSITE_JOB, "website")


def put_messages(queue: Queue, organisation_id: int) -> None:
    """Let a worker take in what the webhook has noted, unless one is about to. Raises RedisError or OSError."""
    _put_once(queue, MESSAGES_JOB, f"messages-{organisation_id}", organisation_id)


def _put_once(queue: Queue, function: str, job_id: str, *ids: int) -> None:
    if queue.get_job_position(job_id) is None:
        queue.enqueue(
            function, *ids, job_id=job_id, job_timeout=SHORT_TIMEOUT, result_ttl=600, description=job_id
        )


def _job_of(run_id: int) -> str:
    """The id of a run's job."""
    return f"run-{run_id}"


def renew_runs(redis: Redis, run_ids: list[int]) -> None:
    """Put the runs that wait into the queue, in their order, unless they stand there in today's form.

    One may be missing because Redis lost its memory, or have been written by an earlier version of the portal; it
    does no harm when a run stands there twice. Raises RedisError or OSError.
    """
    queue = open_queue(redis)
    standing = set(queue.job_ids)
    for run_id in run_ids:
        if _job_of(run_id) in standing:
            if calls(fetch_job(redis, _job_of(run_id)), RUN_JOB):
                continue
            queue.remove(_job_of(run_id))
        put_run(queue, run_id)


def fetch_job(redis: Redis, job_id: str) -> Job | None:
    """The job with this id, if it is there. Raises RedisError or OSError."""
    try:
        return PlainJob.fetch(job_id, connection=redis)
    except NoSuchJobError:
        return None


def calls(job: Job | None, function: str) -> bool:
    """Whether a job calls this function of today's version; one that was pickled is not opened."""
    try:
        return job is not None and job.func_name == function
    except DeserializationError:
        return False


def has_worker(redis: Redis) -> bool:
    """Whether a worker is there, be it busy. One that was killed counts until its mark in Redis expires.

    Raises RedisError or OSError.
    """
    marks = get_keys(queue=open_queue(redis))
    return bool(marks) and bool(redis.exists(*marks))
