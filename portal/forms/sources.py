"""The form that connects a source of programmes."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectChoice, SelectField
from wtforms.validators import DataRequired

from portal.forms.texts import stripped
from portal.models import Source

REGIONS = [SelectChoice("us", "United States"), SelectChoice("eu", "Europe")]


class SourceForm(FlaskForm):
    """Region and access token; the token is never shown again (A3)."""

    region = SelectField("Region", choices=REGIONS)
    token = PasswordField("Access token", [DataRequired("Enter the access token.")], filters=[stripped])

    def __init__(self, source: Source | None, **values: Any) -> None:
        super().__init__(region=source.region if source else "us", **values)
