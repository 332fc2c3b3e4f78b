"""The form that gives something another name, and a tag another colour."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField


class NameForm(FlaskForm):
    """What makes a good name is decided where it is stored; `before` tells which field of a programme is meant."""

    name = StringField("Name")
    colour = StringField("Colour")  # of a tag
    before = HiddenField()
