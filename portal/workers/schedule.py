"""Continuous sync: one scheduled job per mapping, kept in step with the database by the scheduler process (A6)."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq_scheduler import Scheduler
from sqlalchemy import select

from portal.models import Connection, Mapping, db
from portal.sync.running.queue import NO_TIMEOUT, QUEUE

log = logging.getLogger(__name__)

PREFIX = "continuous-"


class MappingScheduler(Scheduler):
    """rq-scheduler that looks at the mappings before it looks at the clock.

    So neither the pages nor the command line need Redis to switch continuous sync on or off.
    """

    def __init__(self, *, sync_interval: int, connection: Redis, interval: float) -> None:
        super().__init__(queue_name=QUEUE, connection=connection, interval=interval)
        self._sync_interval = sync_interval

    def enqueue_jobs(self) -> Iterable[Job]:
        arrange(self, continuous_mappings(), self._sync_interval)
        jobs: Iterable[Job] = super().enqueue_jobs()
        return jobs

    def enqueue_job(self, job: Job) -> None:
        """As the base does, but a job that still waits for a worker is not queued a second time."""
        if self.get_queue_for_job(job).get_job_position(job.id) is None:
            super().enqueue_job(job)
        else:
            self.change_execution_time(job, _utc() + timedelta(seconds=self._sync_interval))


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
    """Schedule what is missing, at once for the first time, and cancel what is no longer wanted."""
    wanted = {f"{PREFIX}{mapping_id}": mapping_id for mapping_id in mapping_ids}
    scheduled = {job.id: job for job in scheduler.get_jobs() if job.id.startswith(PREFIX)}
    for job_id, job in scheduled.items():
        if job_id not in wanted or job.meta.get("interval") != sync_interval:
            log.info("Continuous sync %s ends", job_id)
            scheduler.cancel(job)
            _forget(job)
    for job_id, mapping_id in wanted.items():
        if job_id in scheduled and scheduled[job_id].meta.get("interval") == sync_interval:
            continue
        log.info("Continuous sync %s begins, every %s s", job_id, sync_interval)
        scheduler.schedule(
            _utc(),
            "portal.workers.jobs.sync_continuously",
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
