"""`portal runs`: an event's runs, and what one of them did with each record (E7)."""

import json
from collections import Counter, defaultdict
from typing import Any

import click
from sqlalchemy import select

from portal.cli.group import event_called, find_organisation, with_portal
from portal.cli.late import load_late
from portal.errors import NotFound
from portal.models import Event, Organisation, Outcome, Run, RunRecord, RunStatus, db
from portal.operations.queries.run_records import HEADER, rows_for_file
from portal.operations.syncing.runs import close_dead_runs, forgotten_runs
from portal.sync.pushing.ledger import count_outcomes
from portal.sync.running.request_log import read_requests
from portal.text.cells import csv_text

LARGEST = 2_147_483_647  # that a run's number can be


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", metavar="EVENT_ID", help="The event whose runs are listed.")
@click.option(
    "--run", "run_id", type=click.IntRange(1, LARGEST), metavar="N", help="One run, instead of an event's."
)
@click.option("--json", "as_json", is_flag=True, help="Print an array of runs, or the run, as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the run's records as CSV.")
@click.option(
    "--requests", "as_requests", is_flag=True, help="Print the run's requests to ASP as CSV, without content."
)
@with_portal
def runs(
    slug: str, event_id: str | None, run_id: int | None, as_json: bool, as_csv: bool, as_requests: bool
) -> None:
    """List an event's runs, newest first, or what one run did with each record."""
    if event_id is None and run_id is None:
        raise click.UsageError("Name an event with --event, or a run with --run.")
    if (as_csv or as_requests) and (run_id is None or as_json):
        raise click.UsageError("--csv and --requests go with --run, and not with --json.")
    organisation = find_organisation(slug)
    close_dead_runs()
    settle_runs()
    event = event_called(organisation, event_id) if event_id is not None else None
    if run_id is not None:
        run = require_run(organisation, run_id, event)
        if as_requests:
            click.echo(read_requests(run.id), nl=False)
        else:
            _show_run(run, as_json, as_csv)
    elif event is not None:
        _list_runs(event, as_json)


def _list_runs(event: Event, as_json: bool) -> None:
    found = runs_of(event)
    if as_json:
        problems = problems_of([run.id for run in found])
        click.echo(
            json.dumps([run_as_json(run, problems.get(run.id, [])) for run in found], ensure_ascii=False)
        )
        return
    for run in found:
        click.echo(_line_of(run))
    if not found:
        click.echo(f"{event.name} has not been synced yet.")


def _show_run(run: Run, as_json: bool, as_csv: bool) -> None:
    if as_csv:
        click.echo(csv_text(HEADER, rows_for_file(run)), nl=False)
    elif as_json:
        click.echo(json.dumps(run_as_json(run, problems_of([run.id]).get(run.id, [])), ensure_ascii=False))
    else:
        click.echo(_line_of(run))


def _line_of(run: Run) -> str:
    return f"{run.id}\t{run.queued_at:%Y-%m-%d %H:%M}\t{run.status}\t{run.actor}\t{run.message or ''}"


def runs_of(event: Event) -> list[Run]:
    """An event's runs, newest first."""
    return list(db.session.scalars(select(Run).where(Run.event_id == event.id).order_by(Run.id.desc())))


def require_run(organisation: Organisation, run_id: int, event: Event | None) -> Run:
    """A run of the organisation, and of the event where one is named. Raises NotFound."""
    ours = [Run.id == run_id, Run.organisation_id == organisation.id]
    run = db.session.scalar(select(Run).where(*ours, *([Run.event_id == event.id] if event else [])))
    if run is None:
        raise NotFound(f"{(event or organisation).name} has no run {run_id}.")
    return run


def settle_runs() -> None:
    """Give up the runs that no worker begins (E14b)."""
    if forgotten_runs():  # it alone needs the queue's packages
        load_late("portal.operations.syncing.queueing:settle_forgotten_runs")()


def run_as_json(run: Run, problems: list[dict[str, str]]) -> dict[str, Any]:
    """The object of a run."""
    nothing = count_nothing()
    return {
        "run": run.id,
        "status": "running" if run.status == RunStatus.QUEUED else run.status,
        "message": run.message or "",
        "sessions": run.counts.get("sessions", nothing),
        "speakers": run.counts.get("speakers", nothing),
        "requests": run.requests,
        "writes": run.writes,
        "seconds": run.seconds or 0.0,
        "problems": problems,
        "withheld": run.withheld,
    }


def count_nothing() -> dict[str, int]:
    """The counts of a run that reached no record."""
    return count_outcomes(Counter())


def problems_of(run_ids: list[int]) -> dict[int, list[dict[str, str]]]:
    """What failed, was skipped or is warned of, by run: one query, however many runs there are."""
    rows = db.session.execute(
        select(
            RunRecord.run_id,
            RunRecord.kind,
            RunRecord.source_id,
            RunRecord.name,
            RunRecord.outcome,
            RunRecord.reason,
        )
        .where(
            RunRecord.run_id.in_(run_ids),
            RunRecord.outcome.in_((Outcome.FAILED, Outcome.SKIPPED, Outcome.WARNING)),
        )
        .order_by(RunRecord.id)
    )
    problems: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        problems[row.run_id].append(
            {
                "kind": row.kind,
                "id": row.source_id,
                "name": row.name,
                "outcome": row.outcome,
                "reason": row.reason or "",
            }
        )
    return problems
