"""Two entries that were made one person: what becomes of their records in ASP (H3, D9, D13, E11)."""

import pytest
from sqlalchemy import select
from sync_world import World, contact_id, make_contact, make_programme, make_session, on_it, session_id

from portal.errors import Refused
from portal.models import Contact, Event, Session, db
from portal.operations.editing.saving import editing
from portal.operations.editing.session_fields import write_fields
from portal.operations.editing.undoing import undo_change
from portal.operations.editing.uniting import pair_up, unite, what_becomes_of_both
from portal.operations.queries.drafts import draft_of_person, draft_of_session
from portal.operations.syncing.runs import request_run


def person(event: Event, number: int) -> Contact:
    ours = (Contact.event_id == event.id, Contact.source_id == contact_id(number))
    return db.session.scalars(select(Contact).where(*ours)).one()


def two_on_sessions(status: str = "accepted") -> dict[str, object]:
    """Person 1 on session 1, person 2 on session 2 with this acceptance."""
    people = [make_contact(number, last_name="Same", first_name="Ada") for number in (1, 2)]
    return make_programme([make_session(1, on_it(1)), make_session(2, on_it(2, status=status))], people)


def make_one(event: Event, first: int, second: int, theirs: tuple[str, ...] = ()) -> str:
    pair = pair_up(person(event, first), person(event, second))
    return unite(pair, pair.mark, theirs, "tester").stays.source_id


def test_d13_the_entry_that_is_in_asp_goes_on_with_what_was_chosen(world: World) -> None:
    event = world.prepare(two_on_sessions("pending"))
    world.sync(event)
    (record,) = world.records("speakers")
    pair = pair_up(person(event, 2), person(event, 1))

    told = what_becomes_of_both(pair)
    stays = make_one(event, 2, 1)
    run = world.sync(event)

    assert "“Ada Same” has a record in ASP. It goes on" in " ".join(told)
    assert stays == contact_id(1)
    assert (run.status, run.counts["speakers"]["created"]) == ("succeeded", 0)
    (after,) = world.records("speakers")
    assert (after["Uuid"], after["Email"]) == (record["Uuid"], "person2@example.org")
    assert [world.session(number)["Speakers"] for number in (1,)] == [[record["Uuid"]]]
    assert world.sync(event).writes == 0


def test_d9_of_two_records_in_asp_one_goes_on_and_none_is_deleted(world: World) -> None:
    event = world.prepare(two_on_sessions())
    world.sync(event)
    before = {each["Email"]: each["Uuid"] for each in world.records("speakers")}

    told = what_becomes_of_both(pair_up(person(event, 1), person(event, 2)))
    make_one(event, 1, 2)
    world.sync(event)

    assert "Both have a record in ASP" in " ".join(told)
    assert {each["Email"]: each["Uuid"] for each in world.records("speakers")} == before
    stays = [before["person1@example.org"]]
    assert [world.session(number)["Speakers"] for number in (1, 2)] == [stays, stays]
    assert world.sync(event).writes == 0


def test_d13_of_two_records_that_with_the_kept_address_goes_on(world: World) -> None:
    event = world.prepare(two_on_sessions())
    world.sync(event)
    before = {each["Email"]: each["Uuid"] for each in world.records("speakers")}
    world.mapping(event).unpublish_speakers = True
    db.session.commit()

    make_one(event, 1, 2, theirs=("email",))
    run = world.sync(event)

    assert (run.status, run.counts["speakers"]["created"]) == ("succeeded", 0)
    goes_on = before["person2@example.org"]
    assert [world.session(number)["Speakers"] for number in (1, 2)] == [[goes_on], [goes_on]]
    published = {each["Uuid"]: each["isActive"] for each in world.records("speakers")}
    assert published == {goes_on: True, before["person1@example.org"]: False}
    assert world.sync(event).writes == 0


def test_h3_a_later_file_that_has_both_leaves_them_one(world: World) -> None:
    event = world.prepare(two_on_sessions("pending"))
    world.sync(event)
    make_one(event, 2, 1)
    world.sync(event)

    world.load(two_on_sessions("pending"))
    run = world.sync(event)

    assert run.status == "succeeded"
    (record,) = world.records("speakers")
    assert (record["Email"], world.session(1)["Speakers"]) == ("person2@example.org", [record["Uuid"]])
    assert run.writes == 0


def test_h3_who_was_made_one_is_two_again_with_values_and_sessions(world: World) -> None:
    event = world.prepare(two_on_sessions())
    before = [draft_of_person(person(event, number)) for number in (1, 2)]
    pair = pair_up(person(event, 1), person(event, 2))
    change = unite(pair, pair.mark, ("email",), "tester").change
    world.sync(event)
    assert [each["Email"] for each in world.records("speakers")] == ["person2@example.org"]

    assert undo_change(change, "tester") == (3, 0)
    run = world.sync(event)

    assert [draft_of_person(person(event, number)) for number in (1, 2)] == before
    assert run.status == "succeeded"
    there = {each["Email"]: each["Uuid"] for each in world.records("speakers")}
    assert there.keys() == {"person1@example.org", "person2@example.org"}
    assert [world.session(number)["Speakers"] for number in (1, 2)] == [
        [there["person1@example.org"]],
        [there["person2@example.org"]],
    ]
    assert world.sync(event).writes == 0


def test_h3_undoing_a_merge_leaves_what_was_changed_since_and_what_a_file_brought_back(world: World) -> None:
    event = world.prepare(two_on_sessions())
    world.sync(event)  # both are in ASP: neither entry goes
    pair = pair_up(person(event, 1), person(event, 2))
    change = unite(pair, pair.mark, (), "tester").change
    session = db.session.scalars(select(Session).where(Session.source_id == session_id(2))).one()
    with editing(event):
        write_fields(event, session, {"people": []}, "somebody")

    assert undo_change(change, "tester") == (0, 1)
    assert draft_of_session(session, ("people",))["people"] == []
    with pytest.raises(Refused, match="undone already"):
        undo_change(change, "tester")


def test_h3_a_merge_is_not_undone_while_a_sync_runs(world: World) -> None:
    event = world.prepare(two_on_sessions())
    pair = pair_up(person(event, 1), person(event, 2))
    change = unite(pair, pair.mark, (), "tester").change
    request_run(world.mapping(event), "tester")

    with pytest.raises(Refused, match="A sync of this event is running"):
        undo_change(change, "tester")
