"""The forms of the integration window."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from portal.models import Connection, Event
from portal.text.matching import trimmed


def stripped(value: Any) -> Any:
    return trimmed(value) if isinstance(value, str) else value


class ConnectForm(FlaskForm):
    """API key and secret; the secret may stay blank once one is stored (A3)."""

    api_key = StringField("API Key", [DataRequired("Enter the API key.")], filters=[stripped])
    api_secret = PasswordField("API Secret", filters=[stripped])
    continuous = BooleanField("Enable Continuous Sync")

    def __init__(self, connection: Connection | None, **values: Any) -> None:
        super().__init__(obj=connection, **values)
        self.connection = connection

    def validate_api_secret(self, field: PasswordField) -> None:
        if not field.data and self.connection is None:
            raise ValidationError("Enter the API secret.")

    @property
    def changes_credentials(self) -> bool:
        """Whether the pair must be tried against ASP, or only the switch was moved."""
        if self.connection is None or self.api_secret.data:
            return True
        return self.api_key.data != self.connection.api_key or self.connection.rejected_at is not None


class MappingForm(FlaskForm):
    """ASP event ↔ event and seminar. What may be chosen is decided where the mapping is stored (B2)."""

    site = SelectField("ASP event", [DataRequired("Choose an ASP event.")], validate_choice=False)
    event = SelectField(
        "Event", [DataRequired("Choose an event.")], coerce=str, choices=[], validate_choice=False
    )
    seminar_id = StringField("Seminar ID", filters=[stripped])
    seminar_choice = StringField(filters=[stripped])  # one of the list; what was typed counts before it
    withdrawn = RadioField(
        "When sessions or people are no longer accepted",
        choices=[("keep", "Leave them on the website"), ("unpublish", "Take them off the website")],
        validate_choice=False,
    )
    confirm_timezone = BooleanField("I have checked that the timezones match")
    confirm_second = BooleanField("Map it all the same; they stand there a second time then")
    asked_about = HiddenField()  # the site, event and timezone that the confirmation was asked about (D10)

    def __init__(self, events: Iterable[Event] = (), **values: Any) -> None:
        super().__init__(**values)
        self.seminar_id.flags.required = (
            True  # unless one of the list is chosen, so the browser must not insist
        )
        self.event.choices = [(str(event.id), event.name) for event in events]

    def validate_seminar_id(self, field: StringField) -> None:
        if not self.seminar:
            raise ValidationError("Enter the Seminar ID.")

    @property
    def seminar(self) -> str:
        """What was typed, else the seminar that was chosen from the list."""
        return self.seminar_id.data or self.seminar_choice.data or ""

    def confirmed_for(self, event: Event) -> bool:
        """Whether the timezones were confirmed for what the form says now, not for what it said before."""
        return bool(self.confirm_timezone.data) and (self.asked_about.data or "") in ("", self._asked(event))

    def ask_about(self, event: Event) -> None:
        """Put the question, unticked where it was answered for something else, about what the form says now."""
        self.confirm_timezone.data = self.confirmed_for(event)
        self.asked_about.data = self._asked(event)

    def _asked(self, event: Event) -> str:
        return f"{self.site.data} {event.id} {event.timezone}"
