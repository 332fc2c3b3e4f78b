"""The forms that change many sessions at once."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from portal.forms.sessions.choices import (
    A_NEW_ONE,
    ChoicesForm,
    choice,
    new_name,
    offered_names,
    offered_statuses,
)
from portal.operations.editing.many import ADD_TAG, REMOVE_TAG
from portal.operations.queries.drafts import SINGLE_KINDS, Offered, typed
from portal.programme.bounds import LONGEST_NAME
from portal.programme.drafts import NEW
from portal.programme.numbering import parse_pattern

KEEP, NONE = "", "none"


class ManyForm(ChoicesForm):
    """What many sessions are to have; a list left at its first entry changes nothing."""

    add_tag = StringField("Add a tag")
    remove_tag = choice("Take a tag away")

    def __init__(self, offered: Offered, **values: Any) -> None:
        super().__init__(**values)
        keep = SelectChoice(KEEP, "Leave as it is")
        self.status.choices = [keep, *offered_statuses(offered)]
        for kind in SINGLE_KINDS:
            none = SelectChoice(NONE, "None")
            self[kind].choices = [keep, *offered_names(offered, kind), none, new_name(kind)]
        self.remove_tag.choices = [SelectChoice(KEEP, "None"), *offered_names(offered, "tag")]
        self.offered = offered

    def read(self) -> dict[str, str] | None:
        """Field → value; None where a new name is missing, which its field then says."""
        wanted = {"status": self.status.data} if self.status.data else {}
        for kind in SINGLE_KINDS:
            chosen, new = self[kind].data, self[f"{kind}_new"]
            if chosen == A_NEW_ONE:
                if not typed(new.data):
                    new.errors = [f"Enter the name of the new {kind}."]
                wanted[kind] = NEW + typed(new.data)
            elif chosen:
                wanted[kind] = "" if chosen == NONE else chosen
        if typed(self.add_tag.data):
            wanted[ADD_TAG] = NEW + typed(self.add_tag.data)
        if self.remove_tag.data:
            wanted[REMOVE_TAG] = self.remove_tag.data
        return None if self.errors else wanted


class NumberingForm(FlaskForm):
    """The pattern by which sessions get their IDs."""

    pattern = StringField(
        "Pattern",
        [
            InputRequired("Enter a pattern."),
            # each of thousands of sessions gets it
            Length(max=LONGEST_NAME, message=f"A pattern has at most {LONGEST_NAME} characters."),
        ],
    )
    start = IntegerField("First number", [NumberRange(0, 999_999_999, "Enter a number from 0 on.")])
    accepted_only = BooleanField("Only accepted sessions")
    shown = HiddenField()  # the mark of the list that was shown with the button

    def validate_pattern(self, field: StringField) -> None:
        if parse_pattern(field.data or "") is None:
            raise ValidationError("Write {number}, or {number:03} for three digits, once in the pattern.")
