"""`make test-postgresql`: the suite on a PostgreSQL that is started for it; words are handed on to pytest."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg  # noqa: F401  # what each process needs, said here once where it is missing
from server import postgresql

HERE = Path(__file__).resolve().parent


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server ends with us, whatever ends us
    with postgresql() as server:
        path = os.pathsep.join([str(HERE / "site"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "TESTS_ON_POSTGRESQL": server.address}
        return subprocess.run(
            [sys.executable, "-m", "pytest", *sys.argv[1:]], env=environment, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
