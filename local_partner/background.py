"""A server that runs in a thread of its own."""

import socketserver
import threading
from types import TracebackType
from typing import Self, cast

LOOK_EVERY = 0.01  # seconds, whether it shall end


class InBackground:
    """A server that can be started once and stopped once; a context manager does both."""

    def __init__(self, name: str) -> None:
        self.url = ""
        self._name = name
        self._stopping = threading.Event()
        self._server: socketserver.BaseServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Listen in the background; the answer is the base URL. Raises OSError when the port is taken."""
        self._server = self._listen()
        host, port = cast(tuple[str, int], self._server.server_address)[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": LOOK_EVERY},
            name=self._name,
            daemon=True,
        )
        self._thread.start()
        return self.url

    def stop(self) -> None:
        """Close; the records can still be read."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._end()

    def _listen(self) -> socketserver.BaseServer:
        """The server, listening."""
        raise NotImplementedError

    def _end(self) -> None:
        """Give back what is held open, after the last connection was accepted."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
