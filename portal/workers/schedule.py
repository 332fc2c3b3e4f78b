"""Continuous sync: one scheduled job per mapping, kept in step with the database by the scheduler process (A6)."""

import logging
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq_scheduler import Scheduler
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.core import create_core
from portal.errors import PortalError
from portal.models import Connection, Mapping, db
from portal.models.revision import check_database
from portal.operations.connection.secrets import erase_left_traces
from portal.operations.notices.telling import has_news
from portal.operations.sources.noting import organisations_with_messages
from portal.operations.syncing.queueing import renew_queue, settle_forgotten_runs, start_wanted_syncs
from portal.operations.syncing.runs import close_dead_runs
from portal.operations.syncing.website import is_look_due
from portal.sync.running.queue import (
    CONTINUOUS_JOB,
    NO_TIMEOUT,
    OUT_OF_REACH,
    QUEUE,
    PlainJob,
    calls,
    open_queue,
    open_redis,
    put_messages,
    put_notices,
    put_website_look,
)

log = logging.getLogger(__name__)

PREFIX = "continuous-"
LOOKS_EVERY = 5  # seconds


class MappingScheduler(Scheduler):
    """rq-scheduler that looks at the mappings before it looks at the clock.

    So neither the pages nor the command line need Redis to switch continuous sync on or off.
    """

    def __init__(self, *, sync_interval: int, connection: Redis, interval: float) -> None:
        super().__init__(queue_name=QUEUE, connection=connection, interval=interval, job_class=PlainJob)
        self._sync_interval = sync_interval
        self._ending = False

    def run(self, burst: bool = False) -> None:
        """Look again and again until a signal ends it. Raises RedisError or OSError when there is no queue at first.

        Unlike the base's, this loop outlives a restart of the queue or the database, and no step of the clock
        lengthens its pauses (E14b).
        """
        self.register_birth()
        self._install_signal_handlers()
        try:
            self.look()
            while not (burst or self._ending):
                time.sleep(self._interval)
                self.look()
        finally:
            self._leave()

    def look(self) -> None:
        """One look at runs, mappings and the clock. What cannot be used is logged; the next look tries again."""
        again = f"the scheduler looks again in {self._interval} s"
        try:
            self.heartbeat()
            if self.acquire_lock():
                try:
                    self.enqueue_jobs()
                finally:
                    self.remove_lock()
        except SQLAlchemyError as problem:
            log.error("The database cannot be used; %s: %s", again, str(problem).partition("\n")[0])
        except (RedisError, OSError) as problem:
            log.error("The queue cannot be used; %s: %s", again, problem)
        finally:
            db.session.remove()

    def enqueue_jobs(self) -> Iterable[Job]:
        close_dead_runs()
        settle_forgotten_runs()
        renew_queue(self.connection)
        start_wanted_syncs()
        erase_left_traces()
        for organisation_id in organisations_with_messages():
            put_messages(open_queue(self.connection), organisation_id)
        if has_news():
            put_notices(open_queue(self.connection))
        if is_look_due():
            put_website_look(open_queue(self.connection))
        arrange(self, continuous_mappings(), self._sync_interval)
        jobs: Iterable[Job] = super().enqueue_jobs()
        return jobs

    def enqueue_job(self, job: Job) -> None:
        """As the base does, but a job that still waits for a worker is not queued a second time."""
        if self.get_queue_for_job(job).get_job_position(job.id) is None:
            super().enqueue_job(job)
        else:
            self.change_execution_time(job, _utc() + timedelta(seconds=self._sync_interval))

    def get_queue_for_job(self, job: Job) -> Queue:
        return open_queue(self.connection)

    def _install_signal_handlers(self) -> None:
        def stop(_signal: int, _frame: Any) -> None:
            self._ending = (
                True  # a queue that is away while the lock is given back replaces what is raised here
            )
            raise SystemExit  # the base speaks to Redis here, and would not end while that is away

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)

    def _leave(self) -> None:
        try:
            self.remove_lock()
            self.register_death()
        except (RedisError, OSError) as problem:
            log.warning("The queue does not know that the scheduler ended: %s", problem)


def continuous_mappings() -> set[int]:
    """The ids of all mappings that are synced continuously."""
    found = set(
        db.session.scalars(
            select(Mapping.id)
            .join(Connection, Connection.organisation_id == Mapping.organisation_id)
            .where(Connection.continuous, Mapping.removed_at.is_(None))
        )
    )
    db.session.rollback()
    return found


def arrange(scheduler: Scheduler, mapping_ids: set[int], sync_interval: int) -> None:
    """Schedule what is missing, at once for the first time, and cancel what is no longer wanted.

    A job of another interval, of an earlier version's function or form, or of a time that only a stepped clock can
    have given, is made anew.
    """
    wanted = {f"{PREFIX}{mapping_id}": mapping_id for mapping_id in mapping_ids}
    latest = _utc() + timedelta(seconds=sync_interval)
    kept = set()
    for job, moment in list(scheduler.get_jobs(with_times=True)):
        if not job.id.startswith(PREFIX):
            continue
        same = job.meta.get("interval") == sync_interval and calls(job, CONTINUOUS_JOB)
        if job.id in wanted and same and moment <= latest:
            kept.add(job.id)
            continue
        log.info("Continuous sync %s ends", job.id)
        scheduler.cancel(job)
        _forget(job)
    for job_id, mapping_id in wanted.items():
        if job_id in kept:
            continue
        log.info("Continuous sync %s begins, every %s s", job_id, sync_interval)
        scheduler.schedule(
            _utc(),
            CONTINUOUS_JOB,
            args=[mapping_id],
            interval=sync_interval,
            timeout=NO_TIMEOUT,
            id=job_id,
            description=f"continuous sync of mapping {mapping_id}",
        )


def _forget(job: Job) -> None:
    try:
        job.delete()
    except NoSuchJobError:
        log.debug("%s had gone already", job.id)


def _utc() -> datetime:
    """Now, in UTC without an offset, as rq-scheduler wants it."""
    return datetime.now(UTC).replace(tzinfo=None)


def run_scheduler() -> None:
    """Queue continuous syncs until a signal ends it.

    Raises PortalError when the queue is out of reach, or the database of another version; one that is away is waited
    for (E14b).
    """
    settings = Settings.from_environment()
    interval = min(LOOKS_EVERY, settings.sync_interval)
    with create_core(settings).app_context():
        with suppress(SQLAlchemyError):
            check_database()
        redis = open_redis(settings)
        try:
            MappingScheduler(sync_interval=settings.sync_interval, connection=redis, interval=interval).run()
        except (RedisError, OSError) as problem:
            raise PortalError(OUT_OF_REACH) from problem
