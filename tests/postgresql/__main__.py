"""`make test-postgresql`: what opens a database, on a PostgreSQL started for it; words are handed on to pytest."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg  # noqa: F401  # what each process needs, said here once where it is missing
from server import postgresql

HERE = Path(__file__).resolve().parent
# What opens no database is the same beside each of them: texts, spreadsheets, plans, the client of ASP.
ALIKE = (
    "text",
    "asp_local",
    "asp/test_asp_[!p]*",
    "asp/test_asp_pace.py",
    "programme/test_sheet_*",
    "sync/test_plan_[!c]*",
    "sync/test_push_[!l]*",
    "test_layers.py",
    "test_rules.py",
)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server ends with us, whatever ends us
    with postgresql() as server:
        path = os.pathsep.join([str(HERE / "site"), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "TESTS_ON_POSTGRESQL": server.address}
        ignored = [f"--ignore-glob={HERE.parent / each}" for each in ALIKE]
        command = [sys.executable, "-m", "pytest", *ignored, *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
