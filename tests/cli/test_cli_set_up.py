"""A new installation: folders, keys, database, settings, users."""

import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from command import Command
from cryptography.fernet import Fernet
from sqlalchemy import select, text
from sync_world import ROOT, World

from portal.cli.main import COMMANDS
from portal.errors import PortalError
from portal.models import Membership, User, db
from portal.operations.accounts.logins import list_logins, open_login
from portal.operations.accounts.users import check_login
from portal.workers.working import run_worker


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_command_makes_folder_and_key_for_their_owner_alone(fresh: Command) -> None:
    folder = Path(fresh.environment["PORTAL_INSTANCE_DIR"])
    former = os.umask(0)
    try:
        result = fresh("db", "upgrade")
    finally:
        os.umask(former)
    key = (folder / "secret.key").read_text()

    assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
    assert (mode(folder), mode(folder / "secret.key")) == (0o700, 0o600)
    assert (fresh("db", "upgrade").exit_code, (folder / "secret.key").read_text()) == (0, key)


def test_keys_of_the_environment_leave_no_key_file(fresh: Command) -> None:
    key = fresh("new-key").stdout.strip()

    assert fresh("db", "upgrade", PORTAL_SECRET_KEYS=key).exit_code == 0

    assert not (Path(fresh.environment["PORTAL_INSTANCE_DIR"]) / "secret.key").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["programme", "import", "x.json", "--org", "one"],
        ["asp", "connect", "--org", "one", "--api-key", "k", "--secret-stdin"],
        ["asp", "map", "--org", "one", "--event", "1", "--site", "s", "--seminar", "1"],
        ["asp", "unmap", "--org", "one", "--event", "1"],
        ["asp", "disconnect", "--org", "one", "--yes"],
        ["sync", "--org", "one", "--event", "1", "--json"],
        ["runs", "--org", "one", "--event", "1", "--json"],
        ["user", "add", "a@example.org", "--org", "One", "--role", "admin", "--password-stdin"],
        ["scheduler"],
    ],
)
def test_every_command_says_that_the_database_is_missing(fresh: Command, words: list[str]) -> None:
    result = fresh(*words, stdin="long enough for it\n")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: There is no database yet. Make it with: portal db upgrade\n"


def test_worker_says_that_the_database_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_INSTANCE_DIR", str(tmp_path))

    with pytest.raises(PortalError, match=r"There is no database yet\. Make it with: portal db upgrade"):
        run_worker()


@pytest.mark.parametrize(
    ("version", "words", "said"),
    [
        ("0000", ["runs", "--org", "one", "--event", "1"], "The database is of another version"),
        ("9999", ["runs", "--org", "one", "--event", "1"], "A newer version of the portal has "),
        ("9999", ["db", "upgrade"], "A newer version of the portal has upgraded the database, to 9999; "),
    ],
)  # fmt: skip
def test_database_of_another_version_is_told(run: Command, version: str, words: list[str], said: str) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": version})
    db.session.commit()

    result = run(*words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {said}")


def test_database_that_is_none_is_a_message(fresh: Command, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"this is no database at all" * 100)

    result = fresh("runs", "--org", "one", "--event", "1", PORTAL_DATABASE_URL=f"sqlite:///{broken}")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The database could not be used")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORTAL_ASP_TIMEOUT", "soon", "PORTAL_ASP_TIMEOUT is “soon”; it must be a number."),
        (
            "PORTAL_ASP_IN_FLIGHT",
            "0",
            "PORTAL_ASP_IN_FLIGHT is 0; it must be a number from 1 to 2147483647.",
        ),
        ("PORTAL_SECURE_COOKIES", "perhaps", "it must be true or false"),
        ("PORTAL_SECRET_KEYS", "short", "not of the right form"),
        ("PORTAL_SECRET_KEYS", ",", "not of the right form"),
        ("PORTAL_DATABASE_URL", "nonsense", "PORTAL_DATABASE_URL cannot be used"),
        ("PORTAL_DATABASE_URL", "nosuchthing://x", "PORTAL_DATABASE_URL cannot be used"),
        ("PORTAL_DATABASE_URL", "mysql://x/y", "PORTAL_DATABASE_URL cannot be used"),
        ("PORTAL_PORT", "70000", "it must be a number from 1 to 65535"),
        ("PORTAL_INSTANCE_DIR", "/dev/null/portal", "PORTAL_INSTANCE_DIR cannot be used"),
        ("PORTAL_INSTANCE_DIR", "/proc/portal", "/proc/portal"),
        ("PORTAL_LOG_LEVEL", "loud", "PORTAL_LOG_LEVEL"),
    ],
)
def test_bad_setting_is_a_message(fresh: Command, name: str, value: str, words: str) -> None:
    result = fresh("db", "upgrade", **{name: value})

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORTAL_HOST", "nonsense", "Error: “nonsense” is no address of this machine."),
        ("PORTAL_HOST", "192.0.2.7", "Error: “192.0.2.7” is no address of this machine."),
        (
            "PORTAL_ASP_CONTRACT",
            "/dev/null/asp.toml",
            "Error: PORTAL_ASP_CONTRACT: /dev/null/asp.toml cannot be",
        ),
    ],
)
def test_portal_does_not_come_up_with_a_setting_that_its_pages_would_fall_over(
    fresh: Command, name: str, value: str, words: str
) -> None:
    result = fresh("up", **{name: value})

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(words)


@pytest.mark.parametrize("program", ["wsgi", "worker"])
@pytest.mark.parametrize(
    ("name", "value"), [("PORTAL_SECRET_KEYS", "short"), ("PORTAL_INSTANCE_DIR", "/dev/null/portal")]
)
def test_processes_that_are_started_by_themselves_say_it_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, name: str, value: str
) -> None:
    monkeypatch.setenv("PORTAL_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match=f"^(web|worker): .*{name}"):
        runpy.run_path(str(ROOT / f"{program}.py"), run_name="__main__")


@pytest.mark.parametrize("url", ["nonsense", "unix:///nowhere.sock"])
def test_scheduler_without_a_queue_is_a_message(run: Command, url: str) -> None:
    result = run("scheduler", PORTAL_REDIS_URL=url)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "PORTAL_REDIS_URL" in result.stderr


def test_settings_are_listed_for_the_readme(fresh: Command) -> None:
    result = fresh("settings")

    assert result.exit_code == 0
    assert "| `PORTAL_INSTANCE_DIR` | `instance` |" in result.stdout


@pytest.mark.parametrize(
    "words",
    [[], ["db"], ["asp", "map"], ["sync"], ["runs"], ["programme", "import"], ["user", "add"], ["up"]],
)
def test_every_command_has_help(fresh: Command, words: list[str]) -> None:
    result = fresh(*words, "--help")

    assert (result.exit_code, result.stdout.startswith("Usage: portal")) == (0, True)


@pytest.mark.parametrize("name", COMMANDS)
def test_list_of_commands_says_what_each_one_says_of_itself(fresh: Command, name: str) -> None:
    listed = " ".join(fresh("--help").stdout.split())
    help = " ".join(fresh(name, "--help").stdout.split())

    assert f"{name} {COMMANDS[name][1]}" in listed
    assert COMMANDS[name][1] in help


def test_list_of_commands_loads_none_of_them() -> None:
    asked = (
        "import sys; from portal.cli.main import portal; "
        "portal(['--help'], standalone_mode=False); print(*sys.modules)"
    )
    plain = {**os.environ, "TESTS_ON_POSTGRESQL": ""}  # whose own part in the tests loads much
    result = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=plain
    )

    assert not {"flask", "sqlalchemy", "portal.models"} & set(result.stdout.split())


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["sync", "--org", "one"],
        ["sync", "--org", "one", "--event", "1", "--nothing"],
        ["user", "add", "a@example.org", "--org", "One", "--role", "owner", "--password-stdin"],
        ["asp", "connect", "--org", "one", "--api-key", "k"],
    ],
)
def test_wrong_usage_is_status_two(run: Command, words: list[str]) -> None:
    result = run(*words)

    assert (result.exit_code, result.stdout) == (2, "")


def test_user_is_added_with_the_organisation_they_name(run: Command, world: World) -> None:
    words = ["--role", "admin", "--password-stdin"]
    first = run("user", "add", "Ada@Example.org", "--org", "Œuvre & Co", *words, stdin="a long password\n")
    again = run("user", "add", "ada@example.org", "--org", "Œuvre & Co", *words, stdin="a long password\n")
    viewer = ["--org", "One", "--role", "viewer", "--password-stdin"]
    unknown = run("user", "add", "ada@example.org", *viewer)
    other = run("user", "add", "ada@example.org", *viewer, stdin="a long password\n")

    assert (first.exit_code, first.stdout) == (0, "ada@example.org is admin of œuvre-co.\n")
    assert (again.exit_code, again.stdout) == (0, "ada@example.org is admin of œuvre-co.\n")  # nothing to do
    assert (unknown.exit_code, unknown.stdout) == (1, "")  # G1b: who gives rights knows the password
    assert "this is not its password" in unknown.stderr
    assert other.exit_code == 0
    db.session.rollback()
    assert (db.session.query(User).count(), db.session.query(Membership).count()) == (1, 2)


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("nobody", "a long password", "not an e-mail address"),
        ("a@example.org", "short", "at least 12 characters"),
        ("a@example.org", "eleven char", "at least 12 characters"),
        ("a@example.org", "", "at least 12 characters"),
        ("a@example.org", "password1234", "one of the first"),
        ("a@host.invalid", "a long password", None),  # by syntax alone, never by DNS
        ("a@portal.local", "a long password", None),
        ("a@localhost", "a long password", None),
        ("a b@example.org", "a long password", "not an e-mail address"),
    ],
)
def test_user_is_checked(run: Command, email: str, password: str, words: str | None) -> None:
    result = run("user", "add", email, "--org", "One", "--role", "admin", "--password-stdin", stdin=password)

    assert result.exit_code == (1 if words else 0)
    assert (words or "") in result.stderr


def test_g1b_password_is_reset_and_every_log_in_ended(run: Command, world: World) -> None:
    role = ["--role", "admin", "--password-stdin"]
    run("user", "add", "ada@example.org", "--org", "One", *role, stdin="a long password\n")
    ada = db.session.scalars(select(User)).one()
    open_login(ada, "a browser", remembered=True)

    weak = run("user", "reset-password", "ada@example.org", "--password-stdin", stdin="qwertyuiopas\n")
    assert (weak.exit_code, weak.stdout) == (1, "")
    assert len(list_logins(ada.id)) == 1
    done = run("user", "reset-password", "Ada@example.org", "--password-stdin", stdin="quite another one\r\n")
    nobody = run("user", "reset-password", "bob@example.org", "--password-stdin", stdin="quite another one\n")

    db.session.rollback()
    assert done.stdout == "ada@example.org has a new password, and is logged out everywhere.\n"
    assert check_login("ada@example.org", "quite another one") is not None
    assert list_logins(ada.id) == []
    assert (nobody.exit_code, nobody.stderr) == (1, "Error: Nobody has the e-mail bob@example.org.\n")


def test_users_of_an_organisation_are_listed_with_their_role(run: Command, world: World) -> None:
    for name, role in (("bob", "viewer"), ("ada", "admin")):
        words = ["--org", "One", "--role", role, "--password-stdin"]
        run("user", "add", f"{name}@example.org", *words, stdin="a long password\n")

    assert run.json("user", "list", "--org", "one") == [
        {"email": "ada@example.org", "role": "admin"},
        {"email": "bob@example.org", "role": "viewer"},
    ]
    assert run("user", "list", "--org", "one").stdout == "ada@example.org  admin\nbob@example.org  viewer\n"
    assert run("user", "list", "--org", "two").exit_code == 1


def test_a3b_secrets_are_rotated_and_counted(run: Command, world: World) -> None:
    world.connect()
    newest, kept = Fernet.generate_key().decode(), (world.settings.instance_dir / "secret.key").read_text()

    done = run("secrets", "rotate", PORTAL_SECRET_KEYS=f"{newest},{kept}")
    lost = run("secrets", "rotate", PORTAL_SECRET_KEYS=kept)

    assert (done.exit_code, done.stdout) == (0, "1 secret encrypted under the newest key.\n")
    assert (lost.exit_code, lost.stdout) == (1, "0 secrets encrypted under the newest key.\n")
    assert "No key reads the API secret for ASP Events of One." in lost.stderr


def test_text_that_is_no_utf8_is_a_message(run: Command) -> None:
    result = run("asp", "connect", "--org", "one", "--api-key", "k", "--secret-stdin", stdin=b"\xff\xfe")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: Something that was given is not text in UTF-8.\n"
