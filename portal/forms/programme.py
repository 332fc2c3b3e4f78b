"""The form that brings in a programme file."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField

from portal.models import Event

NEW_EVENT = ""


class ProgrammeForm(FlaskForm):
    """The file, and for a spreadsheet where it goes: JSON names its event itself."""

    file = FileField("Programme file", [FileRequired("Choose a file.")])
    event = SelectField("Goes to", coerce=str, choices=[], default=NEW_EVENT)
    name = StringField("Name of the new event")
    timezone = StringField("Its timezone")

    def __init__(self, events: Iterable[Event] = (), **values: Any) -> None:
        super().__init__(**values)
        self.event.choices = [
            (NEW_EVENT, "A new event, or the one that a JSON file names"),
            *((str(event.id), event.name) for event in events),
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
