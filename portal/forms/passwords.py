"""The forms in which somebody chooses a password, or says the one they have."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, ValidationError

from portal.operations.accounts import check_login


class JoinForm(FlaskForm):
    """Somebody who is logged in joins with one button."""


class NewPasswordForm(FlaskForm):
    """How long a password must be is decided where it is stored."""

    password = PasswordField("Password", [InputRequired("Choose a password.")])
    repeat = PasswordField("Password again", [EqualTo("password", "The two passwords differ.")])


class KnownPasswordForm(FlaskForm):
    """The password of an account that exists."""

    password = PasswordField("Password", [InputRequired("Enter your password.")])

    def __init__(self, email: str, **values: Any) -> None:
        super().__init__(**values)
        self.email = email

    def validate_password(self, field: PasswordField) -> None:
        if check_login(self.email, field.data) is None:
            raise ValidationError("This is not the password of your account.")


class ChangePasswordForm(FlaskForm):
    """One's own password."""

    current = PasswordField("Current password", [InputRequired("Enter your current password.")])
    password = PasswordField("New password", [InputRequired("Choose a new password.")])
    repeat = PasswordField("New password again", [EqualTo("password", "The two passwords differ.")])
