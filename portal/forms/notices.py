"""Where an organisation's notices go."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectMultipleField, URLField
from wtforms.widgets import CheckboxInput, ListWidget


class NoticesForm(FlaskForm):
    """The webhook's address may stay blank once one is stored; who may be chosen is decided where it is stored."""

    webhook = URLField("Webhook address")
    emails = SelectMultipleField(
        "Members who get a mail",
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, emails: Iterable[str]) -> None:
        """Let these addresses be chosen."""
        self.emails.choices = [SelectChoice(each, each) for each in emails]
