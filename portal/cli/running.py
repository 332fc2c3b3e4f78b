"""`portal up`."""

import sys
from dataclasses import replace

import click

from portal.asp.contract import load_contract
from portal.cli.group import reported
from portal.config import Settings
from portal.core import create_core
from portal.schema import upgrade_database
from portal.workers.processes import check_port, run_everything


@click.command()
@click.option("--host", help="Address to listen on.  [PORTAL_HOST]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [PORTAL_PORT]")
def up(host: str | None, port: int | None) -> None:
    """Run the portal: queue, web, worker and scheduler, until Ctrl-C."""
    with reported():
        settings = Settings.from_environment()
        settings = replace(settings, host=host or settings.host, port=port or settings.port)
        check_port(settings.host, settings.port)
        load_contract(settings.asp_contract)  # what is wrong in it is said here, and not page by page
        with create_core(settings).app_context():
            upgrade_database()
        listening = f"[{settings.host}]" if ":" in settings.host else settings.host
        click.echo(f"The portal is at http://{listening}:{settings.port} (Ctrl-C ends it).")
        if settings.readable_on_the_way:
            click.echo(settings.readable_on_the_way, err=True)
        sys.exit(run_everything(settings))
