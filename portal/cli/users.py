"""`portal user …`: who may log in."""

import json
import sys

import click

from portal.cli.group import ACTOR, find_organisation, with_portal
from portal.errors import Refused
from portal.models import Role
from portal.operations.accounts.users import add_user, change_password, slug_of
from portal.operations.queries.organisation import list_members


@click.group()
def user() -> None:
    """Add users, list them, renew a password."""


of_password = click.option(
    "--password-stdin", is_flag=True, required=True, help="Read the password from standard input."
)


@user.command()
@click.argument("email")
@click.option(
    "--org", "organisation", required=True, metavar="NAME", help="The organisation; made when it is new."
)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@of_password
@with_portal
def add(email: str, organisation: str, role: str, password_stdin: bool) -> None:
    """Add a user to an organisation, or give one that exists a role there."""
    added = add_user(email, organisation, Role(role), read_password(password_stdin), ACTOR)
    click.echo(f"{added.email} is {role} of {slug_of(organisation)}.")


@user.command("reset-password")
@click.argument("email")
@of_password
@with_portal
def reset_password(email: str, password_stdin: bool) -> None:
    """Give a user another password, and log them out wherever they are logged in."""
    changed = change_password(email, read_password(password_stdin), ACTOR)
    click.echo(f"{changed.email} has a new password, and is logged out everywhere.")


@user.command("list")
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@with_portal
def list_users(slug: str, as_json: bool) -> None:
    """List who belongs to an organisation, with their role."""
    members = [
        {"email": member.user.email, "role": member.role} for member in list_members(find_organisation(slug))
    ]
    if as_json:
        click.echo(json.dumps(members, ensure_ascii=False))
        return
    for member in members:
        click.echo(f"{member['email']}  {member['role']}")


def read_password(password_stdin: bool) -> str:
    """The first line of standard input. Raises Refused without the option."""
    if not password_stdin:
        raise Refused("Give the password on standard input, with --password-stdin.")
    return sys.stdin.readline().rstrip("\r\n")
