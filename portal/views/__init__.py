"""The pages."""

from flask import Flask

from portal.views import (
    account,
    agenda,
    approvals,
    assets,
    compression,
    connection,
    display,
    documentation,
    drift,
    errors,
    event_settings,
    events,
    exports,
    field_mappings,
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
    mappings,
    moves,
    passwords,
    people,
    previews,
    records,
    runs,
    sessions,
    settings,
    sources,
    team,
    timezones,
    uploads,
    window,
)

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
    records,
    exports,
    lists,
    runs,
    approvals,
    previews,
    drift,
    history,
    settings,
    team,
    integrations,
    sources,
    hooks,
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
    for around in (display, errors, frame, headers, compression, front):
        around.register(app)
