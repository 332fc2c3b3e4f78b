"""What the pages of an uploaded file send: what its columns hold, what was typed for bad cells."""

import json

from werkzeug.datastructures import ImmutableMultiDict

from portal.programme.spreadsheet.drafts import Place

LONGEST_FIX = 10_000  # characters typed for one cell


def chosen_columns(form: ImmutableMultiDict[str, str]) -> dict[str, str | None]:
    """Sheet and header → the field's key, None for a column that is left out."""
    headers, fields = form.getlist("header"), form.getlist("field")
    return {header: field or None for header, field in zip(headers, fields, strict=False)}


def typed_fixes(form: ImmutableMultiDict[str, str]) -> dict[Place, str]:
    """What was typed, by the place of its cell; a box that holds what the cell `was` says nothing."""
    typed = zip(form.getlist("place"), form.getlist("fix"), strict=False)
    before = form.getlist("was") or [""] * len(form.getlist("fix"))
    return {
        place: text.strip()[:LONGEST_FIX]
        for (said, text), was in zip(typed, before, strict=False)
        if text.strip() != was.strip() and (place := _place(said)) is not None
    }


def rows_left_out(form: ImmutableMultiDict[str, str]) -> list[tuple[str, int]]:
    """Sheet and row of the rows that were ticked."""
    places = [_place(said) for said in form.getlist("row")]
    return [(each.sheet, each.row) for each in places if each]


def _place(text: str) -> Place | None:
    try:
        sheet, row, column = json.loads(text)
    except (ValueError, TypeError):
        return None
    return Place(str(sheet), row, str(column)) if isinstance(row, int) else None
