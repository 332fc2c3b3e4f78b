"""`portal user add`."""

import sys

import click

from portal.cli.group import ACTOR, with_portal
from portal.errors import Refused
from portal.models import Role
from portal.operations.accounts import add_user, slug_of


@click.group()
def user() -> None:
    """Add users."""


@user.command()
@click.argument("email")
@click.option(
    "--org", "organisation", required=True, metavar="NAME", help="The organisation; made when it is new."
)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@with_portal
def add(email: str, organisation: str, role: str, password_stdin: bool) -> None:
    """Add a user to an organisation, or give one that exists a role there."""
    if not password_stdin:
        raise Refused("Give the password on standard input, with --password-stdin.")
    password = sys.stdin.readline().rstrip("\r\n")
    added = add_user(email, organisation, Role(role), password, ACTOR)
    click.echo(f"{added.email} is {role} of {slug_of(organisation)}.")
