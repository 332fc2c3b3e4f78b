"""`portal scheduler`. It loads nothing that only `portal up` needs."""

import click

from portal.cli.group import reported
from portal.workers.schedule import run_scheduler


@click.command()
def scheduler() -> None:
    """Run the scheduler of continuous sync alone, for those who start each process themselves."""
    with reported():
        run_scheduler()
