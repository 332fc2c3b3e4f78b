"""What scripts ask of a mapping: D12's answer, its settings, its fields."""

import pytest
from command import Command
from sync_world import World, crowd

from portal.models import db

HERE = ("--org", "one", "--event", "4630")


@pytest.fixture
def ready(run: Command, world: World) -> Command:
    """Imported, connected and mapped."""
    world.prepare(crowd(3))
    return run


# D12


def test_d12_approval_is_given_for_one_run_alone(ready: Command, world: World) -> None:
    ready("sync", *HERE)
    programme = crowd(3)
    for session in programme["sessions"]:
        session["status"] = "declined"
    mapping = world.mapping(world.load(programme))
    mapping.unpublish_sessions = mapping.unpublish_speakers = True
    db.session.commit()

    asked = ready.json("sync", *HERE, "--preview")
    allowed = ready.json("sync", *HERE, "--preview", "--approve-unpublishing", "6")
    withheld = ready.json("sync", *HERE, "--approve-unpublishing", "5", status=3)
    again = ready.json("sync", *HERE, status=3)
    given = ready.json("sync", *HERE, "--approve-unpublishing", "6")

    assert [(each["status"], each["withheld"], each["writes"]) for each in (withheld, again, given)] == [
        ("partial", 6, 0),
        ("partial", 6, 0),
        ("succeeded", 0, 6),
    ]
    assert (asked["withheld"], allowed["withheld"]) == (6, 0)
    assert withheld["sessions"]["skipped"] == withheld["speakers"]["skipped"] == 3
    assert "would be unpublished in ASP" in withheld["problems"][0]["reason"]


def test_d12_the_words_say_how_to_approve(ready: Command, world: World) -> None:
    ready("sync", *HERE)
    programme = crowd(3)
    for session in programme["sessions"]:
        session["status"] = "declined"
    mapping = world.mapping(world.load(programme))
    mapping.unpublish_sessions = mapping.unpublish_speakers = True
    db.session.commit()

    result = ready("sync", *HERE)

    assert result.stderr == "To unpublish them: portal sync … --approve-unpublishing 6\n"
    assert ready("sync", *HERE, "--approve-unpublishing", "-1").exit_code == 2
