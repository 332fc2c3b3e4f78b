"""Makes and upgrades the database with the migrations that are part of the package."""

from pathlib import Path

import flask_migrate
from flask import current_app
from flask_migrate import Migrate

from portal.models import db

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade_database(revision: str = "head") -> None:
    """Bring the application's database to a revision, the newest by default; making it where there is none."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    Migrate().init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    flask_migrate.upgrade(revision=revision)
