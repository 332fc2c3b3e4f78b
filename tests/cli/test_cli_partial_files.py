"""A file that says only what has changed (H2): what it does not mention stays."""

import json
from typing import Any

import pytest
from command import Command
from sync_world import World, contact_id, crowd, make_session, on_it, session_id


@pytest.fixture
def imported(run: Command, world: World) -> Command:
    world.load(crowd(3))
    return run


def give(run: Command, world: World, programme: dict[str, Any], status: int = 0) -> Any:
    path = world.folder / "partial.json"
    path.write_text(json.dumps(programme), encoding="utf-8")
    if status:
        return run("programme", "import", path, "--org", "one", "--json")
    return run.json("programme", "import", path, "--org", "one")


def exported(run: Command) -> Any:
    return json.loads(
        run("programme", "export", "--org", "one", "--event", "4630", "--format", "json").stdout
    )


def test_h2_known_event_needs_neither_name_nor_timezone_nor_contacts(imported: Command, world: World) -> None:
    before = exported(imported)
    session = {"id": session_id(1), "participants": [on_it(3), on_it(1)], "title": "Another title"}

    stored = give(imported, world, {"event": {"id": 4630}, "sessions": [session]})

    after = exported(imported)
    assert stored == {
        "event": 4630,
        "sessions": {"created": 0, "updated": 1, "unchanged": 0, "missing": 2},
        "contacts": {"created": 0, "updated": 0, "unchanged": 0, "missing": 3},
    }
    assert (after["event"], after["contacts"]) == (before["event"], before["contacts"])
    assert [each["contact_id"] for each in after["sessions"][0]["participants"]] == [
        contact_id(3),
        contact_id(1),
    ]
    assert after["sessions"][1:] == before["sessions"][1:]


def test_h2_event_that_is_new_needs_them(run: Command, world: World) -> None:
    refused = give(run, world, {"event": {"id": 4630}, "sessions": [make_session(1, on_it(1))]}, status=1)

    assert (refused.exit_code, refused.stdout) == (1, "")
    for place in ("event.name", "event.timezone", "sessions[0].participants[0].contact_id"):
        assert place in refused.stderr


def test_h2_name_that_is_emptied_is_missing_all_the_same(imported: Command, world: World) -> None:
    refused = give(imported, world, {"event": {"id": 4630, "name": ""}, "sessions": []}, status=1)

    assert "event.name: missing" in refused.stderr


def test_i1_what_another_organisation_has_is_not_known(run: Command, world: World) -> None:
    world.load(crowd(3), world.add_organisation("two"))

    refused = give(run, world, {"event": {"id": 4630}, "sessions": []}, status=1)

    assert "event.timezone: missing" in refused.stderr
