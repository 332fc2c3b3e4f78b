"""`portal programme`: bring programmes in and out, and say what their statuses mean."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from portal.cli.asked import Asked, is_spreadsheet
from portal.cli.group import ACTOR, event_called, find_organisation, source_id_of, with_portal
from portal.cli.imported import tell_counts, tell_import
from portal.cli.late import load_late
from portal.operations.editing.statuses import set_categories
from portal.operations.files.changed_twice import tell_changed_twice
from portal.operations.files.formats import ExportFormat
from portal.operations.files.importing import check_programme, import_programme
from portal.operations.queries.statuses import list_statuses
from portal.programme.spreadsheet.questions import DateOrder
from portal.programme.values import FIRST_YEAR, LAST_YEAR
from portal.text.numbers import count


@click.group()
def programme() -> None:
    """Bring programmes in."""


@programme.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option(
    "--event", "event_id", metavar="EVENT_ID", help="The event that the file goes to; JSON names its own."
)
@click.option("--new-event", metavar="NAME", help="Of a spreadsheet: make an event of this name.")
@click.option("--timezone", metavar="ZONE", help="Of a new event, as Europe/Paris.")
@click.option(
    "--columns", type=click.Path(path_type=Path), help="TOML file: header = field, where the guess is wrong."
)
@click.option(
    "--encoding",
    metavar="NAME",
    help="Of a CSV that does not say it, as windows-1250; guessed where not told.",
)
@click.option(
    "--date-order", type=click.Choice([each.value for each in DateOrder]), help="How 04/05/2027 is read."
)
@click.option(
    "--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Of days without one, as “Sat 31 Jan”."
)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Of times without one; the first day, where they are called “Day 1” or “Friday”.",
)
@click.option(
    "--number", metavar="PATTERN", help="Of a spreadsheet: IDs for sessions without, as S-{number:03}."
)
@click.option("--check", is_flag=True, help="Store nothing, say what would be.")
@click.option("--skip-bad-rows", is_flag=True, help="Of a spreadsheet: leave rows with problems out.")
@click.option(
    "--confirm-timezone", is_flag=True, help="Change the timezone of an event that has been synced."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_portal
def import_(**options: Any) -> None:
    """Bring in a programme from a JSON file, or from a spreadsheet (CSV, TSV, XLSX, XLS, ODS): all or nothing."""
    asked = Asked(**options)
    if is_spreadsheet(asked.file) or (asked.new_event and asked.file.suffix.lower() != ".json"):
        load_late("portal.cli.spreadsheets:import_sheet")(asked)
        return
    if asked.names_a_spreadsheet:
        raise click.UsageError(
            f"{asked.file.name} is no .csv, .tsv, .xlsx, .xls or .ods: these options belong to spreadsheets."
        )
    organisation = find_organisation(asked.slug)
    event = event_called(organisation, asked.event_id) if asked.event_id else None
    if asked.check:
        checked = check_programme(organisation, asked.file, asked.confirm_timezone, event)
        found = {
            "event": checked.event,
            "sessions": checked.sessions.as_json(),
            "contacts": checked.contacts.as_json(),
        }
        lines = [tell_import(checked.event_name, checked.event, is_stored=False)]
        lines += tell_counts(checked.sessions, checked.contacts)
    else:
        stored = import_programme(organisation, asked.file, ACTOR, asked.confirm_timezone, event)
        found = stored.as_json()
        lines = [tell_import(stored.event.name, stored.identifier, is_stored=True)]
        lines += tell_counts(stored.sessions, stored.contacts)
        lines += [told] if (told := tell_changed_twice(stored.changed_twice)) else []
    click.echo(json.dumps(found) if asked.as_json else "\n".join(lines))


@programme.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option("--full", is_flag=True, help="Read everything again, not only what has changed.")
@click.option(
    "--confirm-timezone", is_flag=True, help="Change the timezone of an event that has been synced."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_portal
def pull(slug: str, event_id: str, full: bool, confirm_timezone: bool, as_json: bool) -> None:
    """Take an event in from Sessionboard, or bring it up to date: all or nothing."""
    organisation = find_organisation(slug)
    pulled = load_late("portal.operations.sources.pulling:pull_programme")(
        organisation,
        source_id_of(organisation, event_id),
        ACTOR,
        full=full,
        confirm_timezone=confirm_timezone,
    )
    if as_json:
        click.echo(json.dumps(pulled.as_json()))
        return
    stored = pulled.stored
    click.echo(f"Pulled {stored.event.name} (event {stored.identifier}), {pulled.requests} requests.")
    click.echo("\n".join(tell_counts(stored.sessions, stored.contacts, is_pull=True)))


@programme.command("export")
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option(
    "--format", "written_as", required=True, type=click.Choice([each.value for each in ExportFormat])
)
@click.option("--people", is_flag=True, help="The people alone; CSV has the sessions otherwise.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write; standard output without it.")
@with_portal
def export(slug: str, event_id: str, written_as: str, people: bool, output: Path | None) -> None:
    """Write an event's programme as CSV, XLSX or JSON; imported again into the event it changes nothing."""
    event = event_called(find_organisation(slug), event_id)
    if people and written_as == ExportFormat.JSON:
        raise click.UsageError("JSON holds sessions and people: leave --people out.")
    export_programme = load_late("portal.operations.files.exporting:export_programme")
    file = export_programme(event, ExportFormat(written_as), people)
    if output is None:
        click.echo(file.content, nl=False)
    else:
        output.write_bytes(file.content)
        click.echo(f"Wrote {output}.", err=True)


@programme.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option(
    "--set",
    "wanted",
    multiple=True,
    metavar="STATUS=CATEGORY",
    help="Let a status count as accepted, pending or declined.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the statuses as JSON.")
@with_portal
def statuses(slug: str, event_id: str, wanted: tuple[str, ...], as_json: bool) -> None:
    """Say what an event's statuses mean, and print all that are in use."""
    categories = dict(_categories(wanted))
    event = event_called(find_organisation(slug), event_id)
    if categories:
        set_categories(event, categories, ACTOR)
    found = list_statuses(event)
    if as_json:
        listed = [
            {"status": each.name, "category": each.category, "sessions": each.sessions} for each in found
        ]
        click.echo(json.dumps(listed))
        return
    for each in found:
        sessions = count(each.sessions, "session")
        click.echo(f"{each.name}: {each.category or 'not sorted, counts as pending'} ({sessions})")


def _categories(wanted: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The pairs of --set; a status may hold an equals sign, a category does not."""
    for pair in wanted:
        status, sign, category = pair.rpartition("=")
        if not sign or not status:
            raise click.BadParameter(f"“{pair}” is not STATUS=CATEGORY.", param_hint="--set")
        yield status.strip(), category.strip()
