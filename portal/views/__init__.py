"""The pages."""

from flask import Flask

from portal.views import (
    agenda,
    assets,
    connection,
    display,
    documentation,
    errors,
    event_settings,
    events,
    field_mappings,
    frame,
    headers,
    history,
    integrations,
    login,
    mappings,
    records,
    runs,
    settings,
    window,
)

AREAS = (
    assets,
    login,
    events,
    agenda,
    records,
    runs,
    history,
    settings,
    integrations,
    window,
    connection,
    mappings,
    event_settings,
    field_mappings,
    documentation,
)


def register(app: Flask) -> None:
    """Bind every page's blueprint to the application, and what stands around them all."""
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    for around in (display, errors, frame, headers):
        around.register(app)
