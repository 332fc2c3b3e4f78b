"""What every answer tells the browser about what it may do with it."""

from flask import Flask, Response, request

from portal.config import current_settings

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' https: data:",  # headshots stand on other servers
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
ONE_YEAR = "max-age=31536000"
CACHEABLE = ("static", "bootstrap.static", "assets.asset_packaged")


def set_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if current_settings().https:
        response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    # An error's page is one of its reader's.
    if request.endpoint not in CACHEABLE or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    app.after_request(set_headers)
