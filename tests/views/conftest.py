"""A portal with its pages, empty tables, and browsers that look at it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined
from reading import Reader
from tables import KeptApp, leave_tables, make_tables
from view_samples import log_in, make_user

from portal.application import create_app
from portal.config import Settings
from portal.extensions import limiter
from portal.models import db

NOBODY = "http://127.0.0.1:9"  # where nothing listens


QUICK: dict[str, Any] = {
    "asp_retry_pause": 0.002,
    "sessionboard_us_url": NOBODY,
    "sessionboard_retry_pause": 0.002,
    "log_level": "ERROR",
}


def make_pages(folder: Path, **settings: Any) -> Flask:
    """A portal with pages. No context stays open: each request has its own, as in life."""
    app = create_app(Settings(**(QUICK | {"instance_dir": folder} | settings)))
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.undefined = StrictUndefined
    app.test_client_class = Reader
    return app


@pytest.fixture
def make_app(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes a portal of its own with the settings given, with empty tables."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        made.append(make_pages(tmp_path / "i", **settings))
        limiter.reset()
        with made[-1].app_context():
            make_tables()
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            leave_tables()
            db.engine.dispose()


@pytest.fixture(scope="session")
def kept_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptApp]:
    kept = KeptApp(make_pages(tmp_path_factory.mktemp("pages") / "i"))
    yield kept
    with kept.app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(kept_app: KeptApp) -> Flask:
    return kept_app.as_new()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """Nobody is logged in."""
    return app.test_client()


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    make_user(app, "admin@example.org", "One")
    return log_in(app, "admin@example.org")


@pytest.fixture
def viewer(app: Flask) -> FlaskClient:
    make_user(app, "viewer@example.org", "One", role="viewer")
    return log_in(app, "viewer@example.org")
