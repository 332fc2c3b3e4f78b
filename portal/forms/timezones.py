"""The form that gives an event another timezone."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField


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
