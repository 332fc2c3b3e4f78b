"""The web processes: gunicorn's settings, and a worker in which slow clients hold up nobody for long (G5).

Used as `gunicorn wsgi:app --config python:portal.workers.web`; docs/deploy.md says why each value is what it is.
"""

import errno
import gc
import socket
import time

from gunicorn.workers.gthread import TConn, ThreadWorker

from portal.config import Settings

SLOWEST = 20_000  # bytes a second
DRAINED_WITHIN = 0.5  # seconds that a client has to hang up after the answer

OBJECTS_BETWEEN = 50_000  # made before Python searches them for cycles

_own = Settings.from_environment()


class PromptSocket(socket.socket):
    """A connection that breaks when its client sends or takes a request too slowly."""

    began = 0.0
    received = 0

    @classmethod
    def of(cls, connection: socket.socket) -> "PromptSocket":
        """The same connection in another hull."""
        blocking = connection.getblocking()
        prompt = cls(connection.family, connection.type, connection.proto, fileno=connection.detach())
        prompt.setblocking(blocking)
        return prompt

    def begin(self) -> None:
        """A request begins here."""
        self.began, self.received = time.monotonic(), 0

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        left = self.began + _own.client_timeout + self.received / SLOWEST - time.monotonic()
        if left <= 0:
            raise _too_slow()
        self.settimeout(left)
        try:
            piece = super().recv(size, flags)
        except TimeoutError:
            raise _too_slow() from None
        self.received += len(piece)
        return piece

    def sendall(self, content: bytes, flags: int = 0, /) -> None:  # type: ignore[override]  # no other kind is sent
        self.settimeout(_own.client_timeout + len(content) / SLOWEST)
        try:
            super().sendall(content, flags)
        except TimeoutError:
            raise _too_slow() from None


def _too_slow() -> ConnectionResetError:
    """What gunicorn takes for a client that has gone."""
    return ConnectionResetError(errno.ECONNRESET, "the client is too slow")


class PromptWorker(ThreadWorker):
    """gunicorn's worker of threads; each connection is a `PromptSocket`, and is ended in its own thread.

    gunicorn itself ends connections in the thread that accepts them, and waits there for the client to hang up.
    """

    def handle(self, conn: TConn) -> object:
        if not isinstance(conn.sock, PromptSocket):
            conn.sock = PromptSocket.of(conn.sock)
        conn.sock.begin()
        result = super().handle(conn)
        if result is False:
            _end(conn.sock)
        return result


def _end(connection: socket.socket) -> None:
    """Close after what was sent, waiting a moment for the client to hang up, so that nothing of it is lost."""
    try:
        connection.shutdown(socket.SHUT_WR)
        ends_at = time.monotonic() + DRAINED_WITHIN
        while (left := ends_at - time.monotonic()) > 0:
            connection.settimeout(left)
            if not socket.socket.recv(connection, 4096):
                break
    except OSError:  # it has hung up
        pass
    finally:
        connection.close()


def post_fork(_server: object, _worker: object) -> None:
    """gunicorn's hook: a process that has just begun.

    A large programme is some hundred thousand objects, none of them in a reference cycle. Python would look through
    them after every 700 new ones, which took a quarter of the time of planning an agenda anew.
    """
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN, *gc.get_threshold()[1:])


_host = f"[{_own.host}]" if ":" in _own.host else _own.host

bind = f"{_host}:{_own.port}"
worker_class = PromptWorker
workers = _own.web_processes
threads = _own.web_threads
worker_connections = threads  # a process with no thread to spare leaves the next connection to another one
keepalive = 0  # a connection that waits for its next request would count as one of them
preload_app = True
graceful_timeout = 5
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
forwarded_allow_ips = ""  # PORTAL_TRUSTED_PROXIES alone says whose word counts
loglevel = "warning"
