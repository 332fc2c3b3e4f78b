"""`portal sync`."""

import json
import sys
import threading
import time
from contextlib import nullcontext
from typing import Any

import click
from flask import Flask

from portal.cli.ending import EndedBySignal
from portal.cli.group import ACTOR, DID_NOT_HAPPEN, PARTIAL, event_called, find_organisation, with_portal
from portal.cli.late import load_late
from portal.cli.output import Output
from portal.cli.runs import count_nothing, problems_of, run_as_json, settle_runs
from portal.config import current_application
from portal.errors import PortalError
from portal.models import Mapping, Outcome, Run, RunStatus, db, now
from portal.operations.queries.organisation import find_connection
from portal.operations.sources.refreshing import refresh_event
from portal.operations.syncing.obstacles import WayOut, find_obstacles
from portal.operations.syncing.previewing import preview
from portal.operations.syncing.runs import perform_run, request_run, require_mapping
from portal.sync.planning.intent import Action, Intended
from portal.sync.pushing.written import OUTCOMES
from portal.sync.running.preview import Preview
from portal.text.numbers import count

EXIT_STATUS = {RunStatus.SUCCEEDED: 0, RunStatus.PARTIAL: PARTIAL}
PROGRESS_EVERY = 0.5  # seconds
WORST_FIRST = (Outcome.FAILED, Outcome.WARNING, Outcome.SKIPPED)


@click.command()
@click.option("--org", "slug", required=True, metavar="SLUG")
@click.option("--event", "event_id", required=True, metavar="EVENT_ID")
@click.option("--preview", "only_preview", is_flag=True, help="Say what would happen, and write nothing.")
@click.option(
    "--approve-unpublishing",
    "approved",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Let this run, and no other, unpublish up to N records at once.",
)
@click.option("--no-pull", is_flag=True, help="Sync what is stored, without asking the event's source first.")
@click.option("--enqueue", is_flag=True, help="Hand the sync to a worker and do not wait.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as JSON.")
@with_portal
def sync(
    slug: str, event_id: str, only_preview: bool, approved: int, no_pull: bool, enqueue: bool, as_json: bool
) -> None:
    """Sync an event to ASP Events in this process, and wait for the end."""
    if only_preview and enqueue:
        raise click.UsageError("--preview and --enqueue do not go together.")
    mapping = require_mapping(event_called(find_organisation(slug), event_id))
    if only_preview:
        _show_preview(mapping, approved, not no_pull, as_json)
    elif enqueue:
        # It alone needs the queue's packages.
        start_sync = load_late("portal.operations.syncing.queueing:start_sync")
        run = start_sync(mapping, ACTOR, None, approved, pull_first=not no_pull)
        click.echo(json.dumps({"run": run.id}) if as_json else str(run.id))
    else:
        _sync_here(mapping, approved, not no_pull, as_json)


def _sync_here(mapping: Mapping, approved: int, pull_first: bool, as_json: bool) -> None:
    settle_runs()
    run_id = request_run(mapping, ACTOR, unpublish_approved=approved, pull_first=pull_first).id
    app = current_application()
    terminal = sys.stderr if isinstance(sys.stderr, Output) and sys.stderr.is_terminal else None
    with EndedBySignal(app, run_id), _Progress(app, run_id, terminal) if terminal else nullcontext():
        perform_run(run_id)
    db.session.rollback()
    run = db.session.get_one(Run, run_id)
    problems = problems_of([run.id]).get(run.id, [])
    if as_json:
        click.echo(json.dumps(run_as_json(run, problems), ensure_ascii=False))
    else:
        click.echo(run.message)
        for problem in sorted(problems, key=lambda each: WORST_FIRST.index(each["outcome"])):
            click.echo(f"  {problem['outcome']} {problem['kind']} {problem['name']}: {problem['reason']}")
    _tell_how_to_go_on(run)
    sys.exit(EXIT_STATUS.get(RunStatus(run.status), DID_NOT_HAPPEN))


def _tell_how_to_go_on(run: Run) -> None:
    """The options that only the command line has; what stops a run stands on pages too."""
    if run.withheld:
        click.echo(f"To unpublish them: portal sync … --approve-unpublishing {run.withheld}", err=True)
    if run.status != RunStatus.FAILED:
        return
    obstacles = find_obstacles(run.event, run.mapping, find_connection(run.organisation_id))
    if any(each.place is WayOut.EVENT_SETTINGS for each in obstacles):
        click.echo("To confirm the timezone: portal asp map … --confirm-timezone", err=True)


class _Progress:
    """Shows on a terminal how far a run is."""

    def __init__(self, app: Flask, run_id: int, terminal: Output) -> None:
        self._app = app
        self._run_id = run_id
        self._terminal = terminal
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: Any) -> None:
        self._end.set()
        self._thread.join()
        self._terminal.rewrite_line("")

    def _show(self) -> None:
        with self._app.app_context():
            while not self._end.wait(PROGRESS_EVERY):
                run = db.session.get_one(Run, self._run_id)
                self._terminal.rewrite_line(
                    f"Speakers {run.speakers_done} of {run.speakers_total} · "
                    f"Sessions {run.sessions_done} of {run.sessions_total}"
                )
                db.session.rollback()


def _show_preview(mapping: Mapping, approved: int, pull_first: bool, as_json: bool) -> None:
    begun = time.monotonic()
    try:
        if pull_first:
            refresh_event(mapping.event)
        made = preview(mapping, now(), approved)
    except PortalError as problem:
        if not as_json:
            raise
        failed = _failed_preview(str(problem), round(time.monotonic() - begun, 1))
        click.echo(json.dumps(failed, ensure_ascii=False))
        sys.exit(DID_NOT_HAPPEN)
    if made.stop and not as_json:
        raise PortalError(made.stop)
    click.echo(json.dumps(preview_as_json(made), ensure_ascii=False) if as_json else _preview_in_words(made))
    sys.exit(DID_NOT_HAPPEN if made.stop else 0)


def preview_as_json(made: Preview) -> dict[str, Any]:
    """The object of a run that has not been made."""
    stopped = [_run_problem("failed", made.stop)] if made.stop else []
    return {
        "run": None,
        "status": "failed" if made.stop else "preview",
        "message": made.stop or _counted(made),
        **made.counts,
        "requests": made.requests,
        "writes": 0,
        "seconds": made.seconds,
        "problems": [
            *stopped,
            *(_run_problem("warning", warning) for warning in made.warnings),
            *(problem for record in made.records for problem in _planned_problems(record)),
        ],
        "withheld": made.withheld,
        "changes": [
            {
                "kind": change.kind,
                "id": change.id,
                "name": change.name,
                "outcome": change.outcome,
                "fields": {slug: list(pair) for slug, pair in change.fields.items()},
            }
            for change in made.changes
        ],
    }


def _failed_preview(message: str, seconds: float) -> dict[str, Any]:
    counts = {"sessions": count_nothing(), "speakers": count_nothing()}
    return preview_as_json(Preview(counts, (), (), (), message, 0, seconds))


def _run_problem(outcome: str, reason: str) -> dict[str, str]:
    return {"kind": "run", "id": "", "name": "Preview", "outcome": outcome, "reason": reason}


def _planned_problems(record: Intended) -> list[dict[str, str]]:
    about = {"kind": record.kind, "id": record.id, "name": record.name}
    found = [{**about, "outcome": "warning", "reason": warning} for warning in record.warnings]
    if record.action in (Action.SKIP, Action.FAIL):
        found.append({**about, "outcome": OUTCOMES[record.action], "reason": record.reason or ""})
    return found


def _counted(made: Preview) -> str:
    created, updated = (
        f"{count(made.counts['sessions'][outcome], 'session')} and "
        f"{count(made.counts['speakers'][outcome], 'speaker')}"
        for outcome in ("created", "updated")
    )
    words = f"A sync would create {created}, and update {updated}."
    if made.withheld:
        words += f" {count(made.withheld, 'record')} would wait for an approval to be unpublished."
    return words


def _preview_in_words(made: Preview) -> str:
    lines = [_counted(made), *made.warnings]
    for change in made.changes:
        lines.append(f"{change.outcome} {change.kind} {change.name}")
        if change.outcome == Outcome.UPDATED:
            lines += [
                f"    {slug}: {before!r} → {after!r}" for slug, (before, after) in change.fields.items()
            ]
    for record in made.records:
        lines += [
            f"{each['outcome']} {each['kind']} {each['name']}: {each['reason']}"
            for each in _planned_problems(record)
        ]
    return "\n".join(lines)
