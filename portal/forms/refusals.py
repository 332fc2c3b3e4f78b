"""Shows a refused operation where the reader looks for it: at its field, or above the form."""

from wtforms import Form

from portal.errors import InvalidFields, PortalError


def show_refusal(form: Form, error: PortalError) -> None:
    if isinstance(error, InvalidFields):
        for name, text in error.problems.items():
            _show(form, name, text)
    else:
        _show(form, getattr(error, "field", None), str(error))


def _show(form: Form, name: str | None, text: str) -> None:
    if name in form._fields:
        form[name].errors = [*form[name].errors, text]
    else:
        form.form_errors = [*form.form_errors, text]
