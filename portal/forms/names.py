"""The forms that give something another name, or an event another timezone."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField

from portal.models import ChoiceKind


class NameForm(FlaskForm):
    """What makes a good name is decided where it is stored; `before` tells which field of a programme is meant."""

    name = StringField("Name")
    before = HiddenField()


class NewNameForm(FlaskForm):
    """A new entry of a list; a colour counts for tags alone."""

    kind = SelectField(
        "List", choices=[SelectChoice(each.value, each.value.capitalize()) for each in ChoiceKind]
    )
    name = StringField("Name")
    colour = StringField("Colour")


class TimezoneForm(FlaskForm):
    """The confirmation counts for the timezone that it was asked about, and no other (D18)."""

    timezone = StringField("New timezone")
    asked_about = HiddenField()
    confirm_timezone = BooleanField("Change it, and let the next sync move these times")

    @property
    def confirmed(self) -> bool:
        return bool(self.confirm_timezone.data) and self.asked_about.data == self.wanted

    @property
    def wanted(self) -> str:
        return (self.timezone.data or "").strip()

    def ask(self) -> None:
        """Show the confirmation, unticked, for the timezone that stands in the form now."""
        self.asked_about.data = self.wanted
        self.confirm_timezone.data = False
