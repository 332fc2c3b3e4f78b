"""The forms in which somebody chooses a password, or says the one they have."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length


class JoinForm(FlaskForm):
    """Somebody who is logged in joins with one button."""


class GuestForm(FlaskForm):
    """The password of an account, or twice one that is chosen; which it is, is decided where somebody joins."""

    password = PasswordField("Password", [InputRequired("Choose a password.")])
    repeat = PasswordField("Password again")


class ForgottenForm(FlaskForm):
    email = EmailField("E-mail", [InputRequired("Enter your e-mail address."), Length(max=400)])


class NewPasswordForm(FlaskForm):
    """Another password, by a link."""

    password = PasswordField("New password", [InputRequired("Choose a new password.")])
    repeat = PasswordField("New password again", [EqualTo("password", "The two passwords differ.")])


class ChangePasswordForm(FlaskForm):
    """One's own password."""

    current = PasswordField("Current password", [InputRequired("Enter your current password.")])
    password = PasswordField("New password", [InputRequired("Choose a new password.")])
    repeat = PasswordField("New password again", [EqualTo("password", "The two passwords differ.")])
