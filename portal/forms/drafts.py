"""What the forms of sessions and people have in common: they write and read a draft, and carry its marks (H3)."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField

from portal.forms.texts import parsed
from portal.programme.custom import ShownField
from portal.programme.drafts import Draft, marks_of


class DraftForm(FlaskForm):
    """A form that knows what it was opened with, so that nobody's work is lost."""

    custom_fields: Sequence[ShownField] = ()  # those that the form shows besides its own

    seen = HiddenField()  # the marks of what the form was opened with
    new_id = HiddenField()  # the UUID that a new record gets: a form that is sent twice makes one
    asked = HiddenField()  # where both have changed a field: the mark of the other value that was shown

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.is_changed = False  # by a button that stores nothing yet
        self.focus = ""  # the id of what such a button leads to

    def open(self, draft: Draft) -> None:
        """Show a draft, and note that the form's reader has seen it."""
        self.fill(draft)
        self.mark(draft)
        self.renew()

    def renew(self) -> None:
        """Let the form make a record of its own the next time that it is sent."""
        self.new_id.data = str(uuid4())

    def mark(self, draft: Draft) -> None:
        """Note that the form's reader has seen this."""
        self.seen.data = json.dumps(marks_of(draft))

    def ask(self, stored: Draft, taken: Iterable[str], both: Iterable[str]) -> None:
        """Take over what somebody else has changed, and ask which value counts where both have changed a field."""
        marks, before = marks_of(stored), self.marks
        self.fill({name: stored[name] for name in taken})
        self.seen.data = json.dumps({**marks, **{name: before.get(name, marks[name]) for name in both}})
        self.asked.data = json.dumps({name: marks[name] for name in both})

    def fill(self, draft: Draft) -> None:
        """Show these fields of a draft in place of what stands in the form."""
        for name, value in draft.items():
            self.show(name, value)

    def show(self, name: str, value: Any) -> None:
        """Show a value in a field, which would otherwise go on showing what was sent."""
        shown = bool(value) if isinstance(self[name], BooleanField) else value
        self[name].data, self[name].raw_data = shown, None

    @property
    def marks(self) -> dict[str, str]:
        """The marks that the form was opened with; where a question was answered, that of the value it showed."""
        answered = {
            name: mark for name, mark in _read(self.asked.data).items() if f"keep_{name}" in request.form
        }
        return _read(self.seen.data) | answered

    @property
    def theirs(self) -> list[str]:
        """The fields that both have changed and of which the other one's value was chosen."""
        return [name for name in _read(self.asked.data) if request.form.get(f"keep_{name}") == "theirs"]

    def refuse(self, name: str, text: str) -> None:
        """Put a message at a field, once."""
        if text not in self[name].errors:
            self[name].errors = [*self[name].errors, text]


def _read(marks: str | None) -> dict[str, str]:
    """Marks as the form carries them; a form without good ones counts as just opened."""
    found = parsed(marks or "")
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
