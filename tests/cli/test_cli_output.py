"""Output never fails after the work is done and never changes the exit status, whatever stdout is."""

import io
import json
import os
import subprocess
from pathlib import Path

import pytest
from command import Command
from sync_world import World, make_programme, make_session

from portal.cli.output import Output

NAME = "Été “🎪”"
ASCII = {"PYTHONIOENCODING": "ascii"}
LATIN = {"PYTHONIOENCODING": "iso-8859-1"}
POSIX = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
STREAMS = [ASCII, LATIN, POSIX]


@pytest.fixture
def file(world: World, tmp_path: Path) -> Path:
    data = make_programme([make_session(1, title=NAME)], name=NAME)
    path = tmp_path / "programme.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def ended(run: Command, *words: str | Path, **options: object) -> tuple[int, bytes, bytes]:
    """Exit status, stdout and stderr of the command in a process of its own."""
    environment = options.pop("environment", {})
    process = Command(run.environment | environment).process(*words, text=False, **options)  # type: ignore[operator]
    stdout, stderr = process.communicate(timeout=120)
    return process.returncode, stdout or b"", stderr or b""


@pytest.mark.parametrize("stream", STREAMS, ids=["ascii", "latin-1", "posix"])
def test_text_goes_out_in_escapes_where_the_stream_takes_no_utf8(
    run: Command, file: Path, stream: dict[str, str]
) -> None:
    status, stdout, stderr = ended(run, "programme", "import", file, "--org", "one", environment=stream)

    assert (status, stderr) == (0, b"")
    first = r"Imported \u00c9t\u00e9 \u201c\ud83c\udfaa\u201d (event 4630)."
    assert stdout.decode("ascii").splitlines()[0] == first


@pytest.mark.parametrize("stream", [{}, *STREAMS], ids=["utf-8", "ascii", "latin-1", "posix"])
def test_json_means_the_same_on_every_stream(run: Command, file: Path, stream: dict[str, str]) -> None:
    assert run("programme", "import", file, "--org", "one").exit_code == 0
    words = ("runs", "--org", "one", "--event", "4630")

    assert ended(run, *words, environment=stream) == (
        0,
        f"{NAME} has not been synced yet.\n".encode()
        if not stream
        else rb"\u00c9t\u00e9 \u201c\ud83c\udfaa\u201d has not been synced yet." + b"\n",
        b"",
    )
    assert ended(run, *words, "--json", environment=stream) == (0, b"[]\n", b"")


@pytest.mark.parametrize("stream", STREAMS, ids=["ascii", "latin-1", "posix"])
def test_errors_go_out_in_escapes_too(run: Command, world: World, stream: dict[str, str]) -> None:
    status, stdout, stderr = ended(run, "runs", "--org", "nobody", "--event", "1", environment=stream)

    assert (status, stdout) == (1, b"")
    assert stderr.startswith(rb"Error: There is no organisation \u201cnobody\u201d.")


def test_an_argument_that_is_no_text_is_named_without_a_traceback(run: Command, world: World) -> None:
    process = subprocess.run(
        [os.fsencode(word) for word in Command({}).process("--version").args[:1]]  # type: ignore[index]
        + [b"runs", b"--org", b"\xff", b"--event", b"1"],
        env=os.environ | run.environment,
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert (process.returncode, process.stdout) == (1, b"")
    assert b"Traceback" not in process.stderr


def test_work_that_is_done_stays_done_on_a_full_disk(run: Command, file: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        status, _, stderr = ended(run, "programme", "import", file, "--org", "one", stdout=full)

    assert (status, stderr) == (0, b"Warning: Not everything could be printed: No space left on device.\n")
    assert run.json("programme", "import", file, "--org", "one")["sessions"]["unchanged"] == 1


def test_an_export_that_cannot_be_written_did_not_happen(run: Command, file: Path) -> None:
    assert run("programme", "import", file, "--org", "one").exit_code == 0
    with Path("/dev/full").open("wb") as full:
        words = ("programme", "export", "--org", "one", "--event", "4630", "--format", "json")
        status, _, stderr = ended(run, *words, stdout=full)

    assert (status, stderr.splitlines()[-1]) == (1, b"Error: No space left on device.")


def test_a_refusal_keeps_its_status_when_nothing_can_be_written(run: Command, world: World) -> None:
    with Path("/dev/full").open("wb") as full:
        status, _, _ = ended(run, "runs", "--org", "nobody", "--event", "1", stdout=full, stderr=full)

    assert status == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(run: Command, file: Path, closed: str) -> None:
    portal = Command({}).process("--version").args[0]  # type: ignore[index]
    process = subprocess.run(
        ["sh", "-c", f'"$0" programme import "$1" --org one {closed}', str(portal), str(file)],
        env=os.environ | run.environment,
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert (process.returncode, process.stderr) == (0, b"")
    assert run.json("programme", "import", file, "--org", "one")["sessions"]["unchanged"] == 1


def test_help_goes_to_nobody_with_status_zero(run: Command) -> None:
    process = run.process("--help", text=False)
    assert process.stdout is not None
    process.stdout.close()
    _, stderr = process.communicate(timeout=120)

    assert (process.returncode, stderr) == (0, b"")


class Terminal(io.BytesIO):
    """Where text is looked at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("to", "shown"), [(Terminal(), rb"A\x1b]0;owned\x07\x0dB"), (io.BytesIO(), b"A\x1b]0;owned\x07\rB")]
)
def test_g5_no_name_steers_a_terminal_and_files_get_it_as_it_is(to: io.BytesIO, shown: bytes) -> None:
    stream = Output(io.TextIOWrapper(to, encoding="utf-8"))
    stream.write("A\x1b]0;owned\a\rB\n")
    stream.rewrite_line("\x1b[32mSpeakers 1 of 2\x1b[0m")

    assert to.getvalue() == shown + b"\n\r\x1b[K\x1b[32mSpeakers 1 of 2\x1b[0m"
