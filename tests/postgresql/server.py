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


@contextmanager
def postgresql() -> Iterator[str]:
    """The server's address, for SQLAlchemy, while it runs. Raises SystemExit where PostgreSQL is not installed."""
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
        settings = [f"unix_socket_directories={folder}", "listen_addresses=", *FAST, *PLENTY]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", *(f"--{each}" for each in settings)],
                user=user,
                cwd=folder,
                stderr=log,
            )
        try:
            _wait_for(programs, folder, server)
            yield f"postgresql+psycopg://portal@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # at once, whoever is connected
            server.wait()


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
