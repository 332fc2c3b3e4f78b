"""A PostgreSQL of its own for the tests: started by an ordinary user, reached by a socket, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = "nobody"
# Nothing of it outlives the tests, so nothing has to be safe on the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB", "autovacuum=off")
PLENTY = ("max_connections=300", "max_locks_per_transaction=512")


class PostgreSql:
    """A server by its address, for SQLAlchemy."""

    def __init__(self, programs: Path, folder: Path, user: int | None) -> None:
        self.address = f"postgresql+psycopg://portal@/postgres?host={folder}"
        self._programs, self._folder, self._user = programs, folder, user
        self._server = self._start()

    def restart(self) -> None:
        """Cut everybody off, and be there again."""
        self.stop()
        self._server = self._start()

    def stop(self) -> None:
        self._server.send_signal(signal.SIGINT)  # at once, whoever is connected
        self._server.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        settings = [f"unix_socket_directories={self._folder}", "listen_addresses=", *FAST, *PLENTY]
        with (self._folder / "log").open("a") as log:
            server = subprocess.Popen(
                [
                    self._programs / "postgres",
                    "-D",
                    self._folder / "data",
                    *(f"--{each}" for each in settings),
                ],
                user=self._user,
                cwd=self._folder,
                stderr=log,
            )
        _wait_for(self._programs, self._folder, server)
        return server


@contextmanager
def postgresql() -> Iterator[PostgreSql]:
    """The server, while it runs. Raises SystemExit where PostgreSQL is not installed."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="portal-postgresql-") as name:
        folder, owner = Path(name), None
        if os.geteuid() == 0:  # PostgreSQL refuses to be root
            owner = pwd.getpwnam(NOBODY)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        user = owner.pw_uid if owner else None
        making = [programs / "initdb", "--pgdata", folder / "data", "--username", "portal", "--auth", "trust"]
        subprocess.run(
            [*making, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        server = PostgreSql(programs, folder, user)
        try:
            yield server
        finally:
            server.stop()


def _wait_for(programs: Path, folder: Path, server: "subprocess.Popen[bytes]") -> None:
    ready = [programs / "pg_isready", "--host", folder, "--quiet", "--timeout", "30"]
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None:
            raise SystemExit(f"PostgreSQL did not start: {(folder / 'log').read_text()}")
        time.sleep(0.1)


def _programs() -> Path:
    """The folder of PostgreSQL's programs; Debian keeps them beside the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    if not versions:
        raise SystemExit("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    return versions[-1]
