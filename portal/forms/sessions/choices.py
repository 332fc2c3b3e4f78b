"""The event's own lists in the forms that write sessions."""

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField

from portal.operations.queries.drafts import Offered

A_NEW_ONE = "new"  # chosen in a list: the name stands in the field beside it


def choice(label: str) -> SelectField:
    """A list of the event to choose from; what may be chosen is decided where the session is stored."""
    return SelectField(label, validate_choice=False)


class ChoicesForm(FlaskForm):
    """What a session has one of, each with the name of one that is not there yet."""

    status = choice("Status")
    room = choice("Room")
    room_new = StringField("Name of the new room")
    format = choice("Format")
    format_new = StringField("Name of the new format")
    track = choice("Track")
    track_new = StringField("Name of the new track")
    level = choice("Level")
    level_new = StringField("Name of the new level")
    language = choice("Language")
    language_new = StringField("Name of the new language")


def status_in_words(status: str) -> str:
    return status.replace("_", " ").strip().capitalize()


def offered_statuses(offered: Offered) -> list[SelectChoice]:
    return [SelectChoice(each, status_in_words(each)) for each in offered.statuses]


def offered_names(offered: Offered, kind: str) -> list[SelectChoice]:
    """The names of one list, as far as there are any."""
    return [SelectChoice(key, name) for key, name in offered.choices.get(kind, [])]


def new_name(kind: str) -> SelectChoice:
    """The last entry of a list: a name that it does not have yet."""
    return SelectChoice(A_NEW_ONE, f"New {kind}…")
