"""Runs the `portal` command: in this process, or in one of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from portal.cli.main import portal

ROOT = Path(__file__).parents[2]
PORTAL = Path(sys.executable).parent / "portal"


class Command:
    """The command with an environment of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def __call__(self, *words: str | Path, stdin: str | bytes = "", **more: str) -> Result:
        """In this process, and without a traceback."""
        result = CliRunner().invoke(
            portal,
            [str(word) for word in words],
            input=stdin,
            env=self.environment | more,
            prog_name="portal",
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *words: str | Path, status: int = 0) -> Any:
        """What it prints on stdout, which is one JSON value and nothing else."""
        result = self(*words, "--json")
        assert result.exit_code == status, result.output
        return json.loads(result.stdout)

    def process(self, *words: str | Path, **options: Any) -> "subprocess.Popen[str]":
        """In a process of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        return subprocess.Popen(
            [PORTAL, *map(str, words)],
            **{
                "env": kept | self.environment,
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "text": True,
            }
            | options,
        )
