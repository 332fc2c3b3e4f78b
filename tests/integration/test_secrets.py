"""Stored secrets: a lost key, another key, and what is left of an erased one (A3b, F4)."""

import dataclasses
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import event, func, select
from sync_world import KEY, OTHER_KEY, OTHER_SECRET, SECRET, World

from portal.config import Settings
from portal.errors import PortalError, Refused
from portal.models import Connection, db
from portal.operations.connection.connecting import connect_asp, disconnect_asp
from portal.operations.connection.secrets import erase_left_traces, rotate_secrets
from portal.secrets import Vault, load_keys

FIRST, SECOND = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def use_keys(world: World, *keys: str) -> None:
    world.app.extensions["portal_vault"] = Vault(list(keys))


def stored(world: World) -> bytes:
    db.session.rollback()
    return db.session.scalars(select(Connection.secret_encrypted)).one()


def files(world: World) -> bytes:
    """What the instance folder holds, read by another process: SQLite loses its locks where its own reads a file."""
    paths = [each for each in Path(world.settings.instance_dir).iterdir() if each.is_file()]
    return subprocess.run(["cat", *paths], capture_output=True, check=True).stdout


def test_a3_all_who_start_at_once_have_one_key_which_is_never_half_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, seen = Fernet.generate_key, list[bool]()

    def watched() -> bytes:
        seen.append((tmp_path / "secret.key").exists())
        return make()

    monkeypatch.setattr(Fernet, "generate_key", watched)

    with ThreadPoolExecutor(8) as together:
        keys = set(together.map(load_keys_in, [tmp_path] * 8))

    assert (len(keys), seen) == (1, [False])
    assert [each.name for each in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("held", [b"", b"half a key", b"\xff\xfe\x00"])
def test_a3_file_of_the_key_that_holds_none_is_named(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(held)

    with pytest.raises(PortalError, match=r"secret\.key holds no key\. Restore it"):
        load_keys_in(tmp_path)

    assert (tmp_path / "secret.key").read_bytes() == held


def load_keys_in(folder: Path) -> tuple[str, ...]:
    return tuple(load_keys(Settings(instance_dir=folder)))


def test_a3b_lost_key_is_mended_by_entering_the_pair_again(world: World) -> None:
    use_keys(world, FIRST)
    world.connect()
    use_keys(world, SECOND)

    world.connect()

    assert Vault([SECOND]).decrypt(stored(world)) == SECRET


def test_a3b_unreadable_secret_that_is_left_blank_is_refused_at_its_field(world: World) -> None:
    use_keys(world, FIRST)
    world.connect()
    use_keys(world, SECOND)

    with pytest.raises(Refused, match="Enter the API key and secret again") as refusal:
        connect_asp(world.organisation, KEY, "", None, "tester")

    assert refusal.value.field == "api_secret"


def test_a3b_rotation_puts_every_secret_under_the_newest_key(world: World) -> None:
    use_keys(world, FIRST)
    world.connect()
    world.connect(world.add_organisation("two"), (OTHER_KEY, OTHER_SECRET))
    use_keys(world, SECOND, FIRST)

    rotation = rotate_secrets()

    assert (rotation.renewed, rotation.unreadable) == (2, [])
    tokens = db.session.scalars(select(Connection.secret_encrypted).order_by(Connection.id)).all()
    assert [Vault([SECOND]).decrypt(token) for token in tokens] == [SECRET, OTHER_SECRET]


def test_a3b_rotation_names_whose_secret_no_key_reads_and_renews_the_others(world: World) -> None:
    use_keys(world, FIRST)
    world.connect()
    use_keys(world, SECOND)
    world.connect(world.add_organisation("two"), (OTHER_KEY, OTHER_SECRET))

    rotation = rotate_secrets()

    assert (rotation.renewed, rotation.unreadable) == (1, ["the API secret for ASP Events of One"])


@pytest.mark.sqlite
def test_f4_erased_secret_is_gone_from_database_and_log(world: World) -> None:
    world.connect()
    token = stored(world)
    assert token in files(world)
    db.session.rollback()

    disconnect_asp(world.organisation, "tester")

    assert db.session.scalar(select(func.count(Connection.id))) == 0
    assert token not in files(world)


@pytest.mark.parametrize("again", ["entered", "rotated"])
@pytest.mark.sqlite
def test_f4_secret_that_was_replaced_is_gone_from_database_and_log(world: World, again: str) -> None:
    world.connect()
    token = stored(world)
    db.session.rollback()

    if again == "entered":
        world.connect()
    else:
        rotate_secrets()

    assert stored(world) != token
    assert token not in files(world)


@pytest.mark.sqlite
def test_f4_secret_leaves_the_log_once_nobody_reads_in_it_any_more(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.connect()
    token = stored(world)
    db.session.rollback()
    event.listen(db.engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=0"))
    reader = db.engine.connect()
    reader.exec_driver_sql("BEGIN")
    reader.exec_driver_sql("SELECT * FROM connection").all()

    disconnect_asp(world.organisation, "tester")
    erase_left_traces()

    assert token in files(world)
    assert "leaves it as soon as it is not" in caplog.text
    reader.close()
    erase_left_traces()
    assert token not in files(world)


def test_settings_print_no_secret() -> None:
    settings = Settings(
        secret_keys=FIRST, database_url="postgresql://u:pass@h/d", redis_url="redis://:pass@h"
    )

    assert FIRST not in repr(settings) and "pass" not in repr(settings)
    assert "pass" not in str(dataclasses.replace(settings, port=1))
