"""`make measure`: prints the numbers in docs/numbers.md, measured on this machine with the real programmes."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import requests

from demo.__main__ import API_KEY, API_SECRET
from demo.shifting import shift_file
from portal.models import now

HERE = Path(__file__).parent
LATENCY_MS = 50
IN_FLIGHT = 8
ADMIN, PASSWORD = "a@example.org", "a long password"
MIB = 1024 * 1024
# Requests per second that the local ASP allows, how it counts them, whether it says when to come back, and what with.
LIMITS = (
    (5, "bucket", True, "pyconfr-2025"),
    (20, "sliding", True, "pyconfr-2025"),
    (20, "fixed", False, "pyconfr-2025"),
    (100, "bucket", True, "fosdem-2026"),
    (100, "sliding", False, "fosdem-2026"),
)
AT_ONCE = (4, "fosdem-2026")  # how many the local ASP takes at the same time, and what with
PLACES = {"pyconfr-2025": ("4630", 0, "1111"), "fosdem-2026": ("5201", 1, "4444")}  # event, site, seminar


class Measured(NamedTuple):
    """What a command printed, the seconds that all of it took, and the most memory it had, in MiB."""

    printed: dict[str, Any]
    seconds: float
    memory: float


class Watch(threading.Thread):
    """Notes the most memory that a process had."""

    def __init__(self, process_id: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(process_id)
        self.most = 0

    def run(self) -> None:
        try:
            while self._process.is_running():
                self.most = max(self.most, self._process.memory_info().rss)
                time.sleep(0.02)
        except psutil.NoSuchProcess:
            return


class Bench:
    """An empty portal and a local ASP of its own, driven through the command line as a script would."""

    def __init__(self, folder: Path, latency_ms: int) -> None:
        self._asp = subprocess.Popen(
            [sys.executable, "-m", "asp_local", "--port", "0", "--latency-ms", str(latency_ms)],
            stdout=subprocess.PIPE,
            text=True,
        )
        if self._asp.stdout is None:
            raise RuntimeError("asp-local has no output to read its address from")
        self.asp = self._asp.stdout.readline().split()[-1]
        self._environment = {
            **os.environ,
            "PORTAL_INSTANCE_DIR": str(folder / "instance"),
            "PORTAL_ASP_BASE_URL": self.asp,
            "PORTAL_ASP_IN_FLIGHT": str(IN_FLIGHT),
        }
        self._folder = folder

    def close(self) -> None:
        self._asp.send_signal(signal.SIGTERM)
        self._asp.wait()

    def start(self, *arguments: str, output: int = subprocess.PIPE) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "portal", *arguments],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            text=True,
        )

    def portal(self, *arguments: str, given: str = "") -> str:
        process = self.start(*arguments)
        output, problem = process.communicate(given)
        if process.returncode:
            raise RuntimeError(f"portal {' '.join(arguments)}: {problem}")
        return output

    def prepare(self, name: str, event: str, site: int, seminar: str) -> float:
        """Import and map a programme; returns the seconds that the import took."""
        self.portal("db", "upgrade")
        self.portal(
            "user", "add", ADMIN, "--org", "Bench", "--role", "admin", "--password-stdin", given=PASSWORD
        )
        taken = self.add_programme(name)
        self.portal(
            "asp", "connect", "--org", "bench", "--api-key", API_KEY, "--secret-stdin", given=API_SECRET
        )
        uuid = self.records()["sites"][site]["Uuid"]
        self.portal(
            "asp",
            "map",
            "--org",
            "bench",
            "--event",
            event,
            "--site",
            uuid,
            "--seminar",
            seminar,
            "--confirm-timezone",
        )
        return taken

    def add_programme(self, name: str) -> float:
        """Import a programme; returns the seconds that it took."""
        shift_file(HERE / f"{name}.json", self._folder / "programme.json", now())
        began = time.monotonic()
        self.portal("programme", "import", str(self._folder / "programme.json"), "--org", "bench")
        return time.monotonic() - began

    def control(self, **settings: float | str) -> None:
        """Make ASP slow or faulty."""
        requests.put(f"{self.asp}/_control", json=settings, timeout=30).raise_for_status()

    def sync(self, event: str) -> Measured:
        return self.measured("sync", "--org", "bench", "--event", event, "--json")

    def measured(self, *words: str) -> Measured:
        """Run a command of `portal`, in a process of its own."""
        began = time.monotonic()
        process = self.start(*words)
        watch = Watch(process.pid)
        watch.start()
        output = process.communicate()[0]
        return Measured(json.loads(output), time.monotonic() - began, watch.most / MIB)

    def limit(self, **controls: float | str) -> None:
        """From now on ASP refuses what is too much, and counts its requests anew."""
        self.control(**controls)
        requests.post(f"{self.asp}/_stats/reset", timeout=30).raise_for_status()

    def answers(self) -> tuple[int, int]:
        """How many requests ASP has answered, other than for a token, and how many of them by 429."""
        counted = requests.get(f"{self.asp}/_stats", timeout=30).json()
        return counted["requests"] - counted["tokens"], counted["statuses"].get("429", 0)

    def records(self) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.asp}/_records", timeout=30).json()
        return found


def doubled(records: dict[str, Any]) -> int:
    """How many sessions and speakers ASP has more than once."""
    ids = Counter(session["CustomFields"]["sessionboard_id"] for session in records["sessions"])
    emails = Counter(speaker["Email"].lower() for speaker in records["speakers"])
    return sum(number - 1 for counted in (ids, emails) for number in counted.values())


def tell(words: str) -> None:
    print(words, flush=True)


def measure(name: str, event: str, site: int, seminar: str, latency_ms: int) -> None:
    """First sync and resync of one programme."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), latency_ms)
        try:
            taken = bench.prepare(name, event, site, seminar)
            tell(f"{name}, ASP answering after {latency_ms} ms, {IN_FLIGHT} requests in flight")
            tell(f"  import            {taken:.1f} s")
            for words in ("first sync", "second sync"):
                run, seconds, memory = bench.sync(event)
                sessions, speakers = run["sessions"], run["speakers"]
                tell(
                    f"  {words:<17} {run['status']}: {sessions['synced']}/{sessions['attempted']} sessions, "
                    f"{speakers['synced']}/{speakers['attempted']} speakers; {run['writes']} writes, "
                    f"{run['requests']} requests; {run['seconds']} s ({seconds:.1f} s with start-up), "
                    f"{memory:.0f} MiB"
                )
                if latency_ms and run["writes"]:
                    ideal = run["writes"] * latency_ms / 1000 / IN_FLIGHT
                    tell(f"  {'':<17} {run['seconds'] / ideal:.2f} × of writes × latency ÷ in flight")
        finally:
            bench.close()


def measure_kill(event: str, site: int, seminar: str) -> None:
    """Kill -9 in the middle of a first sync, then sync again."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), LATENCY_MS)
        try:
            bench.prepare("fosdem-2026", event, site, seminar)
            process = bench.start("sync", "--org", "bench", "--event", event, "--json")
            while len(bench.records()["sessions"]) < 300:
                time.sleep(0.05)
            process.kill()
            process.communicate()
            left = len(bench.records()["sessions"])
            run = bench.sync(event).printed
            records = bench.records()
            tell(f"fosdem-2026, kill -9 after {left} sessions, then sync again")
            tell(
                f"  {run['status']}: created {run['sessions']['created']}, unchanged {run['sessions']['unchanged']}; "
                f"ASP has {len(records['sessions'])} sessions, {len(records['speakers'])} speakers, "
                f"{doubled(records)} of them doubled"
            )
        finally:
            bench.close()


def sync_within_limit(name: str, **controls: float | str) -> tuple[float, int, int]:
    """A first sync against a limit that is to be learnt (E12): seconds, requests, and how many were refused."""
    event, site, seminar = PLACES[name]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), LATENCY_MS)
        try:
            bench.prepare(name, event, site, seminar)
            bench.limit(**controls)
            run = bench.sync(event).printed
            return run["seconds"], *bench.answers()
        finally:
            bench.close()


def measure_rate(rate: int, kind: str, says_when: bool, name: str) -> None:
    """Only so many requests per second."""
    seconds, made, refused = sync_within_limit(name, rate_per_s=rate, rate_kind=kind, retry_after=says_when)
    tell(
        f"  {rate:>3} a second, {kind:<7} {'' if says_when else 'no '}Retry-After: {seconds} s, "
        f"{seconds * rate / (made - refused):.2f} × of requests ÷ limit; {refused} of {made} requests refused"
    )


def measure_at_once(most: int, name: str) -> None:
    """Only so many requests at the same time."""
    seconds, made, refused = sync_within_limit(name, max_in_flight=most)
    ideal = (made - refused) * LATENCY_MS / 1000 / most
    tell(
        f"  {most:>3} at once: {seconds} s, {seconds / ideal:.2f} × of requests × latency ÷ limit; "
        f"{refused} of {made} requests refused"
    )


def main() -> None:
    """Measure everything."""
    measure("pyconfr-2025", *PLACES["pyconfr-2025"], 0)
    measure("fosdem-2026", *PLACES["fosdem-2026"], LATENCY_MS)
    measure_kill(*PLACES["fosdem-2026"])
    tell("first syncs against limits that nobody tells the portal")
    for limit in LIMITS:
        measure_rate(*limit)
    measure_at_once(*AT_ONCE)


if __name__ == "__main__":
    main()
