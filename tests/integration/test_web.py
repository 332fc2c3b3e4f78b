"""The web processes as they are in life: slow clients hold up nobody for long (G5)."""

import socket
import time
from collections.abc import Iterator

import pytest
import requests
from web_process import Web

from portal.config import Settings
from portal.workers import web as processes
from portal.workers.web import PromptSocket

THREADS = 2
PATIENCE = 1.0  # seconds


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    web = Web(tmp_path_factory.mktemp("web"), web_threads=THREADS, client_timeout=PATIENCE)
    yield web
    assert web.close() == ""


HALF_A_HEAD = b"GET /login HTTP/1.1\r\nHost: portal\r\nX-Half: a"
HALF_A_BODY = (
    b"POST /login HTTP/1.1\r\nHost: portal\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 1000\r\n\r\nemail=a"
)


@pytest.mark.parametrize("half", [b"", HALF_A_HEAD, HALF_A_BODY], ids=["silent", "head", "body"])
def test_g5_half_sent_requests_are_ended_and_others_answered(web: Web, half: bytes) -> None:
    clients = [web.send(half) for _ in range(3 * THREADS)]
    began = time.monotonic()

    answer = requests.get(f"{web.address}/login", timeout=60)

    assert answer.status_code == 200
    assert time.monotonic() - began < 30
    for client in clients:
        assert client.recv(4096).partition(b"\r\n")[0] in (b"", b"HTTP/1.1 400 BAD REQUEST")
        client.close()


def test_g5_request_that_trickles_in_is_ended(web: Web) -> None:
    client = web.send(HALF_A_HEAD)
    began = time.monotonic()

    with pytest.raises(OSError):  # reset or broken pipe, as it happens
        while time.monotonic() - began < 30:
            client.sendall(b"a")
            time.sleep(0.05)

    assert time.monotonic() - began < 20


def test_g5_client_that_takes_no_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_own", Settings(client_timeout=0.1))
    monkeypatch.setattr(processes, "SLOWEST", 10**9)
    ours, theirs = socket.socketpair()
    with PromptSocket.of(ours) as connection, theirs, pytest.raises(ConnectionResetError):
        connection.sendall(b"x" * 10_000_000)


def test_upload_that_keeps_coming_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_own", Settings(client_timeout=0.0))
    ours, theirs = socket.socketpair()
    with PromptSocket.of(ours) as connection, theirs:
        theirs.sendall(b"x" * 5_000)
        connection.begin()
        connection.received = 20_000 * 60  # a minute's worth has come

        assert len(connection.recv(4096)) == 4096
        connection.received = 0
        with pytest.raises(ConnectionResetError):
            connection.recv(4096)


def test_request_that_comes_in_pieces_is_answered(web: Web) -> None:
    client = web.send(b"GET /login HTTP/1.1\r\n")

    client.sendall(b"Host: portal\r\nConnection: close\r\n\r\n")

    assert client.recv(4096).startswith(b"HTTP/1.1 200 OK")
    client.close()


def test_nobody_says_by_a_header_that_a_page_was_asked_for_by_https(web: Web) -> None:
    answer = requests.get(f"{web.address}/account", headers={"X-Forwarded-Proto": "https"}, timeout=120)

    assert answer.url.startswith(f"{web.address}/login")
