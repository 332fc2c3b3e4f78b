"""The question before ASP Events is disconnected."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from portal.forms.texts import stripped
from portal.models import Organisation


class DisconnectForm(FlaskForm):
    """What cannot be undone needs more than a click: the organisation's name (F1). `question` is what was read."""

    question = HiddenField()
    name = StringField(filters=[stripped])

    def __init__(self, organisation: Organisation, **values: Any) -> None:
        super().__init__(**values)
        self.organisation = organisation
        self.name.label.text = f"To confirm, type the organisation’s name: {organisation.name}"

    def validate_name(self, field: StringField) -> None:
        if (field.data or "").casefold() != self.organisation.name.casefold():
            raise ValidationError(f"That is not “{self.organisation.name}”. Nothing was changed.")
