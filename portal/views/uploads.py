"""A programme file on its way in: its columns, a look at what it would do, Import or Cancel."""

import json
from dataclasses import asdict
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_login import current_user

from portal.errors import InvalidFile, NotFound, PortalError, Refused
from portal.forms.refusals import show_refusal
from portal.forms.uploads import UpdateForm, matched_columns, rows_left_out, typed_fixes
from portal.htmx import leave_for, render_either
from portal.models import Event, Organisation, Upload
from portal.operations.files.formats import ExportFormat
from portal.operations.files.looking import Look, look_at
from portal.operations.files.uploads import (
    SPREADSHEET,
    FileAnswers,
    choose_columns,
    choose_encoding,
    describe_columns,
    discard_upload,
    import_upload,
    keep_upload,
    mend_upload,
)
from portal.programme.comparing import CHANGED, MISSING, NEW, PERSON, SESSION, Comparison
from portal.programme.spreadsheet.opening.decoding import OLDER_NAMES
from portal.programme.spreadsheet.recognising.fields import CUSTOM, PERSON_FIELDS, SESSION_FIELDS, Target
from portal.programme.spreadsheet.rows.drafts import CellProblem
from portal.programme.spreadsheet.rows.problem_groups import CellProblemGroup, group_problems
from portal.programme.spreadsheet.writing.template import write_template
from portal.views.access import EVENT, for_admins
from portal.views.downloads import download

SHOWN = 20  # records of one list, and cells of one problem
SHOWN_GROUPS, SHOWN_WARNINGS = 30, 3
SHOWN_CELLS = 50  # bad cells with a box to type in
SHOWN_COLUMNS = 150
UPLOAD = "/orgs/<org>/uploads/<int(max=2147483647):upload_id>"

blueprint = Blueprint("uploads", __name__)


@blueprint.get(f"{EVENT}/import")
@for_admins
def upload_form(organisation: Organisation, event: Event) -> Response:
    return show_form(event, UpdateForm(formdata=None))


@blueprint.post(f"{EVENT}/import")
@for_admins
def upload_keep(organisation: Organisation, event: Event) -> Response:
    form = UpdateForm()
    if not form.validate_on_submit():
        return show_form(event, form, 422)
    try:
        upload = keep_upload(
            organisation, current_user.email, form.file.data.filename or "", form.content, event
        )
    except PortalError as error:
        show_refusal(form, error)
        return show_form(event, form, 422, error.problems if isinstance(error, InvalidFile) else [])
    return leave_for(first_address(organisation, upload))


def show_form(
    event: Event, form: UpdateForm, status: int = 200, problems: list[str] | None = None
) -> Response:
    return render_either(
        "uploads/new.html", "uploads/_new.html", status, form=form, problems=problems or [], event=event
    )


def first_address(organisation: Organisation, upload: Upload) -> str:
    """Where a file leads to: to its columns, unless there are none or they are remembered."""
    asks = upload.kind == SPREADSHEET and not upload.choices.get("is_remembered")
    return url_for(
        f"uploads.{'columns_form' if asks else 'look_show'}", org=organisation.slug, upload_id=upload.id
    )


def require_spreadsheet(upload: Upload) -> None:
    """No other file has columns: 404."""
    if upload.kind != SPREADSHEET:
        abort(404)


@blueprint.get(f"{UPLOAD}/columns")
@for_admins
def columns_form(organisation: Organisation, upload: Upload) -> Response:
    require_spreadsheet(upload)
    return show_columns(upload)


@blueprint.post(f"{UPLOAD}/columns")
@for_admins
def columns_save(organisation: Organisation, upload: Upload) -> Response:
    require_spreadsheet(upload)
    chosen = matched_columns(request.form)
    told = FileAnswers(
        **{name: request.form.get(name, "").strip() for name in ("order", "year", "day", "number")},
        new_status="pending" if request.form.get("new_status") == "pending" else "",
    )
    try:
        choose_columns(upload, chosen, told)
    except Refused as refusal:
        return show_columns(upload, str(refusal), 422, chosen, told)
    return leave_for(url_for("uploads.look_show", org=organisation.slug, upload_id=upload.id))


@blueprint.post(f"{UPLOAD}/letters")
@for_admins
def letters_save(organisation: Organisation, upload: Upload) -> Response:
    require_spreadsheet(upload)
    try:
        choose_encoding(upload, request.form.get("encoding", ""))
    except PortalError as error:
        return show_columns(upload, str(error), 422)
    return leave_for(url_for("uploads.columns_form", org=organisation.slug, upload_id=upload.id))


def show_columns(
    upload: Upload,
    problem: str = "",
    status: int = 200,
    chosen: dict[str, str | None] | None = None,
    told: FileAnswers | None = None,
) -> Response:
    """The page; with what was `chosen` and `told` where that was refused."""
    try:
        columns = describe_columns(upload, chosen)
    except PortalError as error:
        return show_look(upload, str(error), status)
    return render_either(
        "uploads/columns.html",
        "uploads/_columns.html",
        status,
        upload=upload,
        event=upload.event,
        columns=columns,
        problem=problem,
        choices={
            "name": "",
            "encoding": "",
            **asdict(FileAnswers()),
            **upload.choices,
            **(asdict(told) if told else {}),
        },
        fields_of={"session": SESSION_FIELDS, "person": PERSON_FIELDS},
        key_of=_key_of,
        encodings=OLDER_NAMES,
        custom=CUSTOM,
        most=SHOWN_COLUMNS,
    )


def _key_of(target: Target | None, kind: str) -> str:
    return target.key(alone=kind == "person") if target else ""


@blueprint.get(UPLOAD)
@for_admins
def look_show(organisation: Organisation, upload: Upload) -> Response:
    return show_look(upload)


@blueprint.post(UPLOAD)
@for_admins
def look_mend(organisation: Organisation, upload: Upload) -> Response:
    rows = rows_left_out(request.form)
    if request.form.get("action") == "leave_out":
        try:
            rows = look_at(upload).bad_rows
        except PortalError as error:
            return show_look(upload, str(error), 422)
    mend_upload(upload, typed_fixes(request.form), rows, request.form.get("action") == "bring_back")
    return leave_for(url_for("uploads.look_show", org=organisation.slug, upload_id=upload.id))


@blueprint.post(f"{UPLOAD}/import")
@for_admins
def look_import(organisation: Organisation, upload: Upload) -> Response:
    try:
        event_id, said = import_upload(
            upload,
            current_user.email,
            request.form.get("seen", ""),
            confirm_timezone=request.form.get("confirm_timezone") == "y",
            file_counts=request.form.get("file_counts") == "y",
        )
    except NotFound:  # there is no file left to show this beside
        raise
    except PortalError as error:
        return show_look(upload, str(error), 422, error.problems if isinstance(error, InvalidFile) else [])
    flash(said, "success")
    return leave_for(url_for("agenda.agenda_show", org=organisation.slug, event_id=event_id))


@blueprint.post(f"{UPLOAD}/cancel")
@for_admins
def look_cancel(organisation: Organisation, upload: Upload) -> Response:
    event_id = upload.event_id
    discard_upload(upload)
    flash("Nothing was imported; the file was discarded.", "info")
    if event_id:
        return leave_for(url_for("agenda.agenda_show", org=organisation.slug, event_id=event_id))
    return leave_for(url_for("events.event_list", org=organisation.slug))


@blueprint.get("/orgs/<org>/import/template.xlsx")
@for_admins
def template_download(organisation: Organisation) -> Response:
    return download("programme-template.xlsx", ExportFormat.XLSX, write_template())


class ShownGroup(NamedTuple):
    """Equal problems, and those of their cells that fit on the page."""

    group: CellProblemGroup
    cells: list[CellProblem]


def show_look(
    upload: Upload, problem: str = "", status: int = 200, problems: list[str] | None = None
) -> Response:
    look: Look | None = None
    try:
        look = look_at(upload)
    except PortalError as error:
        problem = problem or str(error)
        problems = problems or (error.problems if isinstance(error, InvalidFile) else [])
    context: dict[str, Any] = {
        "upload": upload,
        "look": look,
        "problem": problem,
        "problems": problems or [],
        "is_sheet": upload.kind == SPREADSHEET,
        "left_out": upload.choices.get("left_out", []),
        "event": upload.event,
    }
    if look:
        groups = group_problems(look.problems)
        context |= {
            "groups": _shown(groups),
            "more_groups": max(len(groups) - SHOWN_GROUPS, 0),
            "lists": _lists(look),
            "tiles": _tiles(look.comparison),
            "shown": SHOWN,
            "place_of": lambda cell: json.dumps(list(cell.place)),
        }
    return render_either("uploads/look.html", "uploads/_look.html", status, **context)


def _tiles(comparison: Comparison) -> list[tuple[str, str, int, int]]:
    """Word, icon, sessions and people of what becomes of them."""
    unchanged = comparison.unchanged
    return [
        ("New", "plus-circle", comparison.count(SESSION, NEW), comparison.count(PERSON, NEW)),
        ("Changed", "pencil", comparison.count(SESSION, CHANGED), comparison.count(PERSON, CHANGED)),
        ("Unchanged", "check2", unchanged[SESSION], unchanged[PERSON]),
        ("Not in the file", "dash", comparison.count(SESSION, MISSING), comparison.count(PERSON, MISSING)),
    ]


def _shown(groups: list[CellProblemGroup]) -> list[ShownGroup]:
    """The first groups, errors with a box to type in, as far as the page has room."""
    found, room = [], SHOWN_CELLS
    for group in groups[:SHOWN_GROUPS]:
        cells = group.cells[: min(room, SHOWN) if group.is_error else SHOWN_WARNINGS]
        room -= len(cells) if group.is_error else 0
        found.append(ShownGroup(group, cells))
    return found


def _lists(look: Look) -> list[tuple[str, str, list[Any], int]]:
    """Kind, outcome, the first records, how many there are."""
    found = []
    for outcome in (CHANGED, NEW, MISSING):
        for kind in (SESSION, PERSON):
            records = look.comparison.of(kind, outcome)
            if records:
                found.append((kind, outcome, records[:SHOWN], len(records)))
    return found
