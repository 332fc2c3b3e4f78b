"""A sync from a page that would change very much asks first (D12)."""

import pytest
from sync_world import World, crowd

from portal.sync.running.readiness import assess


@pytest.mark.parametrize(
    ("sessions", "changed", "asks"), [(100, 51, True), (100, 50, False), (99, 99, False)]
)
def test_d12_more_than_half_of_a_hundred_synced_sessions_ask_first(
    world: World, sessions: int, changed: int, asks: bool
) -> None:
    event = world.prepare(crowd(sessions))
    world.sync(event)
    programme = crowd(sessions)
    for session in programme["sessions"][:changed]:
        session["title"] += " changed"
    event = world.load(programme)

    readiness = assess(event)

    assert (readiness.synced, len(readiness.changed), readiness.asks_first) == (sessions, changed, asks)
