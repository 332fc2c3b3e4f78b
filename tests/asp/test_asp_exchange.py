"""One request to a server that listens on loopback: what is known of it when no answer comes (E11)."""

import gzip
import io
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace

import pytest
from odd_servers import HEAD, body_byte_by_byte, head_byte_by_byte, serving

from portal.asp.answers import Answer, value_of
from portal.asp.errors import AspError, NoAnswer, Stopped, UnexpectedAnswer
from portal.asp.exchange import Exchange
from portal.wire import LARGEST_ANSWER, TimedHttp, _TimedStream

Pieces = Callable[[], Iterable[bytes]]
TOO_MUCH = f"more than {LARGEST_ANSWER:,} bytes"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else can take meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize("pieces", [head_byte_by_byte, body_byte_by_byte])
def test_g5_answer_that_comes_byte_by_byte_is_given_up_in_time(pieces: Pieces) -> None:
    began = time.monotonic()

    with serving(pieces) as address, pytest.raises(NoAnswer) as problem:
        Exchange(address, in_flight=1).send("GET", "/public/sites", 0.3)

    assert (problem.value.arrived, problem.value.timed_out) == (True, True)
    assert time.monotonic() - began < 60  # it goes on without end


def test_g5_silence_after_slow_bytes_does_not_begin_the_time_anew() -> None:
    given: list[float] = []
    connection = SimpleNamespace(settimeout=given.append)
    answer = _TimedStream(connection, io.BytesIO(b"slow"), within=60.0)  # type: ignore[arg-type]

    pieces = [answer.read(1), answer.read(1), answer.read(1)]

    assert pieces == [b"s", b"l", b"o"]
    assert 60.0 > given[0] > given[1] > given[2]


def test_connection_has_its_whole_time_again_for_the_next_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connection = TimedHttp(*server.getsockname(), timeout=60.0)
        connection.connect()
        connection.sock.settimeout(0.1)  # what the answer before has left of its time
        connection.request("GET", "/public/sites")

        assert connection.sock.gettimeout() == 60.0
        connection.close()


def test_g5_answer_without_end_is_given_up() -> None:
    def endless() -> Iterator[bytes]:
        return itertools.chain([HEAD + b"Connection: close\r\n\r\n"], itertools.repeat(b"[" * 1_000_000))

    with serving(endless) as address, pytest.raises(UnexpectedAnswer, match=TOO_MUCH):
        Exchange(address, in_flight=1).send("GET", "/public/sites", 60.0)


def test_g5_answer_that_unpacks_to_far_more_is_given_up() -> None:
    packed = gzip.compress(b" " * (2 * LARGEST_ANSWER), compresslevel=1)
    head = HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()

    with serving(lambda: [head, packed]) as address, pytest.raises(UnexpectedAnswer, match=TOO_MUCH):
        Exchange(address, in_flight=1).send("GET", "/public/sites", 60.0)


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b"[" + b"{}," * 1_100_000 + b"{}]", b'["' + b"[" * 3 + b"\\u0000"], ids=len
)
def test_g5_answer_that_is_too_deep_or_too_dense_is_no_answer(body: bytes) -> None:
    with pytest.raises(NoAnswer):
        value_of(Answer(200, {}, body))


def test_answer_that_breaks_off_may_have_arrived() -> None:
    half = HEAD + b"Content-Length: 1000\r\n\r\n[1,2"

    with serving(lambda: [half]) as address, pytest.raises(NoAnswer) as problem:
        Exchange(address, in_flight=1).send("POST", "/public/speakers", 60.0, json={})

    assert (problem.value.arrived, problem.value.timed_out) == (True, False)


@pytest.mark.parametrize("statuses", [[100], [103], [102, 102, 103]])
def test_e11_what_a_server_says_before_its_answer_is_not_taken_for_it(statuses: list[int]) -> None:
    before = [f"HTTP/1.1 {each} Wait\r\nLink: </a.css>\r\n\r\n".encode() for each in statuses]

    with serving(lambda: [*before, HEAD + b"Content-Length: 2\r\n\r\n{}"]) as address:
        answer = Exchange(address, in_flight=1).send("POST", "/public/speakers", 60.0, json={})

    assert (answer.status, answer.body, answer.links) == (200, b"{}", ())


def test_connection_is_used_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60.0)
        exchange = Exchange(f"http://127.0.0.1:{server.getsockname()[1]}", in_flight=1)
        answers: list[bytes] = []

        def ask() -> None:
            answers.extend(exchange.send("GET", "/public/sites", 60.0).body for _ in range(3))

        asking = threading.Thread(target=ask)
        asking.start()
        connection, _ = server.accept()
        connection.settimeout(60.0)
        for _ in range(3):  # on this one connection, as nobody takes another
            connection.recv(65536)
            connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n[]")
        asking.join()
        connection.close()

    assert answers == [b"[]"] * 3


def test_e11_request_to_a_server_that_does_not_listen_did_not_arrive(silent_port: int) -> None:
    exchange = Exchange(f"http://127.0.0.1:{silent_port}", in_flight=1)

    with pytest.raises(NoAnswer) as problem:
        exchange.send("POST", "/public/speakers", 2.0, json={})

    assert (problem.value.arrived, problem.value.timed_out) == (False, False)


def test_e11_request_through_a_proxy_that_does_not_listen_did_not_arrive(
    silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{silent_port}")
    exchange = Exchange("http://asp.example", in_flight=1)

    with pytest.raises(NoAnswer) as problem:
        exchange.send("POST", "/public/speakers", 2.0, json={})

    assert problem.value.arrived is False


def test_e7_request_that_did_not_travel_is_neither_counted_nor_logged(silent_port: int) -> None:
    def stop() -> None:
        raise Stopped

    here = f"http://127.0.0.1:{silent_port}"
    no_time, stopped, nowhere = Exchange(here, 1), Exchange(here, 1, stop), Exchange("nowhere", 1)
    with pytest.raises(NoAnswer, match="no time was left"):
        no_time.send("POST", "/public/speakers", 0.0, json={})
    with pytest.raises(Stopped):
        stopped.send("POST", "/public/speakers", 60.0, json={})
    with pytest.raises(AspError, match="PORTAL_ASP_BASE_URL"):
        nowhere.send("POST", "/public/speakers", 60.0, json={})

    for exchange in (no_time, stopped, nowhere):
        assert (exchange.tally.requests, exchange.tally.writes, len(exchange.tally.sent)) == (0, 0, 0)


def test_e7_request_without_an_answer_is_counted_and_logged(silent_port: int) -> None:
    exchange = Exchange(f"http://127.0.0.1:{silent_port}", in_flight=1)

    with pytest.raises(NoAnswer):
        exchange.send("PUT", "/public/speakers/U1", 60.0, json={})

    assert (exchange.tally.requests, exchange.tally.writes) == (1, 1)
    assert [(each.method, each.path, each.status) for each in exchange.tally.sent] == [
        ("PUT", "/public/speakers/U1", None)
    ]
