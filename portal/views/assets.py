"""Serves what pages load beside their HTML, under addresses that change with the content, so that it can be kept.

htmx comes from the installed package, so that no copy of it lies in this project.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, send_file
from werkzeug.utils import safe_join

DISTRIBUTION = "django-js-lib-htmx"
HTMX_VERSION = version(DISTRIBUTION)
YEAR = 31_536_000
BOOTSTRAP = "bootstrap.static"
FOLDERS = ("static", BOOTSTRAP)

blueprint = Blueprint("assets", __name__)


@blueprint.get("/assets/htmx/<release>/htmx.min.js")
def asset_htmx(release: str) -> Response:
    if release != HTMX_VERSION:
        abort(404)
    with as_file(files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js") as path:
        return send_file(path, mimetype="text/javascript")


@blueprint.app_context_processor
def describe_htmx() -> dict[str, str]:
    return {"htmx_version": HTMX_VERSION}


@blueprint.app_url_defaults
def add_content_version(endpoint: str, values: dict[str, Any]) -> None:
    """Name a file's content in its address."""
    if endpoint in FOLDERS and "v" not in values and (found := content_version(endpoint, values["filename"])):
        values["v"] = found


@blueprint.after_app_request
def allow_keeping(response: Response) -> Response:
    """Let browsers keep what its address names for good."""
    if response.status_code in (200, 304) and _is_versioned():
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    return response


def _is_versioned() -> bool:
    if request.endpoint == "assets.asset_htmx":
        return True
    if request.endpoint not in FOLDERS:
        return False
    if named := request.args.get("v"):
        return named == content_version(request.endpoint, (request.view_args or {})["filename"])
    return request.endpoint == BOOTSTRAP and bool(
        request.query_string
    )  # its style sheets name fonts with a hash


def content_version(endpoint: str, filename: str) -> str | None:
    """What tells this content of the file from any other; None where there is no such file."""
    folder = (
        current_app if endpoint == "static" else current_app.blueprints[endpoint.split(".")[0]]
    ).static_folder
    path = safe_join(folder or "", filename)
    if path is None or not Path(path).is_file():
        return None
    return _hash(path, Path(path).stat().st_mtime_ns)


@cache
def _hash(path: str, _changed_at: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
