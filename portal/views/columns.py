"""The columns of the agenda's table that a browser has chosen, and remembers."""

from collections.abc import Collection

from flask import Response, current_app, request

COLUMNS = {
    "room": "Room",
    "format": "Format",
    "tags": "Tags",
    "track": "Track",
    "level": "Level",
    "language": "Language",
    "client_session_id": "Client Session ID",
    "status": "Status",
    "state": "In ASP",
}
FIRST = ("room", "format", "tags", "status", "state")  # where nobody has chosen yet
NONE = "none"
COOKIE = "agenda_columns"
YEAR = 365 * 24 * 3600  # seconds


def chosen_columns() -> dict[str, str]:
    """The columns to show, by key, in their order."""
    kept = request.cookies.get(COOKIE, "").split()
    shown = kept if NONE in kept or any(name in COLUMNS for name in kept) else FIRST
    return {name: label for name, label in COLUMNS.items() if name in shown}


def remember_columns(response: Response, names: Collection[str]) -> None:
    """Have the browser remember these of the columns."""
    response.set_cookie(
        COOKIE,
        " ".join(name for name in COLUMNS if name in names) or NONE,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
