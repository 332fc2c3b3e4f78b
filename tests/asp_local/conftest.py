"""A running server with a small seed of its own, and a client that has a token."""

from collections.abc import Iterator

import pytest
from asp_calls import SEED, Client

from asp_local.server import LocalAsp


@pytest.fixture
def asp() -> Iterator[LocalAsp]:
    with LocalAsp(SEED) as running:
        yield running


@pytest.fixture
def client(asp: LocalAsp) -> Client:
    return Client(asp.url)
