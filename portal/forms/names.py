"""The form that gives something another name."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField


class NameForm(FlaskForm):
    """What makes a good name is decided where it is stored; `before` tells which field of a programme is meant."""

    name = StringField("Name")
    before = HiddenField()
