"""What the agenda says before a sync (E9)."""

from sqlalchemy import select
from sync_world import World, contact_id, crowd, make_contact, make_programme, make_session, on_it, session_id

from portal.models import Contact, db
from portal.operations.connection.connecting import disconnect_asp
from portal.operations.editing.people import save_person
from portal.operations.mapping.unmapping import remove_mapping
from portal.sync.planning.standing import Standing, SyncState
from portal.sync.running.readiness import assess


def test_e9_a_session_that_would_fail_says_so_and_does_not_count_as_ready(world: World) -> None:
    programme = make_programme(
        [make_session(1, on_it(1)), make_session(2, on_it(2), client_session_id=None)],
        [make_contact(1), make_contact(2)],
    )

    readiness = assess(world.prepare(programme))

    assert (readiness.accepted, readiness.ready) == (2, 1)
    assert readiness.states[session_id(1)].standing is Standing.WAITING
    assert readiness.states[session_id(2)].standing is Standing.FAILED
    assert "Client Session ID is missing" in (readiness.states[session_id(2)].reason or "")
    assert [(each.kind, each.source_id, each.outcome) for each in readiness.problems] == [
        ("session", session_id(2), "failed"),
        ("speaker", contact_id(2), "skipped"),
    ]


def test_e9_a_synced_session_is_in_step_until_it_changes(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    assert {state.standing for state in assess(event).states.values()} == {Standing.IN_SYNC}
    programme = crowd(2)
    programme["sessions"][0]["title"] = "Another title"
    programme["sessions"][1]["status"] = "declined"

    readiness = assess(world.load(programme))

    assert readiness.states[session_id(1)].standing is Standing.CHANGED
    assert readiness.states[session_id(2)].standing is Standing.LEFT


def test_e9_who_asp_did_not_take_has_failed_until_they_are_changed_or_taken(world: World) -> None:
    event = world.prepare(crowd(2))
    world.asp.control(fail_rate=1, fail_status=422, fail_paths="POST /public/speakers")
    world.sync(event)
    failed = assess(event).people
    person = db.session.scalars(select(Contact).where(Contact.source_id == contact_id(1))).one()
    save_person(person, {"first_name": "Another"}, {}, "tester")

    changed = assess(event).people
    told = crowd(2)  # by a file that says no other time of change
    told["contacts"][1]["last_name"] = "Another"
    brought = assess(world.load(told)).people
    world.asp.control(fail_rate=0, fail_paths="")
    world.sync(event)

    state = SyncState(Standing.FAILED, "ASP refused it: asp-local was told to fail.")
    assert failed == {contact_id(1): state, contact_id(2): state}
    assert changed == {contact_id(1): SyncState(Standing.WAITING), contact_id(2): state}
    assert {each.standing for each in brought.values()} == {Standing.WAITING}
    assert {each.standing for each in assess(event).people.values()} == {Standing.IN_SYNC}


def test_e9_what_was_synced_through_a_mapping_that_is_gone_is_not_synced_any_more(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    remove_mapping(world.mapping(event), "tester")

    readiness = assess(world.load(crowd(3)))

    states = [readiness.states[session_id(number)].standing for number in (1, 2, 3)]
    people = [readiness.people[contact_id(number)].standing for number in (1, 2, 3)]
    assert states == people == [Standing.NO_LONGER_MAPPED, Standing.NO_LONGER_MAPPED, Standing.NEVER_SENT]


def test_f3_i1_what_a_disconnect_froze_is_frozen_in_its_own_organisation_alone(world: World) -> None:
    world.sync(world.prepare(crowd(1)))
    disconnect_asp(world.organisation, "tester")
    other = world.load(crowd(1), world.add_organisation("two"))

    ours, theirs = assess(world.load(crowd(1))), assess(other)

    assert ours.states[session_id(1)].standing is Standing.FROZEN
    assert theirs.states[session_id(1)].standing is Standing.NEVER_SENT
