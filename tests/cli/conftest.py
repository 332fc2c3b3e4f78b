"""The command line of a portal that is set up, and of one that is not there yet."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Command
from sync_world import World, crowd


@pytest.fixture(autouse=True)
def no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PORTAL_"):
            monkeypatch.delenv(name)


@pytest.fixture
def run(world: World) -> Iterator[Command]:
    yield Command(
        {
            "PORTAL_INSTANCE_DIR": str(world.settings.instance_dir),
            "PORTAL_ASP_BASE_URL": world.asp.url,
            "PORTAL_ASP_RETRY_PAUSE": "0.002",
            "PORTAL_LOG_LEVEL": "ERROR",
        }
    )


@pytest.fixture
def ready(run: Command, world: World) -> Command:
    """Imported, connected and mapped."""
    world.prepare(crowd(3))
    return run


@pytest.fixture
def fresh(tmp_path: Path) -> Command:
    return Command({"PORTAL_INSTANCE_DIR": str(tmp_path / "deep" / "fresh"), "PORTAL_LOG_LEVEL": "ERROR"})
