"""One request to a server that listens on loopback: what is known of it when no answer comes (E11)."""

import socket
from collections.abc import Iterator

import pytest

from portal.asp.errors import NoAnswer
from portal.asp.exchange import Exchange


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else can take meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_e11_request_to_a_server_that_does_not_listen_did_not_arrive(silent_port: int) -> None:
    exchange = Exchange(f"http://127.0.0.1:{silent_port}", timeout=2.0, in_flight=1)

    with pytest.raises(NoAnswer) as problem:
        exchange.send("POST", "/public/speakers", json={})

    assert (problem.value.arrived, problem.value.timed_out) == (False, False)


def test_e11_request_through_a_proxy_that_does_not_listen_did_not_arrive(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{silent_port}")
    exchange = Exchange("http://asp.example", timeout=2.0, in_flight=1)

    with pytest.raises(NoAnswer) as problem:
        exchange.send("POST", "/public/speakers", json={})

    assert problem.value.arrived is False
