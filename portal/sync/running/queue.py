"""The queue that carries run ids to the workers. A run's row is the truth; the queue only carries its id."""

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from portal.config import Settings
from portal.errors import PortalError

QUEUE = "portal-sync"
NO_TIMEOUT = -1  # a run that obeys ASP's rate limit may take long; it is watched by its heartbeat
OUT_OF_REACH = (
    "The queue cannot be reached, so no worker can begin. Start the portal with `portal up`, or see that "
    "PORTAL_REDIS_URL names a running Redis."
)


def open_redis(settings: Settings) -> Redis:
    """A connection to the queue's Redis. Raises PortalError when there is none."""
    if not settings.redis_url:
        raise PortalError(OUT_OF_REACH)
    try:
        return Redis.from_url(settings.redis_url, socket_connect_timeout=5)
    except ValueError:  # it quotes parts of the URL, which may be its password
        raise PortalError(
            "PORTAL_REDIS_URL cannot be used: it must be an address such as redis://localhost:6379/0 (in a password, "
            "special characters are written as %XX)."
        ) from None


def enqueue_run(run_id: int, settings: Settings) -> None:
    """Hand a committed run to a worker. Raises PortalError when the queue is out of reach."""
    try:
        with open_redis(settings) as redis:
            Queue(QUEUE, connection=redis).enqueue(
                "portal.workers.jobs.run_sync",
                run_id,
                job_id=f"run-{run_id}",
                job_timeout=NO_TIMEOUT,
                result_ttl=600,
                failure_ttl=86_400,
                description=f"run {run_id}",
            )
    except (RedisError, OSError) as problem:
        raise PortalError(OUT_OF_REACH) from problem
