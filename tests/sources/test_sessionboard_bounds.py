"""G5: whatever a source answers is bounded in time, size, depth and number, as ASP's answers are."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from odd_servers import HEAD, body_byte_by_byte, head_byte_by_byte, serving

from portal.programme.sources.errors import SourceError, UnexpectedAnswer, Unreachable
from portal.programme.sources.sessionboard.transport import Transport


def transport(address: str, **options: Any) -> Transport:
    return Transport(**{"base_url": address, "token": "t", "timeout": 20.0, "first_pause": 0.001} | options)


def answer(body: bytes) -> Callable[[], list[bytes]]:
    return lambda: [HEAD + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode(), body]


@pytest.mark.parametrize("pieces", [head_byte_by_byte, body_byte_by_byte])
def test_g5_answer_that_comes_byte_by_byte_is_over_in_the_time_of_all(
    pieces: Callable[[], Iterable[bytes]],
) -> None:
    began = time.monotonic()

    with serving(pieces) as address, pytest.raises(SourceError, match="Sessionboard"):
        transport(address, within=0.5).ask("GET", "/v1/events")

    assert time.monotonic() - began < 60  # it goes on without end


def test_g5_page_after_page_without_end_is_over_in_the_time_of_all() -> None:
    with serving(answer(b"{}")) as address:
        asking = transport(address, within=0.3)

        with pytest.raises(SourceError, match=r"take too long|could not be reached"):
            while True:
                asking.ask("GET", "/v1/events")


def test_g5_answer_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.wire.LARGEST_ANSWER", 100_000)

    def endless() -> Iterator[bytes]:
        yield HEAD + b"Connection: close\r\n\r\n"
        while True:
            yield b"[" * 50_000

    with serving(endless) as address, pytest.raises(UnexpectedAnswer, match="far more than any programme"):
        transport(address).ask("GET", "/v1/events")


def test_g5_answers_that_are_too_much_together_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.programme.sources.sessionboard.transport.MOST_RECEIVED", 25)
    with serving(answer(b'{"ten": 12}')) as address:
        asking = transport(address)
        for _ in range(2):
            asking.ask("GET", "/v1/events")

        with pytest.raises(UnexpectedAnswer, match="far more than any programme"):
            asking.ask("GET", "/v1/events")


@pytest.mark.parametrize("body", [b"[" * 200_000, b"[" + b"[]," * 1_100_000 + b"[]]"], ids=["deep", "dense"])
def test_g5_answer_that_is_too_deep_or_too_dense_is_none(body: bytes) -> None:
    with serving(answer(body)) as address, pytest.raises(Unreachable, match="cut off or no JSON"):
        transport(address).ask("GET", "/v1/events")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"Retry-After: 86400", "86400"),
        (b"RateLimit-Reset: 86400", "86400"),
        (b"RateLimit-Reset: 1\r\nRetry-After: Wed, 21 Oct 2099 07:28:00 GMT", "[0-9]{9,}"),
    ],
)
def test_g5_wait_that_nobody_would_bear_is_said(header: bytes, seconds: str) -> None:
    head = b"HTTP/1.1 429 Too Many Requests\r\n" + header + b"\r\nContent-Length: 0\r\n\r\n"

    with (
        serving(lambda: [head]) as address,
        pytest.raises(SourceError, match=f"asks to wait for {seconds} seconds"),
    ):
        transport(address).ask("GET", "/v1/events")


def test_g5_wait_of_no_time_is_not_asked_again_at_once_for_ever() -> None:
    head = (
        b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )
    waited: list[float] = []

    with serving(lambda: [head]) as address:
        asking = transport(address, within=10.5, clock=lambda: sum(waited), sleep=waited.append)
        with pytest.raises(SourceError, match="asks to wait"):
            asking.ask("GET", "/v1/events")

    assert (asking.requests, waited) == (11, [1.0] * 10)
