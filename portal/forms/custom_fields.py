"""Custom fields in the forms of sessions and people, and the form that defines one (H3)."""

from collections.abc import Iterable
from typing import Any, TypeVar

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField, StringField, TextAreaField

from portal.forms.drafts import DraftForm
from portal.operations.queries.drafts import typed
from portal.programme.custom import TICKED, FieldType, ShownField
from portal.programme.drafts import Draft

Form = TypeVar("Form", bound=DraftForm)


def with_custom(form: type[Form], fields: Iterable[ShownField]) -> type[Form]:
    """The form with a field for each custom field, named as a draft names it."""
    shown = list(fields)
    own: dict[str, Any] = {each.key: _input(each) for each in shown}
    return type(form.__name__, (form,), {**own, "custom_fields": shown})


def _input(field: ShownField) -> Any:
    match field.type:
        case FieldType.CHECKBOX:
            return BooleanField(field.name)
        case FieldType.LONG_TEXT:
            return TextAreaField(field.name, render_kw={"rows": 4})
        case FieldType.CHOICE:
            listed = [SelectChoice("", "–"), *(SelectChoice(each, each) for each in field.options)]
            return SelectField(field.name, choices=listed, validate_choice=False)
        case FieldType.NUMBER:
            return StringField(field.name, render_kw={"inputmode": "decimal"})
        case FieldType.DATE:
            return StringField(field.name, render_kw={"type": "date"})
    return StringField(field.name)


def read_custom(form: DraftForm) -> Draft:
    """What stands in these fields, as a draft holds it."""
    return {
        each.key: (TICKED if form[each.key].data else "")
        if each.type == FieldType.CHECKBOX
        else typed(form[each.key].data)
        for each in form.custom_fields
    }


class FieldForm(FlaskForm):
    """What makes a good field is decided where it is stored."""

    name = StringField("Name")
    type = SelectField(
        "Type",
        choices=[SelectChoice(each.value, each.value.capitalize()) for each in FieldType],
        validate_choice=False,
    )
    options = TextAreaField("Choices, one a line")
