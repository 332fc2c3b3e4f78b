"""Importing, connecting, mapping and syncing from the command line, to the letter of its description."""

import json
import os
import pty
import signal
from pathlib import Path
from typing import Any

import pytest
from command import Command
from sync_world import (
    FAR_SEMINAR,
    FAR_SITE,
    FOREIGN_SITE,
    SECOND_SEMINAR,
    SECRET,
    SEMINAR,
    SILENT_SEMINAR,
    SILENT_SITE,
    SITE,
    UNREADY_SEMINAR,
    World,
    contact_id,
    crowd,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
    wait_until,
)

from portal.models import Connection, Event, Mapping, Run, RunStatus, db

OBJECT = [
    "run", "status", "message", "sessions", "speakers", "requests", "writes", "seconds", "problems", "withheld",
]  # fmt: skip
COUNTS = ["attempted", "synced", "created", "updated", "unchanged", "skipped", "failed"]
HERE = ("--org", "one", "--event", "4630")


def write(world: World, programme: Any, name: str = "given.json") -> Path:
    path = world.folder / name
    path.write_text(json.dumps(programme), encoding="utf-8")
    return path


def connect(run: Command, *more: str, secret: str = f"{SECRET}\n", key: str = "demo-key") -> Any:
    return run("asp", "connect", "--org", "one", "--api-key", key, "--secret-stdin", *more, stdin=secret)


def map_it(run: Command, site: str = SITE, seminar: str = SEMINAR, *more: str) -> Any:
    return run("asp", "map", *HERE, "--site", site, "--seminar", seminar, *more)


# programme import


def test_import_prints_its_counts(run: Command, world: World) -> None:
    path = write(world, crowd(3))

    first = run.json("programme", "import", path, "--org", "one")
    changed = crowd(2)
    changed["sessions"][0]["title"] = "Changed"
    second = run.json("programme", "import", write(world, changed), "--org", "one")
    words = run("programme", "import", path, "--org", "one")

    kept = {"created": 3, "updated": 0, "unchanged": 0, "missing": 0}
    assert first == {"event": 4630, "sessions": kept, "contacts": kept}
    assert second == {
        "event": 4630,
        "sessions": {"created": 0, "updated": 1, "unchanged": 1, "missing": 1},
        "contacts": {"created": 0, "updated": 0, "unchanged": 2, "missing": 1},
    }
    assert (words.exit_code, words.stderr) == (0, "")
    assert words.stdout.startswith("Imported Small Conf (event 4630).")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "JSON"),
        ("[]", ""),
        ("null", ""),
        (json.dumps(make_programme([make_session(1), make_session(1)])), "sessions[1]"),
        (json.dumps(make_programme([make_session(1, starts_at="soon")])), "sessions[0].starts_at"),
        (json.dumps(make_programme([make_session(1, id="7")])), "sessions[0].id"),
        (json.dumps(make_programme([make_session(1, status=7)])), "sessions[0].status"),
        (json.dumps(make_programme(timezone="Mars/Base")), "event.timezone"),
        (json.dumps({"sessions": []}), "event"),
    ],
)
def test_file_of_another_shape_is_refused_as_a_whole(
    run: Command, world: World, text: str, place: str
) -> None:
    path = world.folder / "bad.json"
    path.write_text(text)

    result = run("programme", "import", path, "--org", "one", "--json")

    assert (result.exit_code, result.stdout, db.session.query(Event).count()) == (1, "", 0)
    assert result.stderr.startswith("Error: ")
    assert place in result.stderr


def test_file_that_is_missing_too_large_or_a_folder_is_a_message(run: Command, world: World) -> None:
    path = write(world, crowd(3))
    big = run("programme", "import", path, "--org", "one", PORTAL_IMPORT_MAX_BYTES="100")
    missing = run("programme", "import", world.folder / "nothing.json", "--org", "one")
    folder = run("programme", "import", world.folder, "--org", "one")
    latin = world.folder / "latin.json"
    latin.write_bytes('{"event": "é"}'.encode("latin-1"))

    for result in (big, missing, folder, run("programme", "import", latin, "--org", "one")):
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: ")


def test_timezone_of_a_synced_event_changes_with_a_confirmation_alone(ready: Command, world: World) -> None:
    ready("sync", *HERE)
    moved = crowd(3)
    moved["event"]["timezone"] = "America/New_York"
    path = write(world, moved)

    refused = ready("programme", "import", path, "--org", "one")
    confirmed = ready("programme", "import", path, "--org", "one", "--confirm-timezone")

    assert (refused.exit_code, confirmed.exit_code) == (1, 0)
    assert "3 of 3 synced sessions" in refused.stderr
    assert "--confirm-timezone" in refused.stderr


def test_unknown_organisation_and_event_are_messages(ready: Command, world: World) -> None:
    nobody = ready("runs", "--org", "nobody", "--event", "1")
    named = ready("runs", "--org", "One", "--event", "1")
    nothing = ready("sync", "--org", "one", "--event", "999", "--json")
    world.add_organisation("two")
    foreign = ready("runs", "--org", "two", "--event", "4630")

    assert [each.exit_code for each in (nobody, nothing, foreign)] == [1, 1, 1]
    assert [each.stdout for each in (nobody, nothing, foreign)] == ["", "", ""]
    assert nobody.stderr.startswith("Error: There is no organisation “nobody”.")
    assert named.stderr == "Error: There is no organisation “One”. Did you mean one?\n"
    assert nothing.stderr == "Error: One has no event “999”.\n"
    assert foreign.stderr == "Error: Two has no event “4630”.\n"


def test_event_is_named_by_its_source_id_or_its_own(run: Command, world: World) -> None:
    first = world.load(make_programme([make_session(1)]))
    second = world.load(make_programme([make_session(1)], id=first.id, name="Second"))
    third = world.load(make_programme([make_session(1)], id="tëst-2027", name="Third"))

    def named(event_id: object) -> str:
        return run("runs", "--org", "one", "--event", str(event_id)).stdout

    assert named("4630") == "Small Conf has not been synced yet.\n"
    assert named(first.id) == "Second has not been synced yet.\n"  # the source's id wins
    assert named(second.id) == "Second has not been synced yet.\n"
    assert named(third.id) == named("tëst-2027") == "Third has not been synced yet.\n"


# asp connect


def test_connect_stores_the_pair_without_its_line_break(run: Command, world: World) -> None:
    result = connect(run)

    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "one is connected to ASP Events; continuous sync is off.\n",
        "",
    )
    connection = db.session.query(Connection).one()
    assert (connection.api_key, connection.continuous) == ("demo-key", False)
    assert SECRET.encode() not in connection.secret_encrypted
    assert connect(run, "--continuous", secret=f"{SECRET}\r\n").stdout.endswith("continuous sync is on.\n")
    # a new secret alone must not stop what runs by itself
    assert connect(run, secret="").stdout.endswith("continuous sync is on.\n")
    assert connect(run, "--no-continuous").stdout.endswith("continuous sync is off.\n")


def test_connect_that_fails_says_why_and_stores_nothing(run: Command, world: World) -> None:
    wrong = connect(run, secret="wr0ng-secret\n")
    nothing = connect(run, secret="\n")
    world.asp.control(down=True)
    down = connect(run)

    assert [each.exit_code for each in (wrong, nothing, down)] == [1, 1, 1]
    assert wrong.stderr == "Error: ASP Events did not accept this API key and secret. Nothing was saved.\n"
    assert nothing.stderr == "Error: Enter the API secret.\n"
    assert down.stderr.startswith("Error: ASP Events could not be reached.")
    assert db.session.query(Connection).count() == 0
    assert "wr0ng-secret" not in wrong.output


# asp map, unmap, disconnect


def test_map_says_what_it_did_and_the_same_again_changes_nothing(run: Command, world: World) -> None:
    unconnected = map_it(run)
    world.connect()
    unknown = map_it(run)
    world.load(crowd(1))
    first, second = map_it(run), map_it(run)
    other = map_it(run, SITE, SECOND_SEMINAR)

    assert (unconnected.exit_code, unknown.exit_code, other.exit_code) == (1, 1, 1)
    assert "not connected" in unconnected.stderr
    assert (first.exit_code, first.stdout, first.stderr) == (
        0,
        "Small Conf is mapped to First site, seminar 71.\n",
        "",
    )
    assert (second.exit_code, second.stdout) == (
        0,
        "Small Conf was mapped already to First site, seminar 71.\n",
    )
    assert "already" in other.stderr or "is mapped to" in other.stderr


def test_map_refuses_what_belongs_to_another(run: Command, world: World) -> None:
    world.prepare(crowd(1))
    world.load(make_programme(id=9, name="Other"))

    taken = run("asp", "map", "--org", "one", "--event", "9", "--site", SITE, "--seminar", SEMINAR)
    moved = map_it(run, FAR_SITE, FAR_SEMINAR)

    assert (taken.exit_code, moved.exit_code) == (1, 1)
    assert taken.stderr == (
        "Error: First site is already mapped with Small Conf. Remove that mapping first.\n"
    )
    assert moved.stderr == ("Error: Small Conf is already mapped to First site. Remove that mapping first.\n")


@pytest.mark.parametrize(
    ("site", "seminar", "words"),
    [
        (FOREIGN_SITE, "77", "cannot see an ASP event"),
        (SITE, "999", "ASP has no seminar “999”"),
        (SITE, FAR_SEMINAR, "belongs to another ASP event"),
    ],
)
def test_map_refuses_a_wrong_site_or_seminar(
    run: Command, world: World, site: str, seminar: str, words: str
) -> None:
    world.load(crowd(1))
    world.connect()

    result = map_it(run, site, seminar)

    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("site", "seminar", "words"),
    [(SITE, UNREADY_SEMINAR, "“sessionboard_id”"), (FAR_SITE, FAR_SEMINAR, "America/New_York")],
)
def test_what_will_stop_the_sync_is_warned_of_when_mapping(
    run: Command, world: World, site: str, seminar: str, words: str
) -> None:
    world.load(crowd(1))
    world.connect()

    result = map_it(run, site, seminar)
    stopped = run.json("sync", *HERE, status=1)
    planned = run.json("sync", *HERE, "--preview", status=1)

    assert (result.exit_code, result.stderr.startswith("Warning: ")) == (0, True)
    assert words in result.stderr
    assert (stopped["status"], stopped["writes"], planned["status"]) == ("failed", 0, "failed")
    assert words in stopped["message"]
    assert [(each["kind"], each["outcome"]) for each in stopped["problems"]] == [("run", "failed")]


def test_silent_timezone_needs_a_confirmation(run: Command, world: World) -> None:
    world.load(crowd(1))
    world.connect()

    refused = map_it(run, SILENT_SITE, SILENT_SEMINAR)
    confirmed = map_it(run, SILENT_SITE, SILENT_SEMINAR, "--confirm-timezone")

    assert (refused.exit_code, confirmed.exit_code) == (1, 0)
    assert "--confirm-timezone" in refused.stderr
    assert run.json("sync", *HERE)["status"] == "succeeded"

    db.session.scalars(db.select(Mapping)).one().timezone_confirmed_for = None
    db.session.commit()
    stopped = run("sync", *HERE)

    assert (stopped.exit_code, "confirm it under Settings" in stopped.stdout) == (1, True)
    assert "portal asp map … --confirm-timezone" in stopped.stderr


def test_b4_a_second_set_in_the_same_asp_event_needs_a_confirmation(ready: Command, world: World) -> None:
    ready("sync", *HERE)
    ready("asp", "unmap", *HERE)

    refused = map_it(ready, SITE, SECOND_SEMINAR)
    confirmed = map_it(ready, SITE, SECOND_SEMINAR, "--confirm-second-set")

    assert (refused.exit_code, refused.stdout, confirmed.exit_code) == (1, "", 0)
    assert "3 sessions of Small Conf are already in" in refused.stderr
    assert "--confirm-second-set" in refused.stderr
    assert ready.json("sync", *HERE)["sessions"]["created"] == 3
    ready("asp", "unmap", *HERE)
    assert (
        "makes them a second time" in map_it(ready, SITE, UNREADY_SEMINAR).stderr
    )  # for they stand there twice
    back = map_it(ready).stderr
    assert "3 sessions of Small Conf are already in Seminar 72 (72) of First site." in back
    assert "a second time" not in back  # each of them is there, too


def test_unmap_and_disconnect_do_it_and_nothing_when_there_is_nothing(ready: Command, world: World) -> None:
    ready("sync", *HERE)
    unmapped, nothing = ready("asp", "unmap", *HERE), ready("asp", "unmap", *HERE)
    mapped = map_it(ready)
    unsure = ready("asp", "disconnect", "--org", "one", stdin="n\n")
    silent = ready("asp", "disconnect", "--org", "one")
    sure = ready("asp", "disconnect", "--org", "one", stdin="y\n")
    gone = ready("asp", "disconnect", "--org", "one")

    assert [each.exit_code for each in (unmapped, nothing, mapped, unsure, silent, sure, gone)] == [
        0, 0, 0, 1, 1, 0, 0,
    ]  # fmt: skip
    assert nothing.stdout == "Small Conf is not mapped.\n"
    assert "3 sessions that were synced can’t be synced" in unsure.stderr
    assert unsure.stdout == ""
    assert gone.stdout == "One is not connected to ASP Events.\n"
    assert (connect(ready).exit_code, map_it(ready).exit_code) == (0, 0)
    assert ready.json("sync", *HERE)["sessions"]["skipped"] == 3
    assert ready("asp", "disconnect", "--org", "one", "--yes").exit_code == 0


# sync and runs


def test_sync_prints_the_object_of_a_run_to_the_letter(run: Command, world: World) -> None:
    world.prepare(
        make_programme(
            [make_session(1, on_it(1)), make_session(2, status="pending"), make_session(3, title="")],
            [make_contact(1), make_contact(2)],
        )
    )

    before = world.asp.stats()["requests"]

    result = run.json("sync", *HERE, status=3)

    assert list(result) == OBJECT
    assert (list(result["sessions"]), list(result["speakers"])) == (COUNTS, COUNTS)
    assert list(result["sessions"].values()) == [2, 1, 1, 0, 0, 1, 1]
    assert list(result["speakers"].values()) == [1, 1, 1, 0, 0, 1, 0]
    assert (result["run"], result["status"], result["writes"]) == (1, "partial", 2)
    assert result["requests"] == world.asp.stats()["requests"] - before
    assert type(result["seconds"]) is float
    assert result["message"] == (
        "Sync finished with problems: 1 of 2 sessions and 1 of 1 speaker were synced. "
        "Check that your sessions have all the required fields."
    )
    assert result["problems"] == [
        {
            "kind": "speaker",
            "id": contact_id(2),
            "name": "First2 Last2",
            "outcome": "skipped",
            "reason": "Not an accepted participant of a session that is synced.",
        },
        {
            "kind": "session",
            "id": session_id(2),
            "name": "Session 2",
            "outcome": "skipped",
            "reason": "Not accepted (status: pending).",
        },
        {
            "kind": "session",
            "id": session_id(3),
            "name": session_id(3),
            "outcome": "failed",
            "reason": "Title is missing. Add it on the session, then sync again.",
        },
    ]
    (listed,) = run.json("runs", *HERE)
    assert listed == result


def test_sync_that_is_refused_prints_no_object(run: Command, world: World) -> None:
    world.load(crowd(1))
    unconnected = run("sync", *HERE, "--json")
    world.connect()
    unmapped = run("sync", *HERE, "--json")
    map_it(run)
    db.session.add(
        Run(
            organisation_id=1,
            event_id=1,
            mapping_id=1,
            actor="ada@example.org",
            destination="-",
            status=RunStatus.QUEUED,
        )
    )
    db.session.commit()
    running = run("sync", *HERE, "--json")

    for result in (unconnected, unmapped, running):
        assert (result.exit_code, result.stdout) == (1, "")
    assert unconnected.stderr.startswith("Error: ASP Events is not connected.")
    assert unmapped.stderr.startswith("Error: This event is not mapped")
    assert running.stderr == (
        "Error: A sync for this event is already running (started by ada@example.org just now).\n"
    )
    assert [each["status"] for each in run.json("runs", *HERE)] == ["running"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"down": True}, "could not be reached"),
        ({"fail_rate": 1, "fail_status": 401}, "did not accept this API key and secret"),
        (
            {"fail_rate": 1, "fail_status": 404, "fail_paths": "/public/seminars"},
            "seminar is no longer there",
        ),
        ({"fail_rate": 1, "fail_status": 403, "fail_paths": "/public/s"}, "403"),
    ],
)
def test_sync_that_is_stopped_prints_its_object_and_the_cause(
    ready: Command, world: World, fault: dict[str, Any], words: str
) -> None:
    world.asp.control(**fault)

    stopped = ready.json("sync", *HERE, status=1)
    planned = ready.json("sync", *HERE, "--preview", status=1)

    assert (stopped["status"], planned["status"], planned["run"]) == ("failed", "failed", None)
    assert words in stopped["message"]
    assert words in planned["message"]
    assert list(stopped) == OBJECT
    assert list(planned) == [*OBJECT, "changes"]
    assert [(each["kind"], each["outcome"]) for each in stopped["problems"]] == [("run", "failed")]


def test_sync_in_words(ready: Command, world: World) -> None:
    first = ready("sync", *HERE)
    listed = ready("runs", *HERE)

    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == (
        "Sync complete: your data has been synced to ASP Events (3 sessions, 3 speakers). "
        "The website can take up to 15 minutes to show changes.\n"
    )
    assert "succeeded\tcommand line" in listed.stdout


def test_preview_lists_changes_before_and_after_and_writes_nothing(ready: Command, world: World) -> None:
    fresh = ready.json("sync", *HERE, "--preview")
    ready("sync", *HERE)
    changed = crowd(4)
    changed["sessions"][0] |= {"title": "Changed", "room": {"id": "r9", "name": "Great hall"}}
    changed["sessions"][1]["status"] = "declined"
    world.load(changed)
    writes = world.asp.stats()["writes"]

    result = ready.json("sync", *HERE, "--preview")
    words = ready("sync", *HERE, "--preview")

    assert (fresh["status"], fresh["writes"], len(fresh["changes"])) == ("preview", 0, 6)
    assert list(result) == [*OBJECT, "changes"]
    assert (result["run"], result["status"], result["writes"]) == (None, "preview", 0)
    assert list(result["sessions"].values()) == [3, 3, 1, 1, 1, 1, 0]
    assert [(each["kind"], each["id"], each["outcome"]) for each in result["changes"]] == [
        ("speaker", contact_id(4), "created"),
        ("session", session_id(1), "updated"),
        ("session", session_id(4), "created"),
    ]
    assert result["changes"][1] == {
        "kind": "session",
        "id": session_id(1),
        "name": "Changed",
        "outcome": "updated",
        "fields": {"Title": ["Session 1", "Changed"], "Location": ["Room 1", "Great hall"]},
    }
    assert result["changes"][2]["fields"]["Title"] == [None, "Session 4"]
    assert world.asp.stats()["writes"] == writes
    assert (words.exit_code, "Title: 'Session 1' → 'Changed'" in words.stdout) == (0, True)
    assert len(ready.json("runs", *HERE)) == 1


def test_runs_are_listed_newest_first(ready: Command) -> None:
    for _ in range(3):
        ready("sync", *HERE)

    listed = ready.json("runs", *HERE)

    assert [each["run"] for each in listed] == [3, 2, 1]
    assert [each["writes"] for each in listed] == [0, 0, listed[2]["writes"]]


def test_enqueue_without_a_queue_is_a_message_and_leaves_no_lock(ready: Command) -> None:
    result = ready("sync", *HERE, "--enqueue")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The queue cannot be reached")
    assert ready("sync", *HERE).exit_code == 0
    assert ready("sync", *HERE, "--enqueue", "--preview").exit_code == 2


# As a process


def test_command_as_a_process_keeps_streams_apart(ready: Command) -> None:
    process = ready.process("sync", *HERE, "--json")
    stdout, stderr = process.communicate(timeout=120)

    assert (process.returncode, stderr) == (0, "")
    assert json.loads(stdout)["status"] == "succeeded"


def test_closed_pipe_ends_without_a_traceback(ready: Command) -> None:
    process = ready.process("sync", *HERE, "--json", text=False)
    assert process.stdout is not None
    process.stdout.close()
    _, stderr = process.communicate(timeout=120)

    assert (process.returncode, stderr) == (0, b"")
    assert [each["status"] for each in ready.json("runs", *HERE)] == ["succeeded"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_e15_signal_ends_the_run_after_the_records_in_hand(
    ready: Command, world: World, number: signal.Signals
) -> None:
    world.load(crowd(40))
    world.asp.control(latency_ms=200)
    process = ready.process("sync", *HERE, "--json")
    wait_until(world.has("sessions", 3))
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=120)

    written = {each["Uuid"] for each in world.records("sessions")}
    ended = json.loads(stdout)
    assert (process.returncode, ended["status"]) == (1, "cancelled")
    assert 3 <= ended["sessions"]["created"] == len(written) < 40
    assert stderr == "Ending after the records in hand; once more ends it at once.\n"
    assert {link.asp_uuid for link in world.links("session").values()} == written
    world.asp.control(latency_ms=0)
    assert ready.json("sync", *HERE)["status"] == "succeeded"
    world.assert_each_once(40, 40)


def test_second_signal_ends_the_command_without_a_traceback(ready: Command, world: World) -> None:
    world.asp.control(hang_s=20, fail_paths="POST /public/speakers")
    process = ready.process("sync", *HERE, "--json")
    wait_until(world.has("speakers", 1))
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Ending after the records in hand")
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=120)

    assert (process.returncode, stderr) == (-signal.SIGTERM, "")
    assert ready.json("runs", *HERE)[0]["status"] == "interrupted"


def test_progress_is_shown_on_a_terminal_alone(ready: Command, world: World) -> None:
    world.load(crowd(20))
    world.asp.control(latency_ms=120)
    ours, theirs = pty.openpty()
    process = ready.process("sync", *HERE, "--json", stderr=theirs)
    os.close(theirs)
    stdout, _ = process.communicate(timeout=120)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)

    assert json.loads(stdout)["status"] == "succeeded"
    assert "Sessions" in shown
    assert " of 20" in shown


def test_what_failed_is_printed_before_what_was_skipped(run: Command, world: World) -> None:
    programme = crowd(3)
    programme["sessions"][0]["status"] = "pending"
    programme["sessions"][2]["client_session_id"] = None
    world.prepare(programme)

    told = [line.split()[:2] for line in run("sync", *HERE).stdout.splitlines() if line.startswith("  ")]

    assert told[0] == ["failed", "session"]
    assert {outcome for outcome, _ in told[1:]} == {"skipped"}
