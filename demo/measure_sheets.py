"""`make measure-sheets`: the time and memory that spreadsheets take to come in, and that exports return unchanged."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from demo.measure import PASSWORD, PLACES

HERE = Path(__file__).parent
FORMATS = ("csv", "xlsx", "json")
ROWS = 49_000  # of the large workbook; 50,000 sessions are the most that an event has


@dataclass(frozen=True, slots=True)
class Taken:
    """What one command printed, and what it took."""

    printed: Any
    seconds: float
    of_processor: float  # seconds without waiting for others on the machine
    mebibytes: float


class Desk:
    """An empty portal, driven through the command line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = {**os.environ, "PORTAL_INSTANCE_DIR": str(folder / "instance")}
        self.portal("db", "upgrade")
        self.portal("user", "add", "a@example.org", "--org", "Bench", "--role", "admin", "--password-stdin")

    def portal(self, *arguments: str | Path) -> Taken:
        """Run the command in a process of its own. Raises RuntimeError when it did not happen."""
        begun, before = time.monotonic(), _processor()
        process = subprocess.Popen(
            [sys.executable, "-m", "portal", *map(str, arguments)],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        output, problem = process.communicate(PASSWORD.encode())
        seconds = time.monotonic() - begun
        if process.returncode:
            raise RuntimeError(f"portal {' '.join(map(str, arguments))}: {problem.decode()[-500:]}")
        printed = json.loads(output) if "--json" in arguments else output.decode()
        return Taken(printed, seconds, _processor() - before, _most_memory())

    def bring_in(self, path: Path, *arguments: str) -> Taken:
        return self.portal("programme", "import", path, "--org", "bench", *arguments, "--json")

    def exported(self, event: str, ending: str) -> Path:
        path = self._folder / f"{event}.{ending}"
        self.portal(
            "programme", "export", "--org", "bench", "--event", event, "--format", ending, "--output", path
        )
        return path


def _processor() -> float:
    """Seconds of processor that all commands took so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _most_memory() -> float:
    """The most that any command has had so far, in MiB: they are waited for one after the other."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def changed(counts: dict[str, Any]) -> int:
    """How many sessions and people are new, changed or missing."""
    return sum(
        counts[kind][outcome]
        for kind in ("sessions", "contacts")
        for outcome in ("created", "updated", "missing")
    )


def created(counts: dict[str, Any]) -> str:
    return f"{counts['sessions']['created']:,} sessions, {counts['contacts']['created']:,} people"


def tell(what: str, taken: Taken, counts: str) -> None:
    times = f"{taken.seconds:.1f} s | {taken.of_processor:.1f} s"
    print(f"| {what} | {times} | {taken.mebibytes:.0f} MiB | {counts} |", flush=True)


def measure_programme(desk: Desk, name: str) -> None:
    """The programme comes in from JSON, goes out in each format, and comes in again."""
    event, zone = PLACES[name][0], json.loads((HERE / f"{name}.json").read_text("utf-8"))["event"]["timezone"]
    desk.bring_in(HERE / f"{name}.json")
    for ending in FORMATS:
        path = desk.exported(event, ending)
        back = desk.bring_in(path, "--event", event)
        tell(f"{name}, exported as {ending} and again in", back, f"{changed(back.printed)} differences")
        if ending != "json":
            new = desk.bring_in(path, "--new-event", f"{name} {ending}", "--timezone", zone)
            tell(f"{name} as a new event by {ending}", new, created(new.printed))
            again = desk.bring_in(path, "--event", str(new.printed["event"]))
            tell("the same file again", again, f"{changed(again.printed)} differences")


def measure_large(desk: Desk, folder: Path) -> None:
    """A workbook with nearly as many rows as an event may have sessions."""
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Sessions")
    sheet.append("ID,Title,Date,Start,End,Room,Status,Speaker,Email,Company,Abstract".split(","))
    for row in range(ROWS):
        hour, person = row % 9 + 9, row % 9_000
        when = [f"2027-05-{row % 28 + 1:02}", f"{hour}:00", f"{hour}:45", f"Room {row % 40}"]
        who = [f"Ann Lee{person}", f"ann{person}@example.org", "ACME"]
        about = f"What session {row} is about. " * 4
        sheet.append([f"S{row:05}", f"Session {row}", *when, "accepted", *who, about])
    path = folder / "large.xlsx"
    made.save(path)
    taken = desk.bring_in(path, "--new-event", "Large", "--timezone", "Europe/Paris", "--check")
    tell(f"an XLSX of {ROWS:,} rows, looked at", taken, created(taken.printed))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        desk = Desk(Path(name))
        print("| File | Time | Of the processor | Most memory so far | What it does |")
        print("| --- | --- | --- | --- | --- |")
        for programme in PLACES:
            measure_programme(desk, programme)
        measure_large(desk, Path(name))


if __name__ == "__main__":
    main()
