"""`portal readiness` says what the agenda says (E9)."""

from datetime import UTC, datetime

from command import Command
from sqlalchemy import select
from sync_world import World, crowd, session_id

from portal.models import Connection, db

HERE = ("--org", "one", "--event", "4630")


def test_e9_what_would_fail_is_told_and_ends_with_3(run: Command, world: World) -> None:
    programme = crowd(3)
    programme["sessions"][1]["client_session_id"] = None
    world.prepare(programme)

    found = run.json("readiness", *HERE, status=3)

    assert (found["obstacles"], found["accepted"], found["ready"]) == ([], 3, 2)
    assert found["states"] == {"waiting": 2, "failed": 1}
    failed = [each for each in found["problems"] if each["outcome"] == "failed"]
    assert [(each["id"], each["kind"]) for each in failed] == [(session_id(2), "session")]
    assert "1 × failed session: Client Session ID is missing." in run("readiness", *HERE).stdout


def test_e9_what_keeps_a_sync_from_starting_ends_with_1(run: Command, world: World) -> None:
    world.prepare(crowd(3))
    db.session.scalars(select(Connection)).one().rejected_at = datetime.now(UTC)
    db.session.commit()

    said = run("readiness", *HERE)

    assert said.exit_code == 1
    assert "can't start: ASP Events rejects the API key and secret. Enter them again." in said.stdout
    assert "3 of 3 accepted sessions are ready to sync." in said.stdout


def test_e9_a_portal_where_all_is_ready_ends_with_0(run: Command, world: World) -> None:
    world.prepare(crowd(3))

    assert run("readiness", *HERE).exit_code == 0
