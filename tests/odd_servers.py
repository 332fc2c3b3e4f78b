"""Servers on loopback that answer in whatever pieces a test wants."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def serving(make: Callable[[], Iterable[bytes]]) -> Iterator[str]:
    """A server that answers each connection with these pieces, made anew; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer, args=(server, make), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def _answer(server: socket.socket, make: Callable[[], Iterable[bytes]]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:  # the test is over
            return
        try:
            with connection:
                connection.recv(65536)
                for piece in make():
                    connection.sendall(piece)
        except OSError:  # who asked has had enough
            continue


def body_byte_by_byte() -> Iterator[bytes]:
    """A body of which a byte comes now and then, each of them soon enough for a time that begins anew with it."""
    yield HEAD + b"Content-Length: 1000\r\n\r\n"
    yield from _now_and_then(b" ")


def head_byte_by_byte() -> Iterator[bytes]:
    """The same before the body has begun."""
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    yield from _now_and_then(b"a")


def _now_and_then(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece
        time.sleep(0.02)
