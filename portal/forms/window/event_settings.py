"""The settings of a mapping."""

from dataclasses import asdict, fields

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, StringField
from wtforms.validators import Optional

from portal.forms.texts import stripped
from portal.models import Mapping
from portal.operations.mapping.event_settings import (
    NOT_ASKED,
    SENTENCES,
    EventSettings,
    current_event_settings,
)


class EventSettingsForm(FlaskForm):
    """One switch per setting, each with the sentence that History uses too."""

    send_moderators = BooleanField(SENTENCES["send_moderators"])
    send_chairpersons = BooleanField(SENTENCES["send_chairpersons"])
    send_content = BooleanField(SENTENCES["send_content"])
    unpublish_sessions = BooleanField(SENTENCES["unpublish_sessions"])
    unpublish_speakers = BooleanField(SENTENCES["unpublish_speakers"])
    recreate_deleted = BooleanField(SENTENCES["recreate_deleted"])
    people_first = BooleanField(SENTENCES["people_first"])
    prepare_only = BooleanField(SENTENCES["prepare_only"])
    paused = BooleanField(SENTENCES["paused"])
    paused_until = DateField("Last day of the pause", [Optional()])
    agenda_address = StringField("Address of the public agenda", filters=[stripped])
    is_default = BooleanField("New mappings begin like this one")
    confirm_timezone = BooleanField("I have looked: both are in the same timezone")
    asked_about = HiddenField()  # the timezone that stood beside the confirmation (D10)

    @classmethod
    def of(cls, mapping: Mapping) -> "EventSettingsForm":
        """The form as a mapping is stored."""
        timezone = mapping.event.timezone
        return cls(
            **asdict(current_event_settings(mapping)),
            is_default=mapping.is_default,
            confirm_timezone=mapping.timezone_confirmed_for == timezone,
            asked_about=timezone,
            formdata=None,
        )

    def ask(self, mapping: Mapping) -> None:
        """Show the confirmation, unticked, for the timezone that the event has now."""
        self.asked_about.data, self.confirm_timezone.data = mapping.event.timezone, False

    @property
    def wanted(self) -> EventSettings:
        return EventSettings(**{each.name: self[each.name].data for each in fields(EventSettings)})

    @property
    def confirmed(self) -> str | None:
        """The timezone that was confirmed, None where it was not, NOT_ASKED where the page did not ask."""
        if not self.asked_about.data:
            return NOT_ASKED
        return str(self.asked_about.data) if self.confirm_timezone.data else None
