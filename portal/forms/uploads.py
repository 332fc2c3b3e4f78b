"""A programme file: the form that brings it in, and what its pages send then, columns and cells."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import ImmutableMultiDict
from wtforms import SelectChoice, SelectField, StringField

from portal.forms.texts import parsed
from portal.models import Event
from portal.programme.spreadsheet.rows.drafts import CellPlace

NEW_EVENT = ""
LONGEST_FIX = 10_000  # characters typed for one cell


class ProgrammeForm(FlaskForm):
    """The file, and for a spreadsheet where it goes: JSON names its event itself."""

    file = FileField("Programme file", [FileRequired("Choose a file.")])
    event = SelectField("Goes to", coerce=str, choices=[], default=NEW_EVENT)
    name = StringField("Name of the new event")
    timezone = StringField("Its timezone")

    def __init__(self, events: Iterable[Event] = (), **values: Any) -> None:
        super().__init__(**values)
        self.event.choices = [
            SelectChoice(NEW_EVENT, "A new event, or the one that a JSON file names"),
            *(SelectChoice(str(event.id), event.name) for event in events),
        ]

    @property
    def content(self) -> bytes:
        content: bytes = self.file.data.read()
        return content


class UpdateForm(FlaskForm):
    """A file for an event that is there."""

    file = FileField("Programme file", [FileRequired("Choose a file.")])

    @property
    def content(self) -> bytes:
        content: bytes = self.file.data.read()
        return content


def matched_columns(form: ImmutableMultiDict[str, str]) -> dict[str, str | None]:
    """Sheet and header → the field's key, None for a column that is left out."""
    headers, fields = form.getlist("header"), form.getlist("field")
    return {header: field or None for header, field in zip(headers, fields, strict=False)}


def typed_fixes(form: ImmutableMultiDict[str, str]) -> dict[CellPlace, str]:
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


def _place(text: str) -> CellPlace | None:
    match parsed(text):
        case [sheet, int(row), column]:
            return CellPlace(str(sheet), row, str(column))
    return None
