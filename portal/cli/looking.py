"""`portal asp drift` and `portal asp probe`: look into ASP without writing."""

import json
import sys

import click

from portal.cli.group import PARTIAL, find_event, find_organisation, with_portal
from portal.operations.drift import DriftReport, compare_with_asp
from portal.operations.syncing import require_mapping


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@with_portal
def drift(slug: str, event_id: str, as_json: bool) -> None:
    """Say what was changed or deleted in ASP since it was last synced."""
    report = compare_with_asp(require_mapping(find_event(find_organisation(slug), event_id)))
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _in_words(report))
    if report.records:
        sys.exit(PARTIAL)


def _in_words(report: DriftReport) -> str:
    lines = [f"{report.checked} records compared, {len(report.records)} differ."]
    for each in report.records:
        lines.append(f"{each.kind} {each.name}: {each.state} in ASP")
        lines += [f"  {slug}: {ours!r} → {theirs!r}" for slug, (ours, theirs) in each.fields.items()]
    return "\n".join(lines)
