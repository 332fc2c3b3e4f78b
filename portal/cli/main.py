"""The `portal` command. Each command's module is loaded when it is called, which keeps the others fast."""

import os
import sys
from importlib.metadata import version

import click

from portal.cli.late import load_late
from portal.cli.output import secure_streams

COMMANDS = {
    "asp": "asp:asp",
    "db": "database:database",
    "new-key": "database:new_key",
    "programme": "programme:programme",
    "readiness": "readiness:readiness",
    "runs": "runs:runs",
    "scheduler": "running:scheduler",
    "secrets": "secrets:secrets",
    "sessionboard": "sessionboard:sessionboard",
    "settings": "database:settings",
    "sync": "syncing:sync",
    "up": "running:up",
    "user": "users:user",
}
TALKATIVE = ("up", "scheduler")  # these log what they do; the others say it in their output


class Commands(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = load_late(f"portal.cli.{COMMANDS[name]}")
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("portal"), prog_name="portal")
def portal() -> None:
    """Plan an event's programme in one place and show it on a website built with ASP Events.

    Exit status: 0 done, or nothing to do; 1 it did not happen; 2 wrong usage; 3 a sync that ended partial.
    """


def main() -> None:
    """Entry point of the console script."""
    secure_streams()
    if not set(TALKATIVE) & set(sys.argv[1:2]):
        os.environ.setdefault("PORTAL_LOG_LEVEL", "ERROR")
    portal(prog_name="portal")
