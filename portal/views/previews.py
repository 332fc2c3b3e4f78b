"""What a sync would do, seen before it does it (E8), with the approval of D12."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.errors import PortalError
from portal.htmx import asks_again, go_on, leave_for, render_either
from portal.models import Event, Mapping, Organisation, StoredPreview
from portal.operations.files.formats import ExportFormat
from portal.operations.queries.editable import why_not_edit
from portal.operations.queries.previews import Wanted, list_all_records, list_preview, list_warnings
from portal.operations.queries.records import list_existing
from portal.operations.queries.slug_labels import label_slugs
from portal.operations.syncing.previewing import is_being_made, is_outdated, latest_preview
from portal.operations.syncing.runs import require_mapping, why_not_sync
from portal.operations.syncing.sending import Outdated, ask_preview, sync_what_was_shown
from portal.sync.running.readiness import assess
from portal.sync.running.terms import mapping_of
from portal.text.cells import csv_text
from portal.views.access import EVENT, for_admins, for_members, number_in, page_number
from portal.views.downloads import download
from portal.views.frame import SYNC_STARTED, tell_problem

PREVIEW = f"{EVENT}/preview"
HEADER = ("would", "kind", "id", "name", "reason", "warnings", "changes")

blueprint = Blueprint("previews", __name__)


@blueprint.get(PREVIEW)
@for_members
def preview_show(organisation: Organisation, event: Event) -> ResponseReturnValue:
    mapping = mapping_of(event)
    preview = latest_preview(mapping) if mapping else None
    if preview is not None and is_being_made(preview) and asks_again("previews-preview"):
        return make_response("", 204)  # whoever reads of the work keeps the place
    return render_either(
        "previews/preview.html", "previews/_preview.html", **describe_preview(event, mapping, preview)
    )


def describe_preview(event: Event, mapping: Mapping | None, preview: StoredPreview | None) -> dict[str, Any]:
    working = preview is not None and is_being_made(preview)
    made = preview is not None and preview.made_at is not None
    context: dict[str, Any] = {
        "mapping": mapping,
        "preview": preview,
        "working": working,
        "address": preview_address(event),
        "reason_not_sync": why_not_sync(event),
        "records": None,
        "readiness": assess(event),
    }
    if preview is None or not made or preview.stop:
        return context
    wanted = wanted_records()
    records = list_preview(preview, wanted)
    rows = [row for group in records.groups for part in group.parts for row in part.rows]
    return context | {
        "wanted": wanted,
        "records": records,
        "told": []
        if any((wanted.group, wanted.kind, wanted.search, wanted.like))
        else list_warnings(preview),
        "reason_not_edit": why_not_edit(event),
        "outdated": is_outdated(preview),
        "existing": list_existing(event, rows),
        "labels": label_slugs(mapping),
    }


def wanted_records() -> Wanted:
    kind = request.args.get("kind", "")
    return Wanted(
        group=request.args.get("group", ""),
        kind=kind if kind in ("session", "speaker") else "",
        search=request.args.get("search", "").strip(),
        like=number_in(request.args, "like"),
        page=page_number(),
    )


@blueprint.post(PREVIEW)
@for_admins
def preview_ask(organisation: Organisation, event: Event) -> Response:
    try:
        ask_preview(require_mapping(event), current_user.email)
    except PortalError as problem:
        tell_problem(problem)
    return go_on(preview_address(event))


@blueprint.post(f"{PREVIEW}/sync")
@for_admins
def preview_sync(organisation: Organisation, event: Event) -> Response:
    try:
        mapping = require_mapping(event)
        shown = latest_preview(mapping)
        if shown is None or shown.id != number_in(request.form, "preview"):
            raise Outdated("A newer preview was made meanwhile, so nothing was sent. Look at it.")
        approved = number_in(request.form, "approve")
        run = sync_what_was_shown(shown, approved, current_user.email, current_user.id)
    except PortalError as problem:
        tell_problem(problem)
        return _look_again(event, isinstance(problem, Outdated))
    flash(SYNC_STARTED, "info")
    return leave_for(url_for("runs.run_show", org=organisation.slug, run_id=run.id))


def _look_again(event: Event, anew: bool) -> Response:
    if anew:
        try:
            ask_preview(require_mapping(event), current_user.email)
        except PortalError as problem:
            flash(str(problem), "error")
    return leave_for(preview_address(event))


@blueprint.get(f"{PREVIEW}.csv")
@for_members
def preview_download(organisation: Organisation, event: Event) -> ResponseReturnValue:
    mapping = mapping_of(event)
    preview = latest_preview(mapping) if mapping else None
    labels = label_slugs(mapping)
    made = list_all_records(preview) if preview is not None else []
    rows = (
        (
            row.group,
            row.kind,
            row.source_id,
            row.name,
            row.reason or "",
            " ".join(row.warnings),
            "; ".join(
                f"{labels[row.kind].get(slug, slug)}: {before} → {after}"
                for slug, (before, after) in row.fields.items()
            ),
        )
        for row in made
    )
    return download(f"preview-{event.id}.csv", ExportFormat.CSV, csv_text(HEADER, rows))


def preview_address(event: Event) -> str:
    return url_for("previews.preview_show", org=event.organisation.slug, event_id=event.id)
