"""Builds the Flask application from the settings."""

import logging
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from portal.config import Settings
from portal.extensions import bootstrap, csrf, htmx, limiter, login_manager, migrate
from portal.models import db
from portal.secrets import Vault, cookie_keys, load_keys

DAY = timedelta(days=1)


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with its instance folder and key in place. Raises PortalError for a bad setting."""
    settings = settings or Settings.from_environment()
    settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = load_keys(settings)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )

    app = Flask("portal", instance_path=str(settings.instance_dir.resolve()))
    cookies = cookie_keys(keys)
    app.config.update(
        SECRET_KEY=cookies[0],
        SECRET_KEY_FALLBACKS=cookies[1:],
        SQLALCHEMY_DATABASE_URI=settings.database,
        PERMANENT_SESSION_LIFETIME=14 * DAY,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # a page left open all day must still submit
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=settings.import_max_bytes + 1_000_000,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    app.extensions["portal_settings"] = settings
    app.extensions["portal_vault"] = Vault(keys)
    _bind_extensions(app)

    from portal import views  # the views import the operations, which need the extensions bound above

    views.register(app)
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)
    bootstrap.init_app(app)
    csrf.init_app(app)
    htmx.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _set_sqlite_pragmas)


def _set_sqlite_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # Web, worker and scheduler share the file: readers must not block the writer, and a short wait beats an error.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=20000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def settings() -> Settings:
    """The settings of the application in whose context the caller runs."""
    result: Settings = current_app.extensions["portal_settings"]
    return result


def vault() -> Vault:
    """Encrypts and decrypts for the application in whose context the caller runs."""
    result: Vault = current_app.extensions["portal_vault"]
    return result
