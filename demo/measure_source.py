"""`make measure-source`: how fast a programme comes in from Sessionboard, and a change there reaches ASP."""

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests

from demo.__main__ import API_KEY, API_SECRET, TOKEN
from demo.measure import ADMIN, PASSWORD, PLACES, Bench, Measured, tell
from demo.shifting import shift_file

HERE = Path(__file__).parent
NAME = "fosdem-2026"
LATENCY_MS = 50
BURSTS = (1, 50, 500)
AT_ONCE = 8  # messages that Sessionboard sends at the same time
PATIENCE = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Sent:
    """A message: when it was sent, the title that it brings, and how long its answer took."""

    session_id: str
    title: str
    at: datetime
    seconds: float


class SourceBench(Bench):
    """The same portal with a local Sessionboard that has FOSDEM's programme."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, LATENCY_MS)
        programme = folder / "fosdem.json"
        shift_file(HERE / f"{NAME}.json", programme, datetime.now(UTC))
        words = [
            "-m",
            "sessionboard_local",
            str(programme),
            "--latency-ms",
            str(LATENCY_MS),
            "--token",
            TOKEN,
        ]
        self._sessionboard = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True)
        if self._sessionboard.stdout is None:
            raise RuntimeError("sessionboard-local has no output to read its address from")
        self.sessionboard = self._sessionboard.stdout.readline().split()[-1]
        self._environment |= {"PORTAL_SESSIONBOARD_US_URL": self.sessionboard, "PORTAL_LOG_LEVEL": "WARNING"}
        self.address = ""

    def close(self) -> None:
        self._sessionboard.send_signal(signal.SIGTERM)
        self._sessionboard.wait()
        super().close()

    def connect(self) -> None:
        self.portal("db", "upgrade")
        user = ("user", "add", ADMIN, "--org", "Bench", "--role", "admin", "--password-stdin")
        self.portal(*user, given=PASSWORD)
        self.portal("sessionboard", "connect", "--org", "bench", "--token-stdin", given=TOKEN)

    def pull(self, event: str) -> Measured:
        return self.measured("programme", "pull", "--org", "bench", "--event", event, "--json")

    def map(self, event: str, site: int, seminar: str) -> None:
        """Connect ASP, map the event and sync it."""
        self.portal(
            "asp", "connect", "--org", "bench", "--api-key", API_KEY, "--secret-stdin", given=API_SECRET
        )
        place = ("--site", self.records()["sites"][site]["Uuid"], "--seminar", seminar, "--confirm-timezone")
        self.portal("asp", "map", "--org", "bench", "--event", event, *place)
        self.sync(event)

    def run_portal(self, stack: ExitStack) -> None:
        """Run the whole portal until the stack is closed."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._environment["PORTAL_PORT"] = str(port)
        process = self.start("up", output=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.send_signal, signal.SIGTERM)
        self.address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(requests.RequestException):
                if requests.get(f"{self.address}/login", timeout=5).ok:
                    return
            time.sleep(0.2)
        raise RuntimeError("the portal does not answer")

    def send(self, hook: dict[str, str], session_id: str, title: str) -> Sent:
        """Change a session over there and send the message that tells it."""
        address = f"{self.sessionboard}/_records/{PLACES[NAME][0]}/sessions/{session_id}"
        session = requests.put(address, json={"title": title}, timeout=30).json()
        at = datetime.now(UTC)
        metadata = {"action": "session.updated", "event_id": int(PLACES[NAME][0]), "datetime": at.isoformat()}
        began = time.monotonic()
        answer = requests.post(
            self.address + hook["path"],
            json={"data": session, "metadata": metadata},
            headers={hook["header"]: hook["secret"]},
            timeout=30,
        )
        answer.raise_for_status()
        return Sent(session_id, title, at, time.monotonic() - began)

    def arrivals(self, sent: list[Sent]) -> list[float]:
        """After how many seconds each message's title stood in ASP."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            there = {each["CustomFields"]["sessionboard_id"]: each for each in self.records()["sessions"]}
            if all(there[each.session_id]["Title"] == each.title for each in sent):
                written = {key: datetime.fromisoformat(each["Modified"]) for key, each in there.items()}
                return [(written[each.session_id] - each.at).total_seconds() for each in sent]
            time.sleep(1)
        raise RuntimeError("the changes did not arrive")


def share(values: list[float], part: float) -> float:
    """The value that this part of them does not exceed."""
    return sorted(values)[max(0, round(len(values) * part + 0.5) - 1)]


def main() -> None:
    """Measure pulls, then messages while FOSDEM is mapped."""
    event, site, seminar = PLACES[NAME]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        bench = SourceBench(Path(folder))
        stack.callback(bench.close)
        bench.connect()
        tell(f"{NAME}, Sessionboard and ASP answering after {LATENCY_MS} ms")
        for words in ("first pull", "second pull"):
            pulled, seconds, memory = bench.pull(event)
            new = f"{pulled['sessions']['created']} sessions and {pulled['contacts']['created']} people new"
            tell(
                f"  {words:<12} {new}; {pulled['requests']} requests; {seconds:.1f} s with start-up, {memory:.0f} MiB"
            )
        bench.map(event, site, seminar)
        bench.run_portal(stack)
        hook = json.loads(bench.portal("sessionboard", "webhook", "--org", "bench", "--json"))
        ids = [
            each["CustomFields"]["sessionboard_id"]
            for each in bench.records()["sessions"]
            if each["isPublished"]
        ]
        for number in BURSTS:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                titles = [f"Title {number}-{place}" for place in range(number)]
                sent = list(pool.map(lambda pair: bench.send(hook, *pair), zip(ids, titles, strict=False)))
            arrived = bench.arrivals(sent)
            answers = [each.seconds for each in sent]
            tell(
                f"  {number:>3} messages, median and 95th percentile: in ASP after {share(arrived, 0.5):.1f} and "
                f"{share(arrived, 0.95):.1f} s; answered in {share(answers, 0.5) * 1000:.0f} and "
                f"{share(answers, 0.95) * 1000:.0f} ms"
            )


if __name__ == "__main__":
    main()
