"""Answers that a browser saves as a file."""

import unicodedata
from urllib.parse import quote

from flask import Response, make_response

from portal.operations.files.formats import MEDIA_TYPES, ExportFormat


def download(name: str, written_as: ExportFormat, content: bytes | str) -> Response:
    """A file under this name, whatever its script: a header holds ASCII, and the name a second time (RFC 6266)."""
    response = make_response(content)
    response.headers["Content-Type"] = MEDIA_TYPES[written_as]
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    names = {"filename": plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name)}"
    response.headers.set("Content-Disposition", "attachment", **names)
    return response
