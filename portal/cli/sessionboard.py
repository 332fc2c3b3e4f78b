"""`portal sessionboard …`: connect, list events, make the webhook, disconnect."""

import json
import sys

import click

from portal.cli.group import ACTOR, find_organisation, with_portal
from portal.errors import Refused
from portal.operations.sources.connecting import (
    connect_sessionboard,
    disconnect_sessionboard,
    find_source,
    list_events_there,
)
from portal.operations.sources.hooks import make_hook
from portal.text.numbers import count


@click.group()
def sessionboard() -> None:
    """Bring programmes in from a Sessionboard organisation."""


@sessionboard.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--region", type=click.Choice(["us", "eu"]), default="us", show_default=True)
@click.option("--token-stdin", is_flag=True, required=True, help="Read the access token from standard input.")
@with_portal
def connect(slug: str, region: str, token_stdin: bool) -> None:
    """Try an access token, and store it when Sessionboard accepts it; replaces the one that is stored."""
    organisation = find_organisation(slug)
    token = sys.stdin.buffer.read().decode().rstrip("\r\n") if token_stdin else ""
    number = connect_sessionboard(organisation, region, token, ACTOR)
    events = count(number, "event")
    click.echo(f"{slug} is connected to Sessionboard; the token may read {events}.")


@sessionboard.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--json", "as_json", is_flag=True, help="Print an array of events as JSON.")
@with_portal
def events(slug: str, as_json: bool) -> None:
    """List the events that the token may read."""
    found = list_events_there(find_organisation(slug))
    if as_json:
        rows = [
            {
                "id": int(each.event.id) if each.event.id.isdecimal() else each.event.id,
                "name": each.event.name,
                "timezone": each.event.timezone,
                "taken": each.taken,
            }
            for each in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for each in found:
        event, taken = each.event, "taken" if each.taken else ""
        click.echo(f"{event.id}\t{event.name}\t{event.timezone or ''}\t{taken}")
    if not found:
        click.echo("The token may read no event.")


@sessionboard.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--rotate", is_flag=True, help="Make another secret; the one before is no longer accepted.")
@click.option("--json", "as_json", is_flag=True, help="Print path, header and secret as JSON.")
@with_portal
def webhook(slug: str, rotate: bool, as_json: bool) -> None:
    """Show where Sessionboard's webhook sends to, making it on first use; its secret is shown once."""
    hook = make_hook(find_organisation(slug), ACTOR, rotate=rotate)
    if as_json:
        click.echo(json.dumps({"path": hook.path, "header": hook.header, "secret": hook.secret}))
        return
    click.echo(f"Path    {hook.path} (behind the portal's address)")
    click.echo(f"Header  {hook.header}")
    click.echo(f"Secret  {hook.secret or 'was shown when it was made; --rotate makes another one'}")


@sessionboard.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_portal
def disconnect(slug: str, yes: bool) -> None:
    """Forget the token; the events stay and can be edited by hand from then on."""
    organisation = find_organisation(slug)
    if find_source(organisation.id) is None:
        click.echo(f"{organisation.name} is not connected to Sessionboard.")
        return
    if not yes:
        click.echo(
            "Disconnect Sessionboard? Its events stay here as they are, and are no longer brought up to date.",
            err=True,
        )
        if not click.confirm("Disconnect?", err=True):
            raise Refused("Nothing was changed.")
    kept = disconnect_sessionboard(organisation, ACTOR)
    click.echo(
        f"{organisation.name} is disconnected from Sessionboard. "
        f"{count(kept, 'event stays', 'events stay')} and can be edited by hand."
    )
