"""The switches of a mapping."""

from flask_wtf import FlaskForm
from wtforms import BooleanField

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

    @classmethod
    def of(cls, mapping: Mapping) -> "EventSettingsForm":
        """The form as a mapping is stored."""
        confirmed = mapping.timezone_confirmed_at is not None
        return cls(obj=mapping, confirm_timezone=confirmed, formdata=None)
