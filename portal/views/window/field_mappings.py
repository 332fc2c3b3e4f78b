"""The window's fourth and fifth step: which field fills which ASP field (C)."""

from dataclasses import dataclass, field

from flask import Blueprint, Response, flash, request
from flask_login import current_user

from portal.htmx import render_part
from portal.models import Mapping, Organisation
from portal.operations.mapping.field_mappings import (
    RefusedRows,
    default_mapper_rows,
    is_changed,
    mapper_rows,
    save_field_mappings,
)
from portal.text.matching import trimmed
from portal.text.numbers import whole_number
from portal.views.access import for_admins
from portal.views.window.mapper import EditedRow, Mapper, fill_mapper
from portal.views.window.steps import MAPPER_STEPS, WINDOW, after_saving, show_step

MOST_ROWS = 200
MOST_WARNINGS = 3  # at once

blueprint = Blueprint("field_mappings", __name__)


@dataclass(frozen=True, slots=True)
class Given:
    """What a form sent: its rows, and which button was pressed."""

    action: str
    rows: list[tuple[str, str]] = field(default_factory=list)


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/fields/<any(session, speaker):kind>")
@for_admins
def fields_save(organisation: Organisation, mapping: Mapping, kind: str) -> Response:
    """Save, or change the rows that are being edited: without JavaScript each button sends the whole form."""
    given = read_form()
    if given.action in ("save", "next", "done"):
        return save(organisation, mapping, kind, given)
    return show(organisation, mapping, edited(mapping, kind, given))


def save(organisation: Organisation, mapping: Mapping, kind: str, given: Given) -> Response:
    changed = given.action == "save" or is_changed(mapping, kind, given.rows)
    before = {(row.field.key, row.slug) for row in mapper_rows(mapping, kind)}
    try:
        if changed:
            save_field_mappings(mapping, kind, given.rows, current_user.email)
    except RefusedRows as refused:
        rows = [EditedRow(*row, refused.errors.get(number, "")) for number, row in enumerate(given.rows)]
        mapper = fill_mapper(mapping, kind, rows, changed=True, problems=len(refused.errors))
        return show(organisation, mapping, mapper, 422)
    if changed:
        flash("The field mappings are saved. The next sync sends what they change.", "success")
        if given.action != "save":  # the row that says so is left behind
            new = [row for row in given.rows if row not in before]
            for words in misfits(mapping, kind, new)[:MOST_WARNINGS]:
                flash(words, "warning")
    return after_saving(organisation, MAPPER_STEPS[kind], mapping)


@blueprint.get(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/fields/<any(session, speaker):kind>/fit")
@for_admins
def row_judge(organisation: Organisation, mapping: Mapping, kind: str) -> Response:
    """What the seminar makes of one row, while it is edited (C8)."""
    row = EditedRow(request.args.get("field", "").strip(), trimmed(request.args.get("slug", "")))
    (judged,) = fill_mapper(mapping, kind, [row]).rows
    return render_part("window/_fit.html", problem="", fit=judged.fit)


def misfits(mapping: Mapping, kind: str, rows: list[tuple[str, str]]) -> list[str]:
    """What the seminar cannot take of these rows, in words (C8)."""
    judged = fill_mapper(mapping, kind, [EditedRow(*row) for row in rows]).rows
    return [each.fit.words for each in judged if each.fit and not each.fit.fits]


def edited(mapping: Mapping, kind: str, given: Given) -> Mapper:
    """The rows after a button other than Save: nothing is stored yet."""
    rows = [EditedRow(*row) for row in given.rows]
    focus = f"{kind}-add"
    if given.action == "add" and len(rows) < MOST_ROWS:
        rows.append(EditedRow("", ""))
        focus = f"{kind}-field-{len(rows)}"
    elif given.action == "restore":
        rows = [EditedRow(row.field.key, row.slug) for row in default_mapper_rows(kind) if not row.locked]
        focus = f"{kind}-save"
    elif given.action.startswith("remove-"):
        gone = given.action.removeprefix("remove-")
        rows = [row for number, row in enumerate(rows, 1) if str(number) != gone]
        after = min(whole_number(gone, 3, otherwise=1), len(rows))  # the row that came into its place
        focus = f"{kind}-remove-{after}" if after else focus
    return fill_mapper(mapping, kind, rows, changed=True, focus=focus)


def read_form() -> Given:
    keys, slugs = request.form.getlist("field"), request.form.getlist("slug")
    rows = list(zip(keys, slugs, strict=False))[:MOST_ROWS]
    return Given(request.form.get("action", "save"), rows)


def show(organisation: Organisation, mapping: Mapping, mapper: Mapper, status: int = 200) -> Response:
    return show_step(organisation, MAPPER_STEPS[mapper.kind], status, chosen=mapping, mapper=mapper)
