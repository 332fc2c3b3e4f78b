"""The `portal` command."""

import os
import sys
from importlib.metadata import version

import click

from portal.cli.asp import asp
from portal.cli.database import database, new_key, settings
from portal.cli.programme import programme
from portal.cli.running import scheduler, up
from portal.cli.syncing import runs, sync
from portal.cli.users import user


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("portal"), prog_name="portal")
def portal() -> None:
    """Plan an event's programme in one place and show it on a website built with ASP Events.

    Exit status: 0 done, or nothing to do; 1 it did not happen; 2 wrong usage; 3 a sync that ended partial.
    """


for command in (asp, database, new_key, programme, runs, scheduler, settings, sync, up, user):
    portal.add_command(command)


def main() -> None:
    """Entry point of the console script."""
    os.environ.setdefault(
        "PORTAL_LOG_LEVEL", "WARNING" if sys.argv[1:2] not in (["up"], ["scheduler"]) else "INFO"
    )
    portal(prog_name="portal")
