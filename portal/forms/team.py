"""The forms of the Team page."""

from flask_wtf import FlaskForm
from wtforms import EmailField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from portal.models import Role

ROLES = {Role.VIEWER.value: "Viewer", Role.ADMIN.value: "Admin"}


class InvitationForm(FlaskForm):
    """Which roles there are is decided where the invitation is stored."""

    email = EmailField("E-mail", [InputRequired("Enter an e-mail address.")])
    role = SelectField(
        "Role", choices=[SelectChoice(value, word) for value, word in ROLES.items()], validate_choice=False
    )
