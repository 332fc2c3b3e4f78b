"""The switches of a mapping."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField

from portal.models import Mapping
from portal.operations.event_settings import SENTENCES


class EventSettingsForm(FlaskForm):
    """One switch per setting, each with the sentence that History uses too."""

    send_moderators = BooleanField(SENTENCES["send_moderators"])
    send_chairpersons = BooleanField(SENTENCES["send_chairpersons"])
    send_content = BooleanField(SENTENCES["send_content"])
    unpublish_sessions = BooleanField(SENTENCES["unpublish_sessions"])
    unpublish_speakers = BooleanField(SENTENCES["unpublish_speakers"])
    recreate_deleted = BooleanField(SENTENCES["recreate_deleted"])
    confirm_timezone = BooleanField("I have looked: both are in the same timezone")
    asked_about = HiddenField()  # the timezone that stood beside the confirmation (D10)

    @classmethod
    def of(cls, mapping: Mapping) -> "EventSettingsForm":
        """The form as a mapping is stored."""
        timezone = mapping.event.timezone
        confirmed = mapping.timezone_confirmed_for == timezone
        return cls(obj=mapping, confirm_timezone=confirmed, asked_about=timezone, formdata=None)

    def ask(self, mapping: Mapping) -> None:
        """Show the confirmation, unticked, for the timezone that the event has now."""
        self.asked_about.data, self.confirm_timezone.data = mapping.event.timezone, False

    @property
    def confirmed(self) -> str | None:
        """The timezone that was confirmed, if one was."""
        return self.asked_about.data if self.confirm_timezone.data else None
