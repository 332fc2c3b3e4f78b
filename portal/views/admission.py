"""What a request must be before anybody looks at it: not too large, and text that can be stored (G5)."""

from collections.abc import Iterable

from flask import Flask, abort, request
from flask_login import current_user

from portal.text.storable import is_storable

LARGEST_FORM = 1_000_000  # bytes
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def bound_form() -> None:
    """Let nobody send files who is not logged in; registered first, as the next ones read the form."""
    if request.mimetype != "multipart/form-data" or not current_user.is_authenticated:
        request.max_content_length = LARGEST_FORM


def refuse_other_bodies() -> None:
    """Forms come as forms: the library of forms would take JSON too, in which a value need be no text."""
    if request.mimetype not in ("", *FORMS) and request.blueprint not in (None, "hooks"):
        abort(415)


def refuse_odd_text() -> None:
    """Refuse NUL and halves of surrogate pairs, which not every database takes and nobody means to send."""
    if not is_storable(request.path):
        abort(404)
    if not all(map(is_storable, _texts())):
        abort(400)


def _texts() -> Iterable[str]:
    for values in (request.args, request.form):
        for name, text in values.items(multi=True):
            yield name
            yield text
    for name, file in request.files.items(multi=True):
        yield name
        yield file.filename or ""


def register(app: Flask) -> None:
    app.before_request(bound_form)
    app.before_request(refuse_other_bodies)
    app.before_request(refuse_odd_text)
