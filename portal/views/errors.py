"""The pages for what goes wrong, in an admin's words."""

import logging

from flask import Flask, Response, g, make_response, render_template, request, session
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from portal.config import current_settings
from portal.errors import NotFound, PortalError, Refused
from portal.extensions import login_manager
from portal.htmx import wants_partial
from portal.operations.queries.database import abandon_transaction, schema_is_current
from portal.views.admission import LARGEST_FORM
from portal.views.crowd import RETRY_AFTER, Crowded
from portal.views.tries import TooManyTries

logger = logging.getLogger(__name__)

WORDS = {
    400: ("This request cannot be understood", "Go back, reload the page and try again."),
    403: (
        "Only admins can do this",
        "You can look at everything here. To change something or to sync, ask an admin of the organisation.",
    ),
    404: (
        "Nothing is here",
        "The address is wrong, what it led to is gone, or it belongs to an organisation that you are not in.",
    ),
    405: ("This address cannot be opened like this", "Go back and use the page’s own buttons."),
    413: ("This is too large", "Choose a smaller one."),
    429: ("Too many tries", "Wait a minute, then try again."),
    500: (
        "Something went wrong in the portal",
        "It was logged. Try again; if it stays, tell whoever runs it.",
    ),
}
MAY_BE_DONE = (
    "It was logged. Look whether what you asked for was done before you try again; "
    "if it stays, tell whoever runs it."
)


def show_error(status: int, title: str, text: str) -> Response:
    """The error's page, or for HTMX a message over the page that stays as it was."""
    if wants_partial():
        response = make_response(
            render_template("errors/_toast.html", title=title, text=text, status=status), status
        )
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    else:
        response = make_response(
            render_template("errors/error.html", title=title, text=text, status=status, back=_way_back()),
            status,
        )
    response.vary.add("HX-Request")
    return response


def _way_back() -> str:
    """What the way to the start is called; told by the cookie alone, as after a failure nobody may be looked up."""
    return "To the events" if "_user_id" in session else "To the log-in"


def show_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    title, text = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if status == 413:
        largest = current_settings().import_max_bytes // 1_000_000
        text = f"The portal takes files of up to {largest} MB. Nothing was stored: choose a smaller one."
        if request.max_content_length == LARGEST_FORM:
            text = (
                "It is more than any form of the portal needs. Nothing was stored: shorten its longest text, "
                "then save again."
            )
    response = show_error(status, title, text)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(sorted(error.valid_methods or ()))  # RFC 9110 wants it said
    return response


def show_csrf_error(_error: CSRFError) -> Response:
    return show_error(
        400,
        "This page has lost its session",
        "You were logged out meanwhile, or cookies are switched off. Nothing was changed. "
        "Go back, reload the page and try again.",
    )


def show_too_many(error: TooManyTries) -> Response:
    response = show_error(429, WORDS[429][0], str(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def show_crowded(error: Crowded) -> Response:
    response = show_error(503, "Too many pages at once", str(error))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def show_portal_error(error: PortalError) -> Response:
    if isinstance(error, NotFound):
        return show_error(404, WORDS[404][0], str(error))
    if isinstance(error, Refused):
        return show_error(422, "This is not possible", str(error))
    return show_error(502, "That did not work", str(error))


def show_gone(_error: SQLAlchemyError) -> Response:
    """Somebody else removed in the same moment what the request was at work on."""
    abandon_transaction()
    return show_error(404, WORDS[404][0], "Somebody has removed it meanwhile. Nothing was changed.")


def show_failure(error: InternalServerError) -> Response:
    """The page of last resort: it must not ask the database for anything."""
    abandon_transaction()
    for name in ("organisation", "membership", "event"):
        g.pop(name, None)
    g._login_user = login_manager.anonymous_user()  # or Flask-Login would look the user up for the template
    original = error.original_exception
    if isinstance(original, DBAPIError) and not schema_is_current():
        logger.error("The database is missing or of another version: %s", type(original).__name__)
        return show_error(
            503,
            "The database is not ready",
            "It is missing or of an older version. On the portal’s machine, run: portal db upgrade",
        )
    title, text = WORDS[500]
    return show_error(500, title, text if request.method == "GET" else MAY_BE_DONE)


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(TooManyTries, show_too_many)
    app.register_error_handler(Crowded, show_crowded)
    app.register_error_handler(PortalError, show_portal_error)
    app.register_error_handler(ObjectDeletedError, show_gone)
    app.register_error_handler(StaleDataError, show_gone)
    app.register_error_handler(InternalServerError, show_failure)
