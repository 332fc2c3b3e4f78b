"""`portal db upgrade`, `portal new-key`, `portal settings`."""

import click
from cryptography.fernet import Fernet

from portal.cli.group import with_any_database
from portal.config import settings_table
from portal.schema import upgrade_database


@click.group("db")
def database() -> None:
    """Make or upgrade the database."""


@database.command()
@with_any_database
def upgrade() -> None:
    """Make the database, or bring it up to this version of the portal."""
    upgrade_database()
    click.echo("The database is up to date.")


@click.command("new-key")
def new_key() -> None:
    """Print a new key for PORTAL_SECRET_KEYS."""
    click.echo(Fernet.generate_key().decode())


@click.command()
def settings() -> None:
    """Print every setting with its default, as a Markdown table."""
    click.echo(settings_table())
