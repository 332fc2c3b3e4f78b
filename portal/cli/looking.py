"""`portal asp drift` and `portal asp probe`: look into ASP without writing."""

import json
import sys

import click

from portal.asp.findings import State
from portal.cli.group import PARTIAL, event_called, find_organisation, with_portal
from portal.operations.connection.probing import probe_asp
from portal.operations.syncing.drift import DriftReport, compare_with_asp
from portal.operations.syncing.runs import require_mapping
from portal.text.numbers import count


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@with_portal
def drift(slug: str, event_id: str, as_json: bool) -> None:
    """Say what was changed or deleted in ASP since it was last synced."""
    report = compare_with_asp(require_mapping(event_called(find_organisation(slug), event_id)))
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else _in_words(report))
    if report.records:
        sys.exit(PARTIAL)


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--site", "site_uuid", default="", metavar="UUID", help="The ASP event to look at.")
@click.option("--seminar", "seminar_id", default="", metavar="ID", help="The seminar to look at.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@with_portal
def probe(slug: str, site_uuid: str, seminar_id: str, as_json: bool) -> None:
    """Hold what is assumed of ASP's API against the organisation's own account; reads only.

    The report names no record and no person: it can be sent to whoever supports you.
    """
    findings = probe_asp(find_organisation(slug), site_uuid, seminar_id)
    if as_json:
        entries = [{"name": each.name, "state": each.state, "note": each.note} for each in findings]
        click.echo(json.dumps({"entries": entries}, ensure_ascii=False))
    else:
        for each in findings:
            click.echo(f"{each.state:13}{each.name}" + (f": {each.note}" if each.note else ""))
    if any(each.state is State.CONTRADICTED for each in findings):
        sys.exit(PARTIAL)


def _in_words(report: DriftReport) -> str:
    lines = [
        f"{count(report.checked, 'record')} compared, {count(len(report.records), 'differs', 'differ')}."
    ]
    for each in report.records:
        lines.append(f"{each.kind} {each.name}: {each.state} in ASP")
        lines += [f"  {slug}: {ours!r} → {theirs!r}" for slug, (ours, theirs) in each.fields.items()]
    return "\n".join(lines)
