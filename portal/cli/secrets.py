"""`portal secrets rotate`."""

import click

from portal.cli.group import with_portal
from portal.errors import PortalError
from portal.operations.connection.secrets import rotate_secrets


@click.group()
def secrets() -> None:
    """Renew how stored secrets are encrypted."""


@secrets.command()
@with_portal
def rotate() -> None:
    """Encrypt every stored secret anew under the newest key of PORTAL_SECRET_KEYS; prints how many."""
    rotation = rotate_secrets()
    word = "secret" if rotation.renewed == 1 else "secrets"
    click.echo(f"{rotation.renewed} {word} encrypted under the newest key.")
    if rotation.unreadable:
        raise PortalError(
            f"No key reads {', '.join(rotation.unreadable)}. Put the key back that was in use before, or enter what "
            "is named here once more under Settings."
        )
