"""The `portal` command. Each command's module is loaded when it is called, which keeps the others fast."""

import gc
import os
import sys

import click

from portal.cli.late import load_late
from portal.cli.output import secure_streams

# The place of each command, and the first sentence of its help, so that `portal --help` loads none of them.
COMMANDS = {
    "asp": ("asp:asp", "Connect an organisation to ASP Events and map its events."),
    "db": ("database:database", "Make or upgrade the database."),
    "new-key": ("database:new_key", "Print a new key for PORTAL_SECRET_KEYS."),
    "programme": ("programme:programme", "Bring programmes in."),
    "readiness": (
        "readiness:readiness",
        "Say what the agenda says above its list: exit 1 when no sync can start, 3 when records would fail.",
    ),
    "runs": ("runs:runs", "List an event's runs, newest first, or what one run did with each record."),
    "scheduler": (
        "scheduling:scheduler",
        "Run the scheduler of continuous sync alone, for those who start each process themselves.",
    ),
    "secrets": ("secrets:secrets", "Renew how stored secrets are encrypted."),
    "sessionboard": ("sessionboard:sessionboard", "Bring programmes in from a Sessionboard organisation."),
    "settings": ("database:settings", "Print every setting with its default, as a Markdown table."),
    "sync": ("syncing:sync", "Sync an event to ASP Events in this process, and wait for the end."),
    "up": ("running:up", "Run the portal: queue, web, worker and scheduler, until Ctrl-C."),
    "user": ("users:user", "Add users, list them, renew a password."),
}
TALKATIVE = ("up", "scheduler")  # these log what they do; the others say it in their output


class Commands(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = load_late(f"portal.cli.{COMMANDS[name][0]}")
        if not gc.isenabled():  # as `main` has left it
            # What was loaded stays until the process ends. Python would search it for cycles now and then and once
            # more at the end, which took a third of a short command's time.
            gc.freeze()
            gc.enable()
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in sorted(COMMANDS.items())])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="portal", prog_name="portal")
def portal() -> None:
    """Plan an event's programme in one place and show it on a website built with ASP Events.

    Exit status: 0 done, or nothing to do; 1 it did not happen; 2 wrong usage; 3 a sync that ended partial.
    """


def main() -> None:
    """Entry point of the console script."""
    gc.disable()  # until the command is loaded
    secure_streams()
    if not set(TALKATIVE) & set(sys.argv[1:2]):
        os.environ.setdefault("PORTAL_LOG_LEVEL", "ERROR")
    portal(prog_name="portal")
