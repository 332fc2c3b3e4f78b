"""`portal readiness`: what keeps a sync from starting, and what it would fail or skip (E9); ASP is not asked."""

import json
import sys
from collections import Counter
from typing import Any

import click

from portal.cli.group import DID_NOT_HAPPEN, PARTIAL, event_called, find_organisation, with_portal
from portal.models import Event, Outcome
from portal.operations.queries.organisation import find_connection
from portal.operations.queries.problems import group_by_reason
from portal.operations.syncing.obstacles import find_obstacles
from portal.sync.running.readiness import Readiness, assess
from portal.sync.running.terms import mapping_of


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@with_portal
def readiness(slug: str, event_id: str, as_json: bool) -> None:
    """Say what the agenda says above its list: exit 1 when no sync can start, 3 when records would fail."""
    event = event_called(find_organisation(slug), event_id)
    obstacles = find_obstacles(event, mapping_of(event), find_connection(event.organisation_id))
    words = [each.words for each in obstacles]
    found = assess(event)
    click.echo(
        json.dumps(_as_json(words, found), ensure_ascii=False) if as_json else _in_words(event, words, found)
    )
    if words:
        sys.exit(DID_NOT_HAPPEN)
    if any(each.outcome == Outcome.FAILED for each in found.problems):
        sys.exit(PARTIAL)


def _as_json(obstacles: list[str], found: Readiness) -> dict[str, Any]:
    """`states` counts the sessions by how they stand towards ASP."""
    return {
        "obstacles": obstacles,
        "accepted": found.accepted,
        "ready": found.ready,
        "states": dict(Counter(str(each.standing) for each in found.states.values())),
        "warnings": list(found.warnings),
        "problems": [
            {
                "kind": each.kind,
                "id": each.source_id,
                "name": each.name,
                "outcome": each.outcome,
                "reason": each.reason,
            }
            for each in found.problems
        ],
    }


def _in_words(event: Event, obstacles: list[str], found: Readiness) -> str:
    lines = [f"A sync of {event.name} can't start: {each}" for each in obstacles]
    lines.append(f"{found.ready} of {found.accepted} accepted sessions are ready to sync.")
    lines += found.warnings
    for group in group_by_reason(found):
        lines.append(f"{len(group.records)} × {group.outcome} {group.kind}: {group.reason}")
        lines += [f"    {each.name or each.source_id}" for each in group.records]
    return "\n".join(lines)
