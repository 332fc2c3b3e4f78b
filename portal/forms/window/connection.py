"""The form that connects ASP Events."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, ValidationError

from portal.forms.texts import stripped
from portal.models import Connection


class ConnectForm(FlaskForm):
    """API key and secret; the secret may stay blank once one is stored (A3)."""

    api_key = StringField("API Key", [DataRequired("Enter the API key.")], filters=[stripped])
    api_secret = PasswordField("API Secret", filters=[stripped])
    continuous = BooleanField("Enable Continuous Sync")

    def __init__(self, connection: Connection | None, **values: Any) -> None:
        super().__init__(obj=connection, **values)
        self.connection = connection

    def validate_api_secret(self, field: PasswordField) -> None:
        if not field.data and self.connection is None:
            raise ValidationError("Enter the API secret.")

    @property
    def changes_credentials(self) -> bool:
        """Whether the pair must be tried against ASP, or only the switch was moved."""
        if self.connection is None or self.api_secret.data:
            return True
        return self.api_key.data != self.connection.api_key or self.connection.rejected_at is not None
