"""The one place that decides whether a request gets a whole page or the part of it that HTMX swaps in."""

from typing import Any, cast
from urllib.parse import SplitResult

from flask import Response, make_response, redirect, render_template, request
from werkzeug.urls import iri_to_uri

from portal.text.addresses import parts_of


def wants_partial() -> bool:
    """Whether HTMX asks for a part; a boosted link and a restored page need the whole one."""
    htmx = cast(Any, request).htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_either(page: str, partial: str, status: int = 200, /, **context: Any) -> Response:
    """The page, or for HTMX its partial with the messages that have come up meanwhile."""
    if wants_partial():
        body = render_template(partial, **context) + render_template("_flash.html")
    else:
        body = render_template(page, **context)
    response = make_response(body, status)
    response.vary.add("HX-Request")
    return response


def asks_again(part: str) -> bool:
    """Whether the part with this id asks by itself if there is anything new; an answer of 204 leaves it as it is."""
    return request.headers.get("HX-Trigger") == part


def render_part(partial: str, /, **context: Any) -> Response:
    """A fragment that is nothing by itself: progress, a list of choices."""
    response = make_response(render_template(partial, **context))
    response.vary.add("HX-Request")
    return response


def current_query() -> str:
    """What stands after the question mark of the page that asked for a part."""
    return current_address().query


def current_address() -> SplitResult:
    """The address of the page that asked for a part; an empty one where it is none."""
    return parts_of(request.headers.get("HX-Current-URL", ""))


def follow_address(response: Response, address: str) -> Response:
    """Show `address` in the browser where the swapped part's own page is open, not over another page."""
    if wants_partial() and current_address().path == parts_of(address).path:
        response.headers["HX-Replace-Url"] = address
    return response


def go_on(address: str) -> Response:
    """After a success within a part: both HTMX and a plain form follow the 303."""
    response = make_response(redirect(address, 303))
    response.vary.add("HX-Request")
    return response


def leave_for(address: str) -> Response:
    """After a success that leads to another page."""
    response = make_response("") if wants_partial() else make_response(redirect(address, 303))
    if wants_partial():
        response.headers["HX-Redirect"] = iri_to_uri(address)  # a header takes ASCII alone
    response.vary.add("HX-Request")
    return response
