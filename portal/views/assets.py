"""Serves what pages load beside their HTML, under addresses that change with the content, so that it can be kept.

htmx, the editor of texts and the typeface come from installed packages, so that no copy of them lies in this project.
The first two are packages for Django, of which nothing but these files is used: importing them imports no Django.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, send_file, url_for
from werkzeug.security import safe_join


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A file in an installed package; its release stands in its address."""

    distribution: str
    package: str
    path: str
    mimetype: str = "text/javascript"
    release: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "release", version(self.distribution))

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


PACKAGED = {
    "htmx": PackagedFile("django-js-lib-htmx", "js_lib_htmx", "static/htmx/htmx.min.js"),
    "editor": PackagedFile(
        "django-prose-editor", "django_prose_editor", "static/django_prose_editor/editor.js"
    ),
    # Named by `static/tokens.css`.
    "typeface": PackagedFile("fontpkg-inter", "fontpkg_inter", "files/Inter[opsz,wght].ttf", "font/ttf"),
}
YEAR = 31_536_000
BOOTSTRAP = "bootstrap.static"
FOLDERS = ("static", BOOTSTRAP)

blueprint = Blueprint("assets", __name__)


@blueprint.get("/assets/<key>/<release>/<name>")
def asset_packaged(key: str, release: str, name: str) -> Response:
    found = PACKAGED.get(key)
    if found is None or (release, name) != (found.release, found.name):
        abort(404)
    with as_file(files(found.package) / found.path) as path:
        return send_file(path, mimetype=found.mimetype)


@blueprint.app_template_global()
def packaged_file(key: str) -> str:
    """The address of a file that an installed package holds."""
    found = PACKAGED[key]
    return url_for("assets.asset_packaged", key=key, release=found.release, name=found.name)


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
    if request.endpoint == "assets.asset_packaged":
        return True
    if request.endpoint not in FOLDERS:
        return False
    if named := request.args.get("v"):
        return named == content_version(request.endpoint, (request.view_args or {})["filename"])
    # Its style sheets name fonts with a hash.
    return request.endpoint == BOOTSTRAP and bool(request.query_string)


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
