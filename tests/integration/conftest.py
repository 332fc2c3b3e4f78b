"""A world with a queue, and processes that end with their test."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import end
from sync_world import World

from portal.config import Settings
from portal.workers.embedded import start_queue


@pytest.fixture
def queue_url(tmp_path: Path) -> Iterator[str]:
    server, url = start_queue(Settings(instance_dir=tmp_path / "i"))
    yield url
    server.stop()


@pytest.fixture
def queued(make_world: Callable[..., World], queue_url: str) -> World:
    """A world with a queue."""
    return make_world(redis_url=queue_url, sync_interval=1)


@pytest.fixture
def started() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that are ended with the test."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        end(process)
