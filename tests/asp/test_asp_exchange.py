"""One request to a server that listens on loopback: what is known of it when no answer comes (E11)."""

import gzip
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from portal.asp.errors import NoAnswer, UnexpectedAnswer
from portal.asp.exchange import LARGEST_ANSWER, Exchange

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else can take meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def serve() -> Iterator[Callable[[Iterable[bytes]], str]]:
    """Makes a server that answers every connection with these pieces; returns its address."""
    servers: list[socket.socket] = []

    def start(pieces: Iterable[bytes]) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)
        threading.Thread(target=_answer, args=(server, pieces), daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}"

    yield start
    for server in servers:
        server.close()


def _answer(server: socket.socket, pieces: Iterable[bytes]) -> None:
    try:
        while True:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)
    except OSError:  # who asked has had enough, or the test is over
        return


def little_by_little() -> Iterator[bytes]:
    yield HEAD + b"Content-Length: 1000\r\n\r\n"
    while True:
        yield b" "
        time.sleep(0.02)


def test_g5_answer_that_comes_byte_by_byte_is_given_up_in_time(
    serve: Callable[[Iterable[bytes]], str],
) -> None:
    exchange = Exchange(serve(little_by_little()), in_flight=1)
    began = time.monotonic()

    with pytest.raises(NoAnswer) as problem:
        exchange.send("GET", "/public/sites", 0.3)

    assert (problem.value.arrived, problem.value.timed_out) == (True, True)
    assert time.monotonic() - began < 5


def test_g5_answer_without_end_is_given_up(serve: Callable[[Iterable[bytes]], str]) -> None:
    endless = itertools.chain([HEAD + b"Connection: close\r\n\r\n"], itertools.repeat(b"[" * 1_000_000))
    exchange = Exchange(serve(endless), in_flight=1)

    with pytest.raises(UnexpectedAnswer, match=f"more than {LARGEST_ANSWER:,} bytes"):
        exchange.send("GET", "/public/sites", 60.0)


def test_g5_answer_that_unpacks_to_far_more_is_given_up(serve: Callable[[Iterable[bytes]], str]) -> None:
    packed = gzip.compress(b" " * (2 * LARGEST_ANSWER), compresslevel=1)
    head = HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    exchange = Exchange(serve([head, packed]), in_flight=1)

    with pytest.raises(UnexpectedAnswer, match=f"more than {LARGEST_ANSWER:,} bytes"):
        exchange.send("GET", "/public/sites", 60.0)


def test_answer_that_breaks_off_may_have_arrived(serve: Callable[[Iterable[bytes]], str]) -> None:
    exchange = Exchange(serve([HEAD + b"Content-Length: 1000\r\n\r\n[1,2"]), in_flight=1)

    with pytest.raises(NoAnswer) as problem:
        exchange.send("POST", "/public/speakers", 5.0, json={})

    assert (problem.value.arrived, problem.value.timed_out) == (True, False)


def test_connection_is_used_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5.0)
        exchange = Exchange(f"http://127.0.0.1:{server.getsockname()[1]}", in_flight=1)
        answers: list[bytes] = []

        def ask() -> None:
            answers.extend(exchange.send("GET", "/public/sites", 5.0).body for _ in range(3))

        asking = threading.Thread(target=ask)
        asking.start()
        connection, _ = server.accept()
        connection.settimeout(5.0)
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
