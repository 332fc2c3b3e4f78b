"""HTTP/1.1 as far as this server needs it: reads one request from a stream, writes one answer."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from io import BufferedReader
from urllib.parse import parse_qsl, unquote

LONGEST_LINE = 64 * 1024
MOST_HEADERS = 100
LARGEST_BODY = 16 * 1024 * 1024
JSON = "application/json"
HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


@dataclass(slots=True)
class Request:
    """A request as it came; header names are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    keep_alive: bool
    body: bytes = b""

    def segments(self) -> list[str]:
        """The parts of the path between its slashes."""
        return [unquote(part) for part in self.path.strip("/").split("/")]


@dataclass(slots=True)
class Answer:
    """What goes back. With `cut` the connection is closed instead, without an answer; `torn`, after half of it."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    torn: bool = False


class UnreadableRequest(Exception):
    """What arrived is not a request that can be answered on this connection."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def read_head(stream: BufferedReader) -> Request | None:
    """Read the request line and headers; None when the other side has closed. Raises UnreadableRequest."""
    line = stream.readline(LONGEST_LINE)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(LONGEST_LINE)
    if not line:
        return None
    words = line.decode("latin-1").split()
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0") or not words[1].startswith("/"):
        raise UnreadableRequest(400, "Not an HTTP/1.1 request.")
    method, target, version = words
    headers = _read_headers(stream)
    path, _, query = target.partition("?")
    wanted = headers.get("connection", "keep-alive" if version == "HTTP/1.1" else "close").lower()
    values = dict(parse_qsl(query, keep_blank_values=True)) if query else {}
    return Request(method, path, values, headers, keep_alive="close" not in wanted)


def read_body(stream: BufferedReader, headers: Mapping[str, str]) -> bytes:
    """Read the body that the headers announce; raises UnreadableRequest."""
    if "transfer-encoding" in headers:
        raise UnreadableRequest(411, "Send a Content-Length: chunked bodies are not read here.")
    announced = headers.get("content-length", "0")
    if not (announced.isascii() and announced.isdigit()):
        raise UnreadableRequest(400, "Content-Length is no number.")
    length = int(announced)
    if length > LARGEST_BODY:
        raise UnreadableRequest(413, "The body is too large.")
    body = stream.read(length) if length else b""
    if len(body) < length:
        raise UnreadableRequest(400, "The body is shorter than its Content-Length.")
    return body


def answer_bytes(answer: Answer, *, keep_alive: bool, with_body: bool = True) -> bytes:
    """Head and body in one piece, so that they leave in one packet when they fit."""
    lines = [
        f"HTTP/1.1 {answer.status} {_reason(answer.status)}",
        f"Date: {_http_date(int(time.time()))}",
        "Server: asp-local",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body)}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    head = "\r\n".join(lines) + "\r\n\r\n"
    return head.encode("latin-1", "replace") + (answer.body if with_body else b"")


def _read_headers(stream: BufferedReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(MOST_HEADERS):
        line = stream.readline(LONGEST_LINE)
        if line in (b"\r\n", b"\n"):
            return headers
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise UnreadableRequest(400, "A header line has no colon.")
        headers[name.strip().lower()] = value.strip()
    raise UnreadableRequest(431, "Too many headers.")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


@lru_cache(maxsize=2)
def _http_date(second: int) -> str:
    return formatdate(second, usegmt=True)
