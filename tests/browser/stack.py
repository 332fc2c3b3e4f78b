"""The real thing for browser tests: web server, worker, queue and local ASP, each a process or server of its own."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import requests
from playwright.sync_api import Page, expect
from sync_world import real_programme

from asp_local.server import LocalAsp
from demo.__main__ import API_KEY, API_SECRET, EMAIL, PASSWORD, prepare
from portal.config import Settings
from portal.core import create_core
from portal.operations.accounts.users import add_user
from portal.workers.embedded import start_queue
from portal.workers.processes import commands, process_environment
from sessionboard_local.server import LocalSessionboard

ROOT = Path(__file__).parents[2]
VIEWER, VIEWER_PASSWORD = "viewer@example.org", "viewer-password"
SEMINAR = "1111"
PATIENCE = 60.0  # seconds that a process may take to start


@dataclass
class Stack:
    """What a test needs to know of the running portal."""

    address: str
    asp: LocalAsp
    sessionboard: LocalSessionboard
    settings: Settings
    email: str = EMAIL
    password: str = PASSWORD
    api_key: str = API_KEY
    api_secret: str = API_SECRET


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningStack:
    """Starts everything on entering, and ends each process by its own handle."""

    def __init__(self, folder: Path) -> None:
        self._asp = LocalAsp(random_seed=1)
        self._sessionboard = LocalSessionboard([real_programme("pyconfr-2025.json")])
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Stack:
        asp = self._asp.start()
        settings = Settings(
            instance_dir=self._folder / "i",
            asp_base_url=asp,
            sessionboard_us_url=self._sessionboard.start(),
            port=free_port(),
            log_level="WARNING",
        )
        prepare(settings)
        with create_core(settings).app_context():
            add_user(VIEWER, "AFPy", "viewer", VIEWER_PASSWORD, "test")
        self._queue, url = start_queue(settings)
        settings = replace(settings, redis_url=url)
        log = (self._folder / "processes.log").open("wb")
        for command in commands(settings).values():
            self._processes.append(
                subprocess.Popen(
                    command, shell=True, env=process_environment(settings), cwd=ROOT, stdout=log, stderr=log
                )
            )
        address = f"http://127.0.0.1:{settings.port}"
        try:
            self._wait_for(f"{address}/login")
        except BaseException:
            self.__exit__()
            raise
        return Stack(address, self._asp, self._sessionboard, settings)

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            process.wait(timeout=PATIENCE)
        self._queue.stop()
        self._asp.stop()
        self._sessionboard.stop()

    def _wait_for(self, address: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if requests.get(address, timeout=PATIENCE).ok:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        raise TimeoutError((self._folder / "processes.log").read_text())


def chromium_path() -> str | None:
    """Where Chromium is, on this machine."""
    known = (os.environ.get("CHROMIUM", ""), "/usr/bin/chromium", "/usr/bin/chromium-browser")
    return next((path for path in known if path and Path(path).exists()), None)


LAUNCH_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine: portraits of the programme stay unloaded.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@contextmanager
def comes_anew(page: Page, part: str) -> Iterator[None]:
    """What is done in here has that part of the page fetched again, and all below it may move until it is there."""
    page.evaluate("part => document.getElementById(part).setAttribute('data-before', '')", part)
    yield
    expect(page.locator(f"#{part}[data-before]")).to_have_count(0)


def choose_site(page: Page, name: str) -> None:
    """Choose the ASP event of a new mapping; its seminars are listed between the choice and the button."""
    sites = page.get_by_role("combobox", name="ASP event")
    expect(sites).to_be_visible()
    with comes_anew(page, "integrations-seminars-of-site"):
        sites.select_option(label=name)


def log_in(page: Page, stack: Stack, email: str, password: str) -> None:
    page.goto(f"{stack.address}/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/orgs/**")
