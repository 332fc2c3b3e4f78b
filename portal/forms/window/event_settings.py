"""The settings of a mapping."""

from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, StringField
from wtforms.validators import Optional

from portal.forms.drafts import DraftForm
from portal.forms.texts import stripped
from portal.models import Mapping
from portal.operations.mapping.edited_settings import LABELS, draft_of
from portal.operations.mapping.event_settings import NOT_ASKED, SENTENCES
from portal.programme.drafts import Draft
from portal.text.clock import day_words


class EventSettingsForm(DraftForm):
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
    paused_until = DateField(LABELS["paused_until"], [Optional()])
    agenda_address = StringField(LABELS["agenda_address"], filters=[stripped])
    is_default = BooleanField(LABELS["is_default"])
    confirm_timezone = BooleanField("I have looked: both are in the same timezone")
    asked_about = HiddenField()  # the timezone that stood beside the confirmation (D10)

    @classmethod
    def of(cls, mapping: Mapping) -> "EventSettingsForm":
        """The form as a mapping is stored."""
        timezone = mapping.event.timezone
        form = cls(
            confirm_timezone=mapping.timezone_confirmed_for == timezone, asked_about=timezone, formdata=None
        )
        form.open(draft_of(mapping))
        return form

    def show(self, name: str, value: Any) -> None:
        """Show a value in a field; the day of a draft is a text."""
        if name == "paused_until":
            value = date.fromisoformat(value) if value else None
        super().show(name, value)

    def ask_again(self, mapping: Mapping) -> None:
        """Show the confirmation, unticked, for the timezone that the event has now."""
        self.asked_about.data, self.confirm_timezone.data = mapping.event.timezone, False

    @property
    def draft(self) -> Draft:
        """What the form's reader wants."""
        until = self.paused_until.data
        return {name: self[name].data for name in LABELS} | {
            "paused_until": until.isoformat() if until else "",
            "agenda_address": self.agenda_address.data or "",
        }

    def in_words(self, name: str, draft: Draft) -> str:
        """A setting as it is said where two have given it other values."""
        value = draft[name]
        if isinstance(value, bool):
            return "On" if value else "Off"
        if not value:
            return "None"
        return day_words(date.fromisoformat(value)) if name == "paused_until" else str(value)

    @property
    def confirmed(self) -> str | None:
        """The timezone that was confirmed, None where it was not, NOT_ASKED where the page did not ask."""
        if not self.asked_about.data:
            return NOT_ASKED
        return str(self.asked_about.data) if self.confirm_timezone.data else None
