"""The pages."""

from flask import Flask

from portal.views import (
    account,
    agenda,
    assets,
    compression,
    custom_fields,
    display,
    documentation,
    drift,
    errors,
    events,
    exports,
    fixing,
    frame,
    front,
    headers,
    history,
    hooks,
    integrations,
    invitations,
    lists,
    login,
    many,
    moves,
    notices,
    passwords,
    people,
    previews,
    records,
    removing,
    runs,
    sessions,
    settings,
    sources,
    team,
    timezones,
    undoing,
    uploads,
    website,
)
from portal.views.window import connection, event_settings, field_mappings, mappings, steps

AREAS = (
    assets,
    login,
    passwords,
    account,
    invitations,
    events,
    uploads,
    timezones,
    agenda,
    moves,
    sessions,
    people,
    fixing,
    many,
    undoing,
    removing,
    records,
    exports,
    lists,
    custom_fields,
    runs,
    previews,
    drift,
    website,
    history,
    settings,
    team,
    notices,
    integrations,
    sources,
    hooks,
    steps,
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
    for around in (display, errors, frame, headers, compression, front):
        around.register(app)
