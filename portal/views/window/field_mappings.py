"""The window's fourth and fifth step: which field fills which ASP field (C)."""

from dataclasses import dataclass, field

from flask import Blueprint, Response, flash, request
from flask_login import current_user

from portal.forms.texts import parsed
from portal.htmx import render_part
from portal.models import Mapping, Organisation
from portal.operations.mapping.field_mappings import (
    ChangedMeanwhile,
    RefusedRows,
    changeable_rows,
    default_mapper_rows,
    is_changed,
    save_field_mappings,
)
from portal.operations.mapping.meanwhile import Rows
from portal.text.matching import trimmed
from portal.text.numbers import whole_number
from portal.views.access import for_admins
from portal.views.editing import tell_taken
from portal.views.window.mapper import EditedRow, Mapper, fill_mapper
from portal.views.window.steps import MAPPER_STEPS, WINDOW, after_saving, show_step

MOST_ROWS = 200
MOST_WARNINGS = 3  # at once

blueprint = Blueprint("field_mappings", __name__)


@dataclass(frozen=True, slots=True)
class Given:
    """What a form sent: which button was pressed, its rows, and those that it was opened with where it says them."""

    action: str
    rows: Rows = field(default_factory=list)
    seen: Rows | None = None


@blueprint.post(f"{WINDOW}/mappings/<int(max=2147483647):mapping_id>/fields/<any(session, speaker):kind>")
@for_admins
def fields_save(organisation: Organisation, mapping: Mapping, kind: str) -> Response:
    """Save, or change the rows that are being edited: without JavaScript each button sends the whole form."""
    given = read_form()
    if given.action in ("save", "next", "done"):
        return save(organisation, mapping, kind, given)
    return show(organisation, mapping, edited(mapping, kind, given))


def save(organisation: Organisation, mapping: Mapping, kind: str, given: Given) -> Response:
    before = changeable_rows(mapping, kind)
    changed = given.action == "save" or is_changed(given.rows, before if given.seen is None else given.seen)
    taken: list[str] = []
    try:
        if changed:
            taken = save_field_mappings(mapping, kind, given.rows, current_user.email, given.seen)
    except RefusedRows as refused:
        return show(organisation, mapping, refused_mapper(mapping, kind, given, refused), 422)
    if changed:
        flash("The field mappings are saved. The next sync sends what they change.", "success")
        tell_taken(taken)
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


def refused_mapper(mapping: Mapping, kind: str, given: Given, refused: RefusedRows) -> Mapper:
    """The mapper with what is wrong at its row; where somebody else was at it too, with what they changed (G3)."""
    rows, seen, by = given.rows, given.seen, ""
    if isinstance(refused, ChangedMeanwhile):
        rows, seen, by = refused.rows, refused.stored, refused.by
    shown = [EditedRow(*row, refused.errors.get(number, "")) for number, row in enumerate(rows)]
    return fill_mapper(mapping, kind, shown, seen=seen, changed=True, problems=len(refused.errors), by=by)


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
    return fill_mapper(mapping, kind, rows, seen=given.seen, changed=True, focus=focus)


def read_form() -> Given:
    keys, slugs = request.form.getlist("field"), request.form.getlist("slug")
    rows = list(zip(keys, slugs, strict=False))[:MOST_ROWS]
    return Given(request.form.get("action", "save"), rows, read_seen(request.form.get("seen", "")))


def read_seen(text: str) -> Rows | None:
    """The rows that a form was opened with; None from a form that does not say them."""
    try:
        return [(str(key), str(slug)) for key, slug in parsed(text)[:MOST_ROWS]]
    except (TypeError, ValueError):
        return None


def show(organisation: Organisation, mapping: Mapping, mapper: Mapper, status: int = 200) -> Response:
    return show_step(organisation, MAPPER_STEPS[mapper.kind], status, chosen=mapping, mapper=mapper)
