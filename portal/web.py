"""Puts the pages and what only they need on the application."""

from flask import Flask

from portal import views
from portal.config import current_settings
from portal.extensions import bootstrap, csrf, htmx, limiter, login_manager
from portal.operations.accounts.logins import STAY
from portal.operations.connection.clients import wait_at_pages
from portal.secrets import cookie_keys, load_keys
from portal.views import admission


def bind_pages(app: Flask) -> None:
    """Configure the pages, bind their extensions, register them."""
    with app.app_context():
        settings = current_settings()
    prefix = "__Host-" if settings.https else ""  # browsers take such a cookie from this host by HTTPS alone
    newest, *older = cookie_keys(load_keys(settings))
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        PERMANENT_SESSION_LIFETIME=STAY,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME=f"{prefix}session",
        SESSION_COOKIE_SECURE=settings.https,
        REMEMBER_COOKIE_NAME=f"{prefix}remember_token",
        REMEMBER_COOKIE_SECURE=settings.https,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a page left open all day must still submit
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=settings.import_max_bytes + 1_000_000,
        RATELIMIT_STORAGE_URI=_limiter_storage(settings.redis_url),
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 2, "socket_timeout": 2},
        RATELIMIT_HEADERS_ENABLED=False,
    )
    admission.register(app)  # before the extensions, which read the form
    for extension in (bootstrap, csrf, htmx, limiter, login_manager):
        extension.init_app(app)
    views.register(app)
    wait_at_pages(app)


def _limiter_storage(redis_url: str) -> str:
    """Where wrong log-ins are counted: in the queue's Redis, so that several web processes count together."""
    if not redis_url:
        return "memory://"
    return f"redis+{redis_url}" if redis_url.startswith("unix:") else redis_url
