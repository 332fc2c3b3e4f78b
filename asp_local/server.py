"""The listening socket and its connections, and `LocalAsp`, which starts and stops the whole server."""

import contextlib
import socket
import socketserver
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

from asp_local.application import Application, failed_answer, plain_answer
from asp_local.dialect import Dialect, Translated
from asp_local.editors import Editors
from asp_local.faults import Clock, Controls
from asp_local.gate import Gate
from asp_local.kinds import Record
from asp_local.seed import load_seed, plant
from asp_local.store import Store
from asp_local.website import Website
from asp_local.wire import Answer, UnreadableRequest, answer_bytes, read_body, read_head
from local_partner.background import InBackground

# How long a stop waits for requests in hand; their connections are cut by then, so it is never needed whole.
LONGEST_STOP_S = 2.0


class Connection(socketserver.BaseRequestHandler):
    """One client's connection, kept open for as many requests as it sends."""

    request: socket.socket
    server: "ListeningServer"

    def handle(self) -> None:
        """Answer requests until either side closes."""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, ValueError), self.request.makefile("rb", 32 * 1024) as stream:
            while self._answer_one(cast(BufferedReader, stream)):
                pass

    def _answer_one(self, stream: BufferedReader) -> bool:
        try:
            request = read_head(stream)
            if request is None:
                return False
            if request.headers.get("expect", "").lower() == "100-continue":
                self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.body = read_body(stream, request.headers)
        except UnreadableRequest as exc:
            self.request.sendall(answer_bytes(plain_answer(exc.status, str(exc)), keep_alive=False))
            return False
        try:
            answer = self.server.application.answer(request)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            answer = failed_answer()
        if answer.cut or self.server.stopping.is_set():
            return False
        self._send(answer, keep_alive=request.keep_alive, with_body=request.method != "HEAD")
        return request.keep_alive and not answer.torn

    def _send(self, answer: Answer, *, keep_alive: bool, with_body: bool) -> None:
        whole = answer_bytes(answer, keep_alive=keep_alive, with_body=with_body)
        self.request.sendall(whole[: len(whole) - (len(answer.body) + 1) // 2] if answer.torn else whole)


class ListeningServer(socketserver.ThreadingTCPServer):
    """A thread for each connection, all of which can be cut at once."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], application: Application, stopping: threading.Event) -> None:
        self.application = application
        self.stopping = stopping
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, then hand it to a thread."""
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection that has ended."""
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        """Close every connection and wait for their threads to notice."""
        with self._changed:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, timeout=LONGEST_STOP_S)


class LocalAsp(InBackground):
    """A local ASP that can be started once and stopped once; a context manager does both.

    `seed` is a mapping, a TOML file, or None for the demo's; without a `database` file the records
    are kept in memory only; `controls` are the settings of `asp_local.faults.Controls`; with a `dialect` its API has
    other names than the page.
    Raises SeedError, DatabaseError or BadSetting.
    """

    def __init__(
        self,
        seed: Mapping[str, Any] | Path | str | None = None,
        database: Path | str | None = None,
        *,
        address: tuple[str, int] = ("127.0.0.1", 0),
        random_seed: int | None = None,
        clock: Clock = time.monotonic,
        dialect: Dialect | None = None,
        **controls: Any,
    ) -> None:
        settings = Controls().changed(controls)
        planted = load_seed(seed)
        super().__init__("asp-local")
        self._address = address
        self._store = Store(Path(database) if database else None)
        plant(planted, self._store)
        self._gate = Gate(self._store, planted.accounts, settings, random_seed, clock, self._stopping)
        self._application = Translated(self._gate, Editors(self._store), Website(self._store), dialect)
        self._listening: ListeningServer | None = None

    def _listen(self) -> ListeningServer:
        self._listening = ListeningServer(self._address, self._application, self._stopping)
        return self._listening

    def _end(self) -> None:
        if self._listening:
            self._listening.cut_connections()
        self._store.close()

    def records(self) -> dict[str, list[Record]]:
        """A copy of all records, by kind."""
        return self._store.snapshot()

    def stats(self) -> dict[str, Any]:
        """What `GET /_stats` answers."""
        return self._gate.statistics.as_dict()

    def control(self, **settings: Any) -> dict[str, Any]:
        """Change some settings; the answer is all of them. Raises BadSetting."""
        return self._gate.control(settings).as_dict()

    def speak(self, dialect: Dialect | None) -> None:
        """Use other names on the wire from now on; None for those of the page."""
        self._application.dialect = dialect
