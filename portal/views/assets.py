"""Serves the htmx that the installed package brings, so that no copy of it lies in this project."""

from importlib.metadata import version
from importlib.resources import as_file, files

from flask import Blueprint, Response, abort, send_file

DISTRIBUTION = "django-js-lib-htmx"
HTMX_VERSION = version(DISTRIBUTION)
YEAR = 31_536_000

blueprint = Blueprint("assets", __name__)


@blueprint.get("/assets/htmx/<release>/htmx.min.js")
def asset_htmx(release: str) -> Response:
    if release != HTMX_VERSION:
        abort(404)
    with as_file(files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js") as path:
        response = send_file(path, mimetype="text/javascript", max_age=YEAR)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


@blueprint.app_context_processor
def describe_htmx() -> dict[str, str]:
    return {"htmx_version": HTMX_VERSION}
