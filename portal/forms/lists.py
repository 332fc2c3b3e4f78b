"""What an event chooses from: a new name, and what its statuses mean (D6)."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, SelectChoice, SelectField, StringField

from portal.models import Category, ChoiceKind
from portal.operations.queries.statuses import EventStatus

NOT_SORTED = SelectChoice("", "Not sorted (counts as pending)")
CATEGORIES = [SelectChoice(each.value, each.value.capitalize()) for each in Category]


class NewNameForm(FlaskForm):
    """A new entry of a list; a colour counts for tags alone."""

    kind = SelectField(
        "List", choices=[SelectChoice(each.value, each.value.capitalize()) for each in ChoiceKind]
    )
    name = StringField("Name")
    colour = StringField("Colour")


class StatusRow(Form):
    """A status by its name, so that a list that has changed meanwhile sorts nothing wrongly."""

    name = HiddenField()
    category = SelectField(choices=[NOT_SORTED, *CATEGORIES])


class StatusesForm(FlaskForm):
    """One row per status that can be sorted."""

    statuses = FieldList(FormField(StatusRow))

    @classmethod
    def of(cls, statuses: Iterable[EventStatus], **given: Any) -> "StatusesForm":
        """The form as it is stored; `accepted` always counts and has no row."""
        rows = [
            {"name": each.name, "category": each.category or ""} for each in statuses if not each.is_fixed
        ]
        return cls(statuses=rows, formdata=None, **given)

    @property
    def wanted(self) -> dict[str, str]:
        """Status → category, those alone that were sorted."""
        return {row["name"]: row["category"] for row in self.statuses.data if row["name"] and row["category"]}

    @property
    def categories(self) -> dict[str, Any]:
        """Status → its two fields, as the page looks them up."""
        return {row.form.name.data: row.form for row in self.statuses}
