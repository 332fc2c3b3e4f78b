"""Runs: asking for one, watching it, reading what became of every record."""

from flask import Blueprint, Response, flash, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import PortalError, Refused
from portal.htmx import go_on, leave_for, render_either, render_part, wants_partial
from portal.models import Event, Organisation, Run, WebsiteLook
from portal.operations.files.formats import ExportFormat
from portal.operations.queries.back_office import sessions_in_back_office
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.messages import mark_told, result_of
from portal.operations.queries.organisation import find_connection
from portal.operations.queries.records import list_existing
from portal.operations.queries.run_records import HEADER, Wanted, list_records, rows_for_file
from portal.operations.queries.runs import list_runs, outcomes_by_kind
from portal.operations.queries.slug_labels import label_slugs
from portal.operations.syncing.approving import asks_for_approval
from portal.operations.syncing.dismissing import dismiss_problem, restore_problem
from portal.operations.syncing.obstacles import find_obstacles
from portal.operations.syncing.queueing import start_sync
from portal.operations.syncing.runs import request_cancel, why_not_sync
from portal.operations.syncing.sending import ask_preview
from portal.operations.syncing.website import find_look
from portal.sync.running.readiness import assess
from portal.sync.running.request_log import has_requests, read_requests
from portal.sync.running.terms import mapping_of
from portal.text.cells import csv_text
from portal.text.numbers import count
from portal.views.access import EVENT, for_admins, for_members, number_in, page_number
from portal.views.downloads import download
from portal.views.frame import SYNC_STARTED, tell_problem

RUN = "/orgs/<org>/runs/<int(max=2147483647):run_id>"

blueprint = Blueprint("runs", __name__)


@blueprint.get("/orgs/<org>/runs")
@for_members
def run_list(organisation: Organisation) -> ResponseReturnValue:
    return _show_list(organisation, None)


@blueprint.get(f"{EVENT}/runs")
@for_members
def run_list_of_event(organisation: Organisation, event: Event) -> ResponseReturnValue:
    return _show_list(organisation, event)


def _show_list(organisation: Organisation, event: Event | None) -> Response:
    runs = list_runs(organisation, event, page_number())
    return render_either("runs/list.html", "runs/_list.html", runs=runs, address=request.path)


@blueprint.post(f"{EVENT}/sync")
@for_admins
def run_start(organisation: Organisation, event: Event) -> ResponseReturnValue:
    mapping = mapping_of(event)
    agenda = url_for("agenda.agenda_show", org=organisation.slug, event_id=event.id)
    try:
        if mapping is None:
            raise Refused(why_not_sync(event) or "This event is not mapped to an ASP event.")
        if why_not_sync(event) is None and assess(event).asks_first:  # D12
            ask_preview(mapping, current_user.email)
            return leave_for(url_for("previews.preview_show", org=organisation.slug, event_id=event.id))
        run = start_sync(mapping, current_user.email, current_user.id)
    except PortalError as error:
        tell_problem(error)
        return _only_messages() if wants_partial() else go_on(agenda)
    if wants_partial():
        response = render_part("runs/_toast.html", run=run)
        response.headers["HX-Trigger"] = "runChanged"
        return response
    flash(SYNC_STARTED, "info")
    return go_on(_run_address(run) if request.form.get("then") == "run" else agenda)


def _only_messages() -> Response:
    response = render_part("_flash.html")
    response.headers["HX-Reswap"] = "none"
    return response


def _run_address(run: Run) -> str:
    return url_for("runs.run_show", org=g.organisation.slug, run_id=run.id)


@blueprint.get(RUN)
@for_members
def run_show(organisation: Organisation, run: Run) -> Response:
    g.event, g.shown_run = run.event, run
    if not run.is_active:
        mark_told(run, current_user.id)  # the page says it
    wanted = wanted_records()
    records, mapping = list_records(run, wanted), mapping_of(run.event)
    return render_either(
        "runs/run.html",
        "runs/_run.html",
        run=run,
        records=records,
        existing=list_existing(run.event, records.rows),
        labels=label_slugs(run.mapping),
        back_office=sessions_in_back_office(run.mapping),
        counts=outcomes_by_kind(run),
        wanted=wanted,
        reason_not_sync=why_not_sync(run.event),
        mapping=mapping,
        obstacles=find_obstacles(run.event, mapping, find_connection(organisation.id)),
        reason_not_edit=why_not_edit(run.event),
        approvable=asks_for_approval(run),
        has_requests=has_requests(run.id),
        look=look_after(run),
        address=_run_address(run),
    )


def look_after(run: Run) -> WebsiteLook | None:
    """What was seen on the website since this run; None after a later one."""
    look = find_look(run.mapping)
    return look if look is not None and look.run_id == run.id else None


def wanted_records() -> Wanted:
    return Wanted(
        outcome=request.args.get("outcome", ""),
        search=request.args.get("search", "").strip(),
        like=number_in(request.args, "like"),
        page=page_number(),
    )


@blueprint.get(f"{RUN}.csv")
@for_members
def run_download(organisation: Organisation, run: Run) -> Response:
    return download(f"run-{run.id}.csv", ExportFormat.CSV, csv_text(HEADER, rows_for_file(run)))


@blueprint.get(f"{RUN}/requests.csv")
@for_members
def run_requests_download(organisation: Organisation, run: Run) -> Response:
    """What ASP's support may be sent: each request without its content."""
    return download(f"run-{run.id}-requests.csv", ExportFormat.CSV, read_requests(run.id))


@blueprint.post(f"{RUN}/problems")
@for_admins
def run_problem_dismiss(organisation: Organisation, run: Run) -> ResponseReturnValue:
    """Dismiss a problem, or tell of it again."""
    restores = request.form.get("action") == "restore"
    change = restore_problem if restores else dismiss_problem
    try:
        number = change(run, number_in(request.form, "like"), current_user.email)
    except Refused as refusal:
        flash(str(refusal), "warning")
    else:
        records = count(number, "record")
        told = "Told of again" if restores else "Dismissed until it changes"
        flash(f"{told}, for {records}.", "success")
    return go_on(_run_address(run))


@blueprint.get(f"{RUN}/progress")
@for_members
def run_progress(organisation: Organisation, run: Run) -> ResponseReturnValue:
    """Polled while the run works: from the message that follows its user, and from a page that shows it."""
    place = "toast" if request.args.get("place") == "toast" else "page"
    # For a tab that has heard of the run from another one.
    whole = place == "toast" and "whole" in request.args
    if run.is_active:
        part = "runs/_toast.html" if whole else "runs/_progress.html"
        return render_part(part, run=run, place=place, watched=True)
    if place == "page":
        response = render_part("runs/_progress.html", run=run, place=place)
        response.headers["HX-Trigger"] = "runEnded"
        return response
    # The message about the result takes the place of the progress, in every tab that shows it (E3).
    mark_told(run, current_user.id)
    response = render_part("runs/_result.html", run=run, messages=[result_of(run)])
    if whole:
        return response
    response.headers["HX-Trigger"] = "runEnded"
    response.headers["HX-Retarget"] = f"#runs-toast-{run.id}"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


@blueprint.post(f"{RUN}/cancel")
@for_admins
def run_cancel(organisation: Organisation, run: Run) -> ResponseReturnValue:
    if run.is_active:
        request_cancel(run, current_user.email)
    if wants_partial():
        place = "toast" if request.form.get("place") == "toast" else "page"
        return render_part("runs/_progress.html", run=run, place=place, cancelled=True)
    flash("The sync stops after the records in hand.", "info")
    return go_on(_run_address(run))
