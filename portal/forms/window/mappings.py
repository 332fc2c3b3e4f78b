"""The form that maps an ASP event to an event."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from portal.forms.texts import stripped
from portal.models import Event, Mapping


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
        choices=[
            SelectChoice("keep", "Leave them on the website"),
            SelectChoice("unpublish", "Take them off the website"),
        ],
        validate_choice=False,
    )
    like = SelectField("Begin with", choices=[], validate_choice=False)
    confirm_timezone = BooleanField("I have checked that the timezones match")
    confirm_second = BooleanField("Map it all the same; they stand there a second time then")
    asked_about = HiddenField()  # the site, event and timezone that the confirmation was asked about (D10)

    def __init__(self, events: Iterable[Event] = (), mappings: Iterable[Mapping] = (), **values: Any) -> None:
        super().__init__(**values)
        self.seminar_id.flags.required = (
            True  # unless one of the list is chosen, so the browser must not insist
        )
        self.event.choices = [SelectChoice(str(event.id), event.name) for event in events]
        self.like.choices = [
            SelectChoice("", "The usual fields and settings"),
            *(
                SelectChoice(str(each.id), f"Those of {each.event.name} → {each.site_name}")
                for each in mappings
            ),
        ]

    def validate_seminar_id(self, field: StringField) -> None:
        if not self.seminar:
            raise ValidationError("Enter the Seminar ID.")

    @property
    def unpublishes(self) -> bool | None:
        """What was answered about D9; None where nothing was."""
        return {"keep": False, "unpublish": True}.get(self.withdrawn.data or "")

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
