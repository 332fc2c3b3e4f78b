"""Shows a refused operation where the reader looks for it: at its field, or above the form."""

from wtforms import Form

from portal.errors import PortalError


def show_refusal(form: Form, error: PortalError) -> None:
    name = getattr(error, "field", None)
    if name in form._fields:
        form[name].errors = [*form[name].errors, str(error)]
    else:
        form.form_errors = [*form.form_errors, str(error)]
