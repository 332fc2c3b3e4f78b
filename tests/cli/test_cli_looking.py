"""Looking into ASP without writing: what was changed or deleted there."""

import pytest
from command import Command
from sync_world import World, contact_id, crowd, session_id

HERE = ("--org", "one", "--event", "4630")


@pytest.fixture
def synced(run: Command, world: World) -> Command:
    """Three sessions with a speaker each, in ASP."""
    world.sync(world.prepare(crowd(3)))
    return run


def test_nothing_differs_after_a_sync(synced: Command, world: World) -> None:
    writes = world.writes_of(lambda: synced.json("asp", "drift", *HERE))

    assert writes == 0
    assert synced.json("asp", "drift", *HERE) == {"checked": 6, "drift": 0, "records": []}


def test_i3_what_was_changed_or_deleted_in_asp_is_told_field_by_field(synced: Command, world: World) -> None:
    world.edit("sessions", world.session(1)["Uuid"], Title="A title of an editor")
    world.remove("speakers", world.speaker(2)["Uuid"])

    report = synced.json("asp", "drift", *HERE, status=3)

    assert (report["checked"], report["drift"]) == (6, 2)
    changed, deleted = report["records"]
    assert changed == {
        "kind": "session",
        "id": session_id(1),
        "name": "Session 1",
        "state": "changed",
        "fields": {"Title": ["Session 1", "A title of an editor"]},
    }
    assert deleted == {
        "kind": "speaker",
        "id": contact_id(2),
        "name": "First2 Last2",
        "state": "deleted",
        "fields": {},
    }


def test_fields_that_the_portal_never_sent_are_no_drift(synced: Command, world: World) -> None:
    world.edit("speakers", world.speaker(1)["Uuid"], Company="Typed in ASP")

    assert synced.json("asp", "drift", *HERE)["drift"] == 0


def test_an_asp_that_cannot_be_read_is_no_report(synced: Command, world: World) -> None:
    world.asp.control(fail_rate=1, fail_status=403)

    refused = synced("asp", "drift", *HERE, "--json")

    assert (refused.exit_code, refused.stdout) == (1, "")
