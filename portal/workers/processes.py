"""The long-running processes: a worker, the scheduler, and all of them together as `portal up`."""

import logging
import os
import shlex
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

from honcho.manager import Manager
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Worker
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue as RQQueue
from rq.worker_registration import register

from portal.config import Settings
from portal.core import create_core
from portal.errors import PortalError
from portal.models import db
from portal.operations.syncing.queueing import renew_queue
from portal.operations.syncing.runs import close_dead_runs
from portal.sync.running.queue import OUT_OF_REACH, PlainJob, open_queue, open_redis
from portal.workers.embedded import start_queue
from portal.workers.schedule import MappingScheduler

log = logging.getLogger(__name__)

SCHEDULER_LOOKS_EVERY = 5  # seconds
WORKER_TTL = 90  # seconds; so long does Redis believe in a worker that was killed
ENDED_BY_SIGNAL = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class SyncWorker(Worker):
    """An RQ worker whose jobs are JSON and run in the application's context, each in a process of its own."""

    def __init__(self, redis: Redis) -> None:
        queue = open_queue(redis)
        super().__init__(
            [queue], connection=redis, job_class=PlainJob, serializer=queue.serializer, worker_ttl=WORKER_TTL
        )

    def perform_job(self, job: Job, queue: RQQueue, execution: Execution) -> bool:
        db.engine.dispose(close=False)  # connections are not shared with the parent
        return super().perform_job(job, queue, execution)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """As the base does; and after Redis lost its memory the worker is known there again."""
        super().heartbeat(timeout, pipeline)
        register(self, pipeline)


def run_worker(settings: Settings | None = None) -> None:
    """Work until a signal ends it. Raises PortalError when the queue is out of reach."""
    settings = settings or Settings.from_environment()
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


def run_scheduler(settings: Settings | None = None) -> None:
    """Queue continuous syncs until a signal ends it. Raises PortalError when the queue is out of reach."""
    settings = settings or Settings.from_environment()
    app = create_core(settings)
    redis = open_redis(settings)
    interval = min(SCHEDULER_LOOKS_EVERY, settings.sync_interval)
    with app.app_context():
        try:
            MappingScheduler(sync_interval=settings.sync_interval, connection=redis, interval=interval).run()
        except (RedisError, OSError) as problem:
            raise PortalError(OUT_OF_REACH) from problem


def check_port(host: str, port: int) -> None:
    """Raises PortalError when the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise PortalError(
                f"{host}:{port} cannot be used ({problem.strerror}). Stop what uses it, or choose another port: "
                f"--port {port + 1}, or PORTAL_PORT={port + 1}."
            ) from problem


def run_everything(settings: Settings, more: dict[str, str] | None = None) -> int:
    """Run queue, web, workers and scheduler until Ctrl-C; returns the exit status.

    `more` names further commands to run beside them. Raises PortalError when something cannot be started.
    """
    check_port(settings.host, settings.port)
    server = None
    if not settings.redis_url:
        server, url = start_queue(settings)
        settings = replace(settings, redis_url=url)
    try:
        manager = Manager()
        environment = process_environment(settings)
        for name, command in {**commands(settings), **(more or {})}.items():
            manager.add_process(name, command, env=environment, quiet=False)
        manager.loop()
        return 0 if manager.returncode in ENDED_BY_SIGNAL else int(manager.returncode or 0)
    finally:
        if server is not None:
            server.stop()


def commands(settings: Settings) -> dict[str, str]:
    """The command line of each process, for a shell."""
    python = shlex.quote(sys.executable)
    web = f"exec {python} -m gunicorn wsgi:app --config python:portal.workers.web"
    named = {"web": web, "scheduler": f"exec {python} -m portal scheduler"}
    for number in range(1, settings.workers + 1):
        named[f"worker{number}" if settings.workers > 1 else "worker"] = f"exec {python} -m worker"
    return named


def process_environment(settings: Settings) -> dict[str, str]:
    """The environment that makes a process use these settings."""
    own = {
        f"PORTAL_{name.upper()}": str(getattr(settings, name))
        for name in settings.__dataclass_fields__
        if getattr(settings, name) not in ("", None)
    }
    own["PORTAL_INSTANCE_DIR"] = str(settings.instance_dir.resolve())
    own["PYTHONUNBUFFERED"] = "1"
    root = str(Path(__file__).parents[2])  # where wsgi.py and worker.py stand
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, **own, "PYTHONPATH": path}
