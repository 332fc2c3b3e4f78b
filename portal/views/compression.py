"""Sends answers of more than a kilobyte compressed, to whoever takes that.

What is compressed together with something that an attacker chose (the search in a page's address) gives itself
away by its length, answer by answer (BREACH). Here: no foreign page gets answers with our cookies (they are
SameSite=Lax); the token against forged requests is signed anew each second, and is worth nothing without that
signature; and each answer's length is blurred by up to 100 random bytes, which a gzip header has room for.
"""

import gzip
import io
import secrets

from flask import Flask, Response, request

LEAST_BYTES = 1024
MOST_PADDING = 100  # bytes
LEVEL = 6  # the higher ones cost much and save little
COMPRESSIBLE = (
    "text/",
    "application/json",
    "application/javascript",
    "application/manifest+json",
    "image/svg+xml",
    "font/ttf",
)


def compress(response: Response) -> Response:
    """The answer with its body compressed, where that is worth it and wanted."""
    if not _is_worth_it(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip"):
        return response
    response.direct_passthrough = False  # of a file
    response.set_data(_compressed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag is not None:  # the same content in another form
        response.set_etag(tag, weak=True)
    return response


def _is_worth_it(response: Response) -> bool:
    length = response.content_length
    return (
        response.status_code not in (204, 206, 304)
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(COMPRESSIBLE)
        and (response.direct_passthrough or not response.is_streamed)
        and (length is None or length > LEAST_BYTES)
    )


def _compressed(body: bytes) -> bytes:
    padding = "." * secrets.randbelow(MOST_PADDING + 1)
    target = io.BytesIO()
    with gzip.GzipFile(filename=padding, mode="wb", fileobj=target, compresslevel=LEVEL, mtime=0) as file:
        file.write(body)
    return target.getvalue()


def register(app: Flask) -> None:
    app.after_request(compress)
