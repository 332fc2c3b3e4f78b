"""The web processes as an operator starts them."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import requests
from sync_world import wait_until

from portal.config import Settings
from portal.core import create_core
from portal.schema import upgrade_database

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


class Web:
    """One web process with an empty database, and the settings given."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        with create_core(Settings(instance_dir=folder, log_level="ERROR")).app_context():
            upgrade_database()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        own = {"instance_dir": folder, "port": self.port, "web_processes": 1, "log_level": "ERROR"} | settings
        words = [sys.executable, "-m", "gunicorn", "wsgi:app", "--config", "python:portal.workers.web"]
        self._process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=kept | {f"PORTAL_{name.upper()}": str(value) for name, value in own.items()},
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(self.answers)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/login", timeout=120).status_code == 200
        except requests.ConnectionError:
            return False

    def send(self, text: bytes) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        client.sendall(text)
        return client

    def close(self) -> str:
        """End it; returns what it said on its error output."""
        self._process.terminate()
        return self._process.communicate(timeout=120)[1]
