"""The whole web application: the core with the pages bound to it."""

from flask import Flask

from portal.config import Settings
from portal.core import create_core
from portal.web import bind_pages


def create_app(settings: Settings | None = None) -> Flask:
    """The application with its pages. Raises PortalError for a bad setting."""
    app = create_core(settings)
    bind_pages(app)
    return app
