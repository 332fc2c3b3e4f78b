"""The form that makes an event."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Optional


class DetailsForm(FlaskForm):
    """What makes a good name is decided where the event is stored."""

    name = StringField("Name", [InputRequired("Enter a name.")])
    first_day = DateField("First day", [Optional()])
    last_day = DateField("Last day", [Optional()])


class EventForm(DetailsForm):
    """A new event also has a timezone; another one later is asked about (D18)."""

    timezone = StringField("Timezone", [InputRequired("Choose a timezone.")])

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("name", "timezone", "first_day", "last_day")}
