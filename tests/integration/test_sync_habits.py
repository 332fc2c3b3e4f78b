"""What real servers do, and what stands before and behind them: a run says what happened to which record (E10)."""

import pytest
from sync_world import World, crowd, make_contact, make_programme, make_session, on_it

from portal.models import Connection, Outcome, db

ATTACK = "<script>alert(1)</script>: what to do about it"
PARTY = "We celebrate 🎉 and 🎈"


def test_d16_server_that_names_one_wrong_field_at_a_time_is_asked_until_it_takes_the_rest(
    world: World,
) -> None:
    contact = make_contact(
        1,
        website_url="https://intranet/",
        facebook_url="https://wiki/",
        linkedin_url="https://hr/",
        title="Cook",
    )
    event = world.prepare(make_programme([make_session(1, on_it(1))], [contact]))
    world.asp.control(one_problem=True)

    run = world.sync(event)

    assert (run.status, run.counts["speakers"]["created"]) == ("succeeded", 1)
    speaker = world.speaker(1)
    assert (speaker["JobTitle"], speaker["Website"], speaker["FacebookUrl"]) == ("Cook", "", "")
    assert world.session(1)["Speakers"] == [speaker["Uuid"]]
    warnings = [str(each) for each in world.reasons(run, Outcome.WARNING, "speaker")]
    assert [warning.split(":")[0] for warning in warnings] == [
        "ASP refused Website",
        "ASP refused FacebookUrl",
        "ASP refused LinkedInUrl",
    ]
    assert world.writes_of(lambda: world.sync(event)) == 0


def test_d16_required_field_named_last_fails_the_record(world: World) -> None:
    contact = make_contact(1, website_url="https://intranet/", email="no address")
    event = world.prepare(make_programme([make_session(1, on_it(1))], [contact]))
    world.asp.control(one_problem=True)

    run = world.sync(event)

    assert run.counts["speakers"]["failed"] == 1
    assert world.records("speakers") == []
    assert "Email must be an e-mail address" in str(world.reasons(run, Outcome.FAILED, "speaker"))


@pytest.mark.parametrize("status", [403, 406, 413])
def test_e10_record_that_a_firewall_stops_fails_alone_and_says_so(world: World, status: int) -> None:
    programme = crowd(4)
    programme["sessions"][1]["title"] = ATTACK
    event = world.prepare(programme)
    world.asp.control(firewall_status=status)

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["created"], run.counts["sessions"]["failed"]) == (
        "partial",
        3,
        1,
    )
    (reason,) = world.reasons(run, Outcome.FAILED)
    assert f"firewall or proxy in front of ASP Events refused this ({status})" in str(reason)
    assert "portal’s address" in str(reason)
    assert db.session.query(Connection).one().rejected_at is None
    world.asp.control(firewall_status=0)
    assert world.sync(event).status == "succeeded"
    world.assert_each_once(4, 4)


def test_e10_update_that_a_firewall_stops_leaves_the_record_as_it_was(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    changed = crowd(2)
    changed["sessions"][0]["title"] = ATTACK
    changed["sessions"][1]["title"] = "Changed"
    world.load(changed)
    world.asp.control(firewall_status=403)

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["updated"]) == ("partial", 1)
    assert (world.session(1)["Title"], world.session(2)["Title"]) == ("Session 1", "Changed")


@pytest.mark.parametrize("kind", ["session", "speaker"])
def test_e10_text_that_asp_cannot_keep_is_named_and_never_changed(world: World, kind: str) -> None:
    programme = crowd(3)
    if kind == "session":
        programme["sessions"][1]["title"] = PARTY
    else:
        programme["contacts"][1]["about"] = PARTY
    event = world.prepare(programme)
    world.asp.control(utf8mb3=True)

    run = world.sync(event)

    assert (run.status, run.counts[f"{kind}s"]["created"], run.counts[f"{kind}s"]["failed"]) == (
        "partial",
        2,
        1,
    )
    (reason,) = world.reasons(run, Outcome.FAILED)
    slug = "Title" if kind == "session" else "Biography"
    assert "error 500" in str(reason)
    assert f"database cannot keep: “🎉”, “🎈” in {slug}" in str(reason)
    world.asp.control(utf8mb3=False)
    assert world.sync(event).status == "succeeded"
    stored = world.session(2) if kind == "session" else world.speaker(2)
    assert PARTY in stored[slug]
    world.assert_each_once(3, 3)


def test_e10_room_that_asp_cannot_keep_is_named(world: World) -> None:
    sessions = [make_session(1, room={"id": "r1", "name": "Room 🎉"})]
    event = world.prepare(make_programme(sessions))
    world.asp.control(utf8mb3=True)

    run = world.sync(event)

    assert run.counts["sessions"]["created"] == 1
    assert "“🎉” in Name" in str(world.reasons(run, Outcome.WARNING))


def test_e12_error_of_asp_that_nothing_explains_is_told_as_it_came(world: World) -> None:
    event = world.prepare(crowd(2))
    world.asp.control(fail_rate=1, fail_status=507, fail_paths="POST /public/speakers")

    run = world.sync(event)

    assert run.status == "partial"
    assert (
        world.reasons(run, Outcome.FAILED)
        == ["ASP failed each time (error 507) for this record; sync again later."] * 2
    )
