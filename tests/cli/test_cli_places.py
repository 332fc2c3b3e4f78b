"""Settings and paths are never pasted into addresses or shell commands."""

import shlex
import sys
import tempfile
from pathlib import Path

import pytest
from command import Command

from portal.config import Settings
from portal.errors import PortalError
from portal.sync.running.queue import open_redis
from portal.workers.embedded import start_queue
from portal.workers.processes import commands

FOLDERS = ["my%20portal", "what?now", "a#b", "two words", "é🎪", "it's", 'say "x"', "a;b&c$d", "100%"]


@pytest.mark.sqlite
@pytest.mark.parametrize("name", FOLDERS)
def test_every_name_of_an_instance_folder_holds_its_database(
    fresh: Command, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "places" / name

    made = fresh("db", "upgrade", PORTAL_INSTANCE_DIR=str(folder))

    assert made.exit_code == 0, made.output
    assert (folder / "portal.sqlite3").stat().st_size > 0
    assert [each.name for each in folder.parent.iterdir()] == [name]
    user = ("user", "add", "ada@example.org", "--org", "One", "--role", "admin", "--password-stdin")
    assert fresh(*user, stdin="a long password\n", PORTAL_INSTANCE_DIR=str(folder)).exit_code == 0


@pytest.mark.parametrize("name", FOLDERS)
def test_every_name_of_an_instance_folder_holds_its_queue(name: str) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as short:  # a socket's path is bounded
        folder = Path(short) / name
        server, address = start_queue(Settings(instance_dir=folder))
        try:
            with open_redis(Settings(redis_url=address)) as redis:
                assert redis.ping()
            assert (folder / "queue" / "valkey.sock").is_socket()
        finally:
            server.stop()


def test_a_path_is_too_long_for_the_queue_by_its_bytes(tmp_path: Path) -> None:
    with pytest.raises(PortalError, match="too long for the queue's socket"):
        start_queue(Settings(instance_dir=tmp_path / ("é" * 50)))


def test_a_password_in_an_address_of_the_queue_is_not_repeated() -> None:
    with pytest.raises(PortalError) as caught:
        open_redis(Settings(redis_url="redis://:pa/ss@localhost:6379/0"))

    assert str(caught.value) == (
        "PORTAL_REDIS_URL cannot be used: it must be an address such as redis://localhost:6379/0 (in a password, "
        "special characters are written as %XX)."
    )
    assert caught.value.__cause__ is None


def test_the_processes_are_started_with_words_that_the_shell_keeps_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/it's mine/python")

    for command in commands(Settings(host="a b;c", workers=2)).values():
        assert shlex.split(command)[:2] == ["exec", "/opt/it's mine/python"]
        assert "a b;c" not in command  # where to listen comes by the environment
