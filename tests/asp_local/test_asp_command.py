"""The command line: the line when it is ready, a taken port, signals, bad arguments."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from asp_calls import Client

COMMAND = [sys.executable, "-m", "asp_local"]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_says_when_it_is_ready_and_stops_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    arguments = ["--database", str(tmp_path / "asp.sqlite"), "--latency-ms", "1", "--random-seed", "1"]
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        url = line.removeprefix("asp-local listening on ").strip()
        control = requests.get(f"{url}/_control", timeout=120).json()
        sites = Client(url, "demo-key", "demo-secret").get("/public/sites").json()
        process.send_signal(number)
        output, errors = process.communicate(timeout=120)

    assert url.startswith("http://127.0.0.1:")
    assert control["latency_ms"] == 1
    assert [site["Name"] for site in sites] == ["PyConFR 2025", "Demo Expo"]
    assert (process.returncode, output, errors) == (0, "", "")


def test_command_says_that_a_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [*COMMAND, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, timeout=120
        )

    expected = f"asp-local: cannot listen on 127.0.0.1:{port}: Address already in use\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", expected)


@pytest.mark.parametrize("arguments", [["--seed", "missing.toml"], ["--fail-rate", "2"]])
def test_command_refuses_what_makes_no_sense(arguments: list[str]) -> None:
    result = subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("asp-local: ")
    assert "Traceback" not in result.stderr
