"""The part of `make measure` that opens pages: how long a large agenda takes, and how much of it is sent."""

import json
import re
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import requests

from demo.measure import HERE, PLACES, Bench, tell
from demo.measure_load import log_in, start_portal

LARGE = 5_000  # sessions
TIMES = 30
PAGES = {
    "agenda": "",
    "search": "?search=python",
    "filter": "?status=accepted&problem=yes",
    "a day": "?view=day",
    "rooms": "?view=rooms",
    "conflicts": "?view=conflicts",
}


def enlarge(name: str, sessions: int, target: Path) -> None:
    """Write a programme with so many sessions: those of `name` again and again, under other ids."""
    programme = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    few = programme["sessions"]
    programme["sessions"] = [
        {
            **few[number % len(few)],
            "id": str(uuid5(NAMESPACE_URL, str(number))),
            "client_session_id": f"L{number}",
        }
        for number in range(sessions)
    ]
    target.write_text(json.dumps(programme), encoding="utf-8")


def measure_pages(name: str, sessions: int = 0) -> None:
    """Import, map, sync; then open each page again and again, as a browser does that takes gzip."""
    event, site, seminar = PLACES[name]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bench = Bench(folder, 0)
        stack.callback(bench.close)
        source = HERE / f"{name}.json"
        if sessions:
            source = folder / "large.json"
            enlarge(name, sessions, source)
        bench.prepare(str(source.with_suffix("")), event, site, seminar)
        run = bench.sync(event).printed
        address = f"http://127.0.0.1:{start_portal(bench, stack)}"
        browser = log_in(address)
        found = re.search(
            r"/orgs/bench/events/\d+/agenda", browser.get(f"{address}/orgs/bench/", timeout=60).text
        )
        if found is None:
            raise RuntimeError("the event has no agenda")
        tell(f"{name}, {sessions or 'as it is'}, mapped and synced ({run['sessions']['synced']:,} sessions)")
        for words, query in PAGES.items():
            tell(f"  {words:<10} {_opened(browser, f'{address}{found[0]}{query}')}")


def _opened(browser: requests.Session, address: str) -> str:
    """The median, the slowest and the size, in words; the first time in each web process is told apart."""
    seconds, size = [], 0
    for _ in range(TIMES):
        answer = browser.get(address, headers={"Accept-Encoding": "gzip"}, stream=True, timeout=60)
        answer.raise_for_status()
        size = len(answer.raw.read(decode_content=False))
        seconds.append(answer.elapsed.total_seconds())
    return (
        f"median {statistics.median(seconds) * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f} ms, "
        f"{size / 1000:.0f} KB compressed"
    )


def main() -> None:
    measure_pages("fosdem-2026")
    measure_pages("fosdem-2026", LARGE)


if __name__ == "__main__":
    main()
