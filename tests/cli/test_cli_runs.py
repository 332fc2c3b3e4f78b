"""`portal runs`: what a run did with each record, for scripts and spreadsheets (E7)."""

import csv
import io
from typing import Any

import pytest
from command import Command
from sqlalchemy import Engine, event
from sync_world import World, crowd, session_id

HERE = ("--org", "one", "--event", "4630")


def test_e7_a_run_s_records_are_written_as_csv(ready: Command, world: World) -> None:
    ready("sync", *HERE)
    changed = crowd(3)
    changed["sessions"][0]["title"] = "=Changed"
    changed["sessions"][1]["client_session_id"] = None
    world.load(changed)
    run = ready.json("sync", *HERE, status=3)["run"]

    written = ready("runs", "--org", "one", "--run", str(run), "--csv")
    rows = list(csv.DictReader(io.StringIO(written.stdout)))

    assert list(rows[0]) == ["outcome", "kind", "id", "name", "reason", "changed"]
    assert [(row["outcome"], row["id"]) for row in rows[:2]] == [
        ("failed", session_id(2)),
        ("updated", session_id(1)),
    ]
    assert rows[0]["reason"].startswith("Client Session ID is missing.")
    assert (rows[1]["name"], rows[1]["changed"]) == ("'=Changed", "Title: Session 1 → =Changed")
    assert len(rows) == 6


def test_e7_a_run_s_requests_are_written_as_csv(ready: Command) -> None:
    run = ready.json("sync", *HERE)

    written = ready("runs", "--org", "one", "--run", str(run["run"]), "--requests")

    rows = list(csv.DictReader(io.StringIO(written.stdout)))
    assert list(rows[0]) == ["time", "method", "path", "status", "ms"]
    assert len(rows) == run["requests"]


@pytest.mark.parametrize("number", ["99", "1"])
def test_e7_only_the_organisation_s_own_runs_are_shown(ready: Command, number: str) -> None:
    ready("sync", *HERE)

    shown = ready("runs", "--org", "two" if number == "1" else "one", "--run", number, "--csv")

    assert (shown.exit_code, shown.stdout) == (1, "")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--csv", "--event", "4630"],
        ["--run", "0"],
        ["--run", "1", "--csv", "--json"],
        ["--requests", "--event", "4630"],
    ],
)
def test_runs_says_what_it_needs(ready: Command, words: list[str]) -> None:
    assert ready("runs", "--org", "one", *words).exit_code == 2


def test_e7_listing_many_runs_takes_as_many_queries_as_listing_one(ready: Command, world: World) -> None:
    def queries() -> int:
        asked: list[str] = []

        def note(*arguments: Any) -> None:
            asked.append(arguments[2])

        event.listen(Engine, "before_cursor_execute", note)
        try:
            ready.json("runs", *HERE)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(asked)

    ready("sync", *HERE)
    one = queries()
    for _ in range(3):
        ready("sync", *HERE)

    assert queries() == one
