"""Web, workers and scheduler together, as `portal up`: each is a process of its own."""

import errno
import os
import shlex
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

from honcho.manager import Manager

from portal.config import Settings
from portal.errors import PortalError
from portal.workers.embedded import start_queue

ENDED_BY_SIGNAL = (128 + signal.SIGINT, 128 + signal.SIGTERM)


class Together(Manager):
    """honcho's manager, which a signal ends at any moment: the base knows no process that has not told its start.

    A terminal that is closed ends it too.
    """

    def loop(self) -> None:
        if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # under nohup it is ignored, and stays so
            signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
        super().loop()

    def terminate(self) -> None:
        if self._all_started():
            super().terminate()

    def _any_stopped(self) -> bool:
        """What lets the loop end all of them, once it knows them."""
        return self.returncode is not None or bool(super()._any_stopped())


def check_port(host: str, port: int) -> None:
    """Raises PortalError when the port is taken, or the host is none of this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as problem:
            if isinstance(problem, OSError) and problem.errno in (errno.EADDRINUSE, errno.EACCES):
                raise PortalError(
                    f"{host}:{port} cannot be used ({problem.strerror}). Stop what uses it, or choose another port: "
                    f"--port {port + 1}, or PORTAL_PORT={port + 1}."
                ) from problem
            raise PortalError(
                f"“{host}” is no address of this machine. Choose another: --host, or PORTAL_HOST."
            ) from problem


def run_everything(settings: Settings, more: dict[str, str] | None = None) -> int:
    """Run queue, web, workers and scheduler until Ctrl-C, or until their terminal is closed; returns the exit status.

    `more` names further commands to run beside them. Raises PortalError when something cannot be started.
    """
    check_port(settings.host, settings.port)
    server = None
    if not settings.redis_url:
        server, url = start_queue(settings)
        settings = replace(settings, redis_url=url)
    try:
        manager = Together()
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
