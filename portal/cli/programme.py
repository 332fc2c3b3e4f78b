"""`portal programme import`."""

import json
from pathlib import Path

import click

from portal.cli.group import ACTOR, find_organisation, with_portal
from portal.operations.importing import import_programme
from portal.programme.storing import StoredProgramme


@click.group()
def programme() -> None:
    """Bring programmes in."""


@programme.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option(
    "--confirm-timezone", is_flag=True, help="Change the timezone of an event that has been synced."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_portal
def import_(file: Path, slug: str, confirm_timezone: bool, as_json: bool) -> None:
    """Bring in a programme from a JSON file: all or nothing."""
    stored = import_programme(find_organisation(slug), file, ACTOR, confirm_timezone)
    if as_json:
        click.echo(json.dumps(stored.as_json()))
    else:
        click.echo(_in_words(stored))


def _in_words(stored: StoredProgramme) -> str:
    lines = [f"Imported {stored.event.name} (event {stored.as_json()['event']})."]
    for name, tally in (("Sessions", stored.sessions), ("People", stored.contacts)):
        lines.append(
            f"{name}: {tally.created} created, {tally.updated} updated, {tally.unchanged} unchanged, "
            f"{tally.missing} missing from the file."
        )
    return "\n".join(lines)
