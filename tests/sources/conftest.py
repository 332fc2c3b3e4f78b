"""A portal beside a local Sessionboard that has a small event."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sync_world import World, crowd

from sessionboard_local.server import LocalSessionboard


@pytest.fixture
def sessionboard() -> Iterator[LocalSessionboard]:
    with LocalSessionboard([crowd(12)], tokens={"good": False, "hidden": True}) as running:
        yield running


@pytest.fixture
def pulling(make_world: Callable[..., World], sessionboard: LocalSessionboard) -> World:
    """A portal that is connected to it."""
    world = make_world(**settings_for(sessionboard))
    world.connect_source()
    return world


def settings_for(sessionboard: LocalSessionboard) -> dict[str, Any]:
    return {
        "sessionboard_us_url": sessionboard.url,
        "sessionboard_retry_pause": 0.002,
        "sessionboard_timeout": 60.0,
    }
