"""`portal asp settings` and `portal asp fields`: the window's steps 3 to 5, for scripts."""

import json
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

import click

from portal.cli.group import ACTOR, event_called, fail, find_organisation, with_portal
from portal.errors import Refused
from portal.models import Mapping
from portal.operations.mapping.event_settings import (
    SENTENCES,
    EventSettings,
    current_event_settings,
    save_event_settings,
)
from portal.operations.mapping.field_mappings import KINDS, RefusedRows, change_field_mappings, mapper_rows
from portal.operations.syncing.runs import require_mapping

# The name in the output → the setting and its two options, in the output's order.
SWITCHES = {
    "unpublish_sessions": ("unpublish_sessions", "--unpublish-sessions/--keep-sessions"),
    "unpublish_speakers": ("unpublish_speakers", "--unpublish-speakers/--keep-speakers"),
    "recreate_deleted": ("recreate_deleted", "--recreate-deleted/--report-deleted"),
    "moderators": ("send_moderators", "--send-moderators/--leave-moderators"),
    "chairpersons": ("send_chairpersons", "--send-chairpersons/--leave-chairpersons"),
    "content": ("send_content", "--send-content/--leave-content"),
    "people_first": ("people_first", "--people-first/--sessions-only"),
    "prepare_only": ("prepare_only", "--prepare-only/--send"),
}


def with_switches(command: Any) -> Any:
    """Add the two options of every switch; one that is not given is None."""
    for setting, options in reversed(SWITCHES.values()):
        command = click.option(options, setting, default=None, help=f"{SENTENCES[setting]}.")(command)
    return command


def _day(_context: click.Context, _option: click.Parameter, given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given is not None else None
    except ValueError:
        raise click.BadParameter(f"“{given}” is no date; write it as 2027-01-31.") from None


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@with_switches
@click.option("--pause/--resume", "paused", default=None, help="Let continuous sync of this event rest.")
@click.option(
    "--until", callback=_day, metavar="DATE", help="The last day of the pause, in the event's timezone."
)
@click.option("--json", "as_json", is_flag=True, help="Print the settings as JSON.")
@with_portal
def settings(
    slug: str, event_id: str, paused: bool | None, until: date | None, as_json: bool, **switches: bool | None
) -> None:
    """Change a mapping's settings, those alone that are named, and print all."""
    if until is not None and not paused:
        raise click.UsageError("--until goes with --pause.")
    mapping = require_mapping(event_called(find_organisation(slug), event_id))
    named: dict[str, Any] = {name: value for name, value in switches.items() if value is not None}
    if paused is not None:
        named |= {"paused": paused, "paused_until": until}
    if named:
        wanted = replace(current_event_settings(mapping), **named)
        save_event_settings(mapping, wanted, ACTOR)
    shown = settings_as_json(current_event_settings(mapping))
    if as_json:
        click.echo(json.dumps(shown))
        return
    for name, (setting, _) in SWITCHES.items():
        click.echo(f"{SENTENCES[setting]}: {'on' if shown[name] else 'off'}")
    until_when = f"until {shown['paused']}" if isinstance(shown["paused"], str) else "on"
    click.echo(f"{SENTENCES['paused']}: {until_when if shown['paused'] else 'off'}")


def settings_as_json(current: EventSettings) -> dict[str, bool | str | None]:
    """`paused` is None, True, or the date until which."""
    switches = {name: getattr(current, setting) for name, (setting, _) in SWITCHES.items()}
    until = current.paused_until
    return {**switches, "paused": (until.isoformat() if until else True) if current.paused else None}


def _pairs(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> list[tuple[str, str]]:
    pairs = [tuple(each.partition("=")[::2]) for each in given if "=" in each]
    if len(pairs) < len(given):
        raise click.BadParameter("must be SLUG=FIELD, as in Room=room or Topic=custom:Topic")
    return [(slug, field) for slug, field in pairs]


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option(
    "--set", "wanted", multiple=True, metavar="SLUG=FIELD", callback=_pairs, help="Fill a slug with a field."
)
@click.option("--remove", "removed", multiple=True, metavar="SLUG", help="Take a slug's row away.")
@click.option("--restore", is_flag=True, help="Begin with the default rows.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@with_portal
def fields(
    slug: str,
    event_id: str,
    kind: str,
    wanted: list[tuple[str, str]],
    removed: tuple[str, ...],
    restore: bool,
    as_json: bool,
) -> None:
    """Change which field fills which ASP field, all changes or none, and print the rows."""
    mapping = require_mapping(event_called(find_organisation(slug), event_id))
    if wanted or removed or restore:
        try:
            change_field_mappings(mapping, kind, wanted, removed, restore, ACTOR)
        except RefusedRows as refused:
            _fail_with_rows(refused)
    _print_rows(mapping, kind, as_json)


def _print_rows(mapping: Mapping, kind: str, as_json: bool) -> None:
    rows = mapper_rows(mapping, kind)
    if as_json:
        shown = [{"field": row.field.key, "slug": row.slug, "required": row.locked} for row in rows]
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.slug}\t{row.field.key}{'	required' if row.locked else ''}")


def _fail_with_rows(refused: RefusedRows) -> NoReturn:
    for slug, problem in refused.by_slug:
        click.echo(f"  {slug or '(no slug)'}: {problem}", err=True)
    fail(Refused(str(refused)))
