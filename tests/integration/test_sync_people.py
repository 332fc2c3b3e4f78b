"""People whose addresses and entries change places (D13, D14), and records of theirs that are gone (E13)."""

from typing import Any

import pytest
from sync_world import World, contact_id, make_contact, make_programme, make_session, on_it

from portal.models import Outcome


def each_on_a_session(*contacts: dict[str, Any]) -> dict[str, Any]:
    return make_programme([make_session(n, on_it(n)) for n in range(1, len(contacts) + 1)], contacts)


def person(number: int, email: str, **fields: Any) -> dict[str, Any]:
    return make_contact(number, email=f"{email}@example.org", **fields)


def addresses(world: World) -> dict[str, str]:
    return {each["FirstName"]: each["Email"].partition("@")[0] for each in world.records("speakers")}


def uuids(world: World) -> dict[str, str]:
    return {each["FirstName"]: each["Uuid"] for each in world.records("speakers")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ab", "ba"),
        ("abc", "bca"),
        ("abc", "cab"),
        ("abcd", "badc"),  # two circles
        ("abcde", "bacxd"),  # a circle, somebody who stays, and one who takes what another gives up
    ],
)
@pytest.mark.parametrize("loss", [0, 0.4])
def test_d14_people_who_exchange_their_addresses_keep_their_records(
    world: World, before: str, after: str, loss: float
) -> None:
    event = world.prepare(each_on_a_session(*[person(n, mail) for n, mail in enumerate(before, 1)]))
    world.sync(event)
    records = uuids(world)
    world.load(each_on_a_session(*[person(n, mail) for n, mail in enumerate(after, 1)]))
    world.asp.control(drop_after_commit_rate=loss)

    run = world.sync(event)

    moved = sum(one != other for one, other in zip(before, after, strict=True))
    assert (run.status, run.counts["speakers"]["updated"]) == ("succeeded", moved)
    assert addresses(world) == {f"First{n}": mail for n, mail in enumerate(after, 1)}
    assert uuids(world) == records
    world.asp.control(drop_after_commit_rate=0)
    assert world.sync(event).writes == 0


def test_d14_exchange_that_fails_for_one_leaves_the_other_with_the_former_address(world: World) -> None:
    event = world.prepare(each_on_a_session(person(1, "a"), person(2, "b")))
    world.sync(event)
    world.load(each_on_a_session(person(1, "b"), person(2, "a", title="<script>")))
    world.asp.control(firewall_status=403)

    run = world.sync(event)

    assert (run.status, run.counts["speakers"]["failed"]) == ("partial", 2)
    assert all(world.reasons(run, Outcome.FAILED, "speaker"))
    assert addresses(world) == {"First1": "a", "First2": "b"}
    world.asp.control(firewall_status=0)
    assert world.sync(event).status == "succeeded"
    assert addresses(world) == {"First1": "b", "First2": "a"}


def test_d14_exchange_of_which_half_was_written_says_so_and_is_finished_later(world: World) -> None:
    event = world.prepare(each_on_a_session(person(1, "a"), person(2, "b")))
    world.sync(event)
    world.load(each_on_a_session(person(1, "b", title="<script>"), person(2, "a")))
    world.asp.control(firewall_status=403)

    run = world.sync(event)

    assert (run.status, run.counts["speakers"]["failed"]) == ("partial", 1)
    assert addresses(world) == {"First1": contact_id(1), "First2": "a"}
    assert any(
        "moving.invalid until this is put right" in str(each) for each in world.reasons(run, Outcome.WARNING)
    )
    world.asp.control(firewall_status=0)
    assert world.sync(event).status == "succeeded"
    assert addresses(world) == {"First1": "b", "First2": "a"}


def test_d14_exchange_with_somebody_whose_record_was_deleted_goes_on(world: World) -> None:
    event = world.prepare(each_on_a_session(person(1, "a"), person(2, "b")))
    world.sync(event)
    world.remove("speakers", uuids(world)["First1"])
    world.load(each_on_a_session(person(1, "b"), person(2, "a")))

    run = world.sync(event)

    assert run.status == "partial"  # E13: whoever was deleted by hand is not made again
    assert addresses(world) == {"First2": "a"}


def test_d13_entries_of_one_person_swap_their_records_and_nobody_gets_their_photo(world: World) -> None:
    bob = {"first_name": "Bob", "last_name": "Moe"}
    first = bob | {"photo_url": "https://example.org/bob.jpg", "about": "<p>Bob is a man.</p>"}
    newest = "2026-05-01T00:00:00Z"
    event = world.prepare(
        each_on_a_session(person(1, "desk", updated_at=newest, **first), person(2, "new", **bob))
    )
    world.sync(event)
    records = {link.key: link.asp_uuid for link in world.links("speaker").values()}
    ann = person(3, "desk", first_name="Ann", last_name="Lee")
    programme = each_on_a_session(person(1, "new", updated_at=newest, **first), person(2, "new", **bob), ann)
    world.load(programme)

    runs = [world.sync(event) for _ in range(3)]

    assert [run.counts["speakers"]["failed"] for run in runs] == [1, 1, 1]
    assert "Another speaker of this ASP event has this e-mail address" in str(
        world.reasons(runs[-1], Outcome.FAILED)
    )
    assert {link.key: link.asp_uuid for link in world.links("speaker").values()} == {
        contact_id(1): records[contact_id(2)],
        contact_id(2): records[contact_id(1)],
    }
    assert {(each["FirstName"], each["Email"]) for each in world.records("speakers")} == {
        ("Bob", "new@example.org"),
        ("Bob", "desk@example.org"),
    }


def test_d13_address_is_free_again_once_its_holder_has_another_and_the_record_is_removed(
    world: World,
) -> None:
    event = world.prepare(make_programme([make_session(1, on_it(1))], [person(1, "shared")]))
    world.sync(event)
    on_stage = [make_session(1, on_it(1, status="declined"), on_it(2))]
    world.load(make_programme(on_stage, [person(1, "shared"), person(2, "shared")]))
    refused = world.sync(event)
    world.load(make_programme(on_stage, [person(1, "other"), person(2, "shared")]))
    world.remove("speakers", uuids(world)["First1"])

    run = world.sync(event)

    assert refused.counts["speakers"]["failed"] == 1
    assert "First1 Last1" in str(world.reasons(refused, Outcome.FAILED))
    assert (run.status, run.counts["speakers"]["created"]) == ("succeeded", 1)
    assert world.session(1)["Speakers"] == [uuids(world)["First2"]]


def test_d7_session_says_which_of_its_people_turned_out_to_be_deleted(world: World) -> None:
    def programme(company: str) -> dict[str, Any]:
        people = [make_contact(1, company_name=company), make_contact(2)]
        return make_programme([make_session(1, on_it(1), on_it(2))], people)

    event = world.prepare(programme("Old"))
    world.sync(event)
    world.remove("speakers", uuids(world)["First1"])
    world.load(programme("New"))

    run = world.sync(event)

    assert world.session(1)["Speakers"] == [uuids(world)["First2"]]
    assert world.reasons(run, Outcome.WARNING, "session") == [
        "Synced without First1 Last1, who could not be synced."
    ]


def test_e13_speaker_deleted_by_hand_costs_their_sessions_nothing_later(world: World) -> None:
    def programme(*numbers: int) -> dict[str, Any]:
        people = [on_it(number) for number in numbers]
        return make_programme(
            [make_session(n, *people) for n in range(1, 6)], [make_contact(n) for n in (1, 2, 3)]
        )

    event = world.prepare(programme(1, 2))
    world.sync(event)
    world.remove("speakers", uuids(world)["First1"])
    world.load(programme(1, 2, 3))
    world.sync(event)

    later = [world.sync(event) for _ in range(2)]

    assert [run.counts["sessions"]["unchanged"] for run in later] == [5, 5]
    assert [(run.status, run.writes <= 1) for run in later] == [("partial", True)] * 2
    everybody = uuids(world)
    assert all(
        each["Speakers"] == [everybody["First2"], everybody["First3"]] for each in world.records("sessions")
    )
