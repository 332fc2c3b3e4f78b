"""Answers that a browser saves as a file."""

from flask import Response, make_response


def download_csv(name: str, text: str) -> Response:
    """A CSV file under this name."""
    response = make_response(text)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
