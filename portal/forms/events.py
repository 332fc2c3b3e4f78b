"""The form that makes an event."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Optional

from portal.forms.days import DayField


class DetailsForm(FlaskForm):
    """What makes a good name is decided where the event is stored."""

    name = StringField("Name", [InputRequired("Enter a name.")])
    first_day = DayField("First day", [Optional()])
    last_day = DayField("Last day", [Optional()])


class EventForm(DetailsForm):
    """A new event also has a timezone; another one later is asked about (D18)."""

    timezone = StringField("Timezone", [InputRequired("Choose a timezone.")])

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("name", "timezone", "first_day", "last_day")}
