"""`portal asp …`: connect, map, unmap, disconnect; with the commands for a mapping's settings."""

import sys

import click

from portal.cli.group import ACTOR, event_called, find_organisation, with_portal
from portal.cli.looking import drift, probe
from portal.cli.mapping_settings import fields, settings
from portal.errors import Refused
from portal.operations.connection.clients import NOT_CONNECTED
from portal.operations.connection.connecting import connect_asp, describe_disconnect, disconnect_asp
from portal.operations.mapping.adding import Answers, add_mapping
from portal.operations.mapping.unmapping import remove_mapping
from portal.operations.queries.organisation import find_connection
from portal.operations.syncing.runs import require_mapping
from portal.sync.running.terms import mapping_of


@click.group()
def asp() -> None:
    """Connect an organisation to ASP Events and map its events."""


asp.add_command(settings)
asp.add_command(fields)
asp.add_command(drift)
asp.add_command(probe)


@asp.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--api-key", required=True, metavar="KEY")
@click.option("--secret-stdin", is_flag=True, required=True, help="Read the API secret from standard input.")
@click.option("--continuous/--no-continuous", default=None, help="Sync by itself at intervals; off at first.")
@with_portal
def connect(slug: str, api_key: str, secret_stdin: bool, continuous: bool | None) -> None:
    """Try an API key and secret, and store them when ASP accepts them."""
    organisation = find_organisation(slug)
    secret = sys.stdin.buffer.read().decode().rstrip("\r\n") if secret_stdin else ""
    connection = connect_asp(organisation, api_key, secret, continuous, ACTOR)
    switch = "on" if connection.continuous else "off"
    click.echo(f"{slug} is connected to ASP Events; continuous sync is {switch}.")


@asp.command("map")
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option("--site", "site_uuid", required=True, metavar="SITE_UUID")
@click.option("--seminar", "seminar_id", required=True, metavar="SEMINAR_ID")
@click.option(
    "--confirm-timezone", is_flag=True, help="The ASP event is in the event's timezone: I have looked."
)
@click.option(
    "--confirm-second-set",
    is_flag=True,
    help="Map it although its sessions stand in another seminar of the ASP event.",
)
@click.option(
    "--like", "pattern_id", metavar="EVENT_ID", help="Begin with the fields and settings of this event's."
)
@with_portal
def map_(
    slug: str,
    event_id: str,
    site_uuid: str,
    seminar_id: str,
    confirm_timezone: bool,
    confirm_second_set: bool,
    pattern_id: str | None,
) -> None:
    """Map an event to an ASP event and the seminar that contains its sessions."""
    organisation = find_organisation(slug)
    if find_connection(organisation.id) is None:
        raise Refused(NOT_CONNECTED)
    event = event_called(organisation, event_id)
    like = require_mapping(event_called(organisation, pattern_id)) if pattern_id else None
    answers = Answers(confirm_timezone, second_set=confirm_second_set, like=like)
    added = add_mapping(event, site_uuid, seminar_id, ACTOR, answers)
    mapping = added.mapping
    words = "is mapped" if added.created else "was mapped already"
    click.echo(f"{mapping.event.name} {words} to {mapping.site_name}, seminar {mapping.seminar_number}.")
    for warning in added.warnings:
        click.echo(f"Warning: {warning}", err=True)


@asp.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@with_portal
def unmap(slug: str, event_id: str) -> None:
    """Remove an event's mapping; what is in ASP stays there."""
    event = event_called(find_organisation(slug), event_id)
    mapping = mapping_of(event)
    if mapping is None:
        click.echo(f"{event.name} is not mapped.")
        return
    site = mapping.site_name
    remove_mapping(mapping, ACTOR)
    click.echo(f"{event.name} is no longer mapped to {site}. What is in ASP stays there.")


@asp.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_portal
def disconnect(slug: str, yes: bool) -> None:
    """End the connection and all its mappings, and erase the secret."""
    organisation = find_organisation(slug)
    if find_connection(organisation.id) is None:
        click.echo(f"{organisation.name} is not connected to ASP Events.")
        return
    question = None if yes else describe_disconnect(organisation)
    if question is not None:
        click.echo(f"Disconnect ASP Events? {question}", err=True)
        if not click.confirm("Disconnect?", err=True):
            raise Refused("Nothing was changed.")
    disconnect_asp(organisation, ACTOR, question)
    click.echo(f"{organisation.name} is disconnected from ASP Events.")
