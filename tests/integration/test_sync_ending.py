"""Runs that are cancelled, unmapped or disconnected, and what follows (E6, E15, F)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sync_world import (
    FAR_SEMINAR,
    FAR_SITE,
    SECOND_SEMINAR,
    SECRET,
    SEED,
    SEMINAR,
    SITE,
    World,
    contact_id,
    crowd,
    make_contact,
    make_programme,
    make_session,
    on_it,
    session_id,
)

from portal.errors import Refused
from portal.models import (
    Connection,
    Event,
    Flash,
    FrozenSession,
    HistoryEntry,
    Mapping,
    Outcome,
    Run,
    RunStatus,
    db,
)
from portal.operations.connection.connecting import describe_disconnect, disconnect_asp, set_continuous
from portal.operations.mapping.unmapping import remove_mapping
from portal.operations.syncing.runs import active_run, perform_run, request_cancel, request_run, why_not_sync
from portal.sync.pushing.ledger import RunLedger
from portal.sync.running.terms import mapping_of

FROZEN = (
    "Synced before ASP Events was disconnected: it cannot be synced to this ASP event again. "
    "Change it in ASP by hand."
)
SEMINAR_UUID = SEED["seminars"][0]["Uuid"]
CANCELLED = "Sync cancelled. What was written so far stays in ASP and is kept."


def running(world: World) -> Run:
    return db.session.scalars(select(Run).where(Run.status == RunStatus.RUNNING)).one()


def cancel(world: World, event: Event) -> None:
    request_cancel(running(world), "tester")


def unmap(world: World, event: Event) -> None:
    found = mapping_of(db.session.get_one(Event, event))
    assert found is not None
    remove_mapping(found, "tester")


def disconnect(world: World, event: Event) -> None:
    disconnect_asp(db.session.get_one(Event, event).organisation, "tester")


@pytest.mark.parametrize("end", [cancel, unmap, disconnect])
def test_run_that_is_ended_finishes_the_records_in_hand(world: World, end: Callable[..., None]) -> None:
    event = world.prepare(crowd(80))
    user = world.add_user()
    event_id = event.id
    world.asp.control(latency_ms=60)

    with world.meanwhile(world.has("sessions", 5), lambda: end(world, event_id)):
        run = world.sync(event, user)

    created = {each["CustomFields"]["sessionboard_id"] for each in world.records("sessions")}
    assert (run.status, run.message) == ("cancelled", CANCELLED)
    assert 5 <= len(created) < 80
    assert run.counts["sessions"]["created"] == len(created) == run.counts["sessions"]["attempted"]
    assert [each.message for each in db.session.scalars(select(Flash))] == [CANCELLED]
    frozen = set(db.session.scalars(select(FrozenSession.source_id)))
    if end is disconnect:
        assert (frozen, world.links("session"), world.links("speaker")) == (created, {}, {})
    else:
        assert (frozen, set(world.links("session"))) == (set(), created)


def test_cancelled_run_is_carried_on_by_the_next(world: World) -> None:
    event = world.prepare(crowd(40))
    world.asp.control(latency_ms=60)
    with world.meanwhile(world.has("speakers", 5), lambda: cancel(world, event)):
        world.sync(event)
    world.asp.control(latency_ms=0)

    run = world.sync(event)

    assert run.status == "succeeded"
    world.assert_each_once(40, 40)


def test_second_request_says_that_one_is_running_and_starts_nothing(world: World) -> None:
    event = world.prepare(crowd(1))
    first = request_run(world.mapping(event), "first@example.org")

    with pytest.raises(Refused) as refusal:
        request_run(world.mapping(event), "second@example.org")

    assert str(refusal.value) == (
        "A sync for this event is already running (started by first@example.org just now)."
    )
    assert why_not_sync(event) == str(refusal.value)
    assert db.session.scalars(select(Run.id)).all() == [first.id]
    assert db.session.query(HistoryEntry).filter_by(kind="sync asked").count() == 1


@pytest.mark.parametrize("end", [unmap, disconnect])
def test_queued_run_is_cancelled_with_its_mapping(world: World, end: Callable[..., None]) -> None:
    event = world.prepare(crowd(1))
    run_id = request_run(world.mapping(event), "tester", world.add_user().id).id

    end(world, event.id)

    told = db.session.scalars(select(Flash)).one()
    assert (told.run_id, told.message) == (run_id, world.run(run_id).message)
    assert world.run(run_id).status == "cancelled"
    assert perform_run(run_id) is None
    assert world.records("speakers") == []


def test_cancelled_queued_run_never_begins(world: World) -> None:
    event = world.prepare(crowd(1))
    run = request_run(world.mapping(event), "tester")

    request_cancel(run, "tester")

    assert (perform_run(run.id), world.run(run.id).status) == (None, "cancelled")
    assert active_run(event) is None


def test_run_of_a_disconnected_mapping_keeps_the_event_locked_until_it_ends(world: World) -> None:
    event = world.prepare(crowd(30))
    event_id, seen = event.id, []

    def disconnect_and_ask_again() -> None:
        disconnect(world, event_id)
        here = db.session.get_one(Event, event_id)
        world.connect(here.organisation)
        world.map(here)
        try:
            request_run(world.mapping(here), "impatient")
        except Refused as refusal:
            seen.append(str(refusal))

    world.asp.control(hang_s=1, fail_paths=f"/{SEMINAR_UUID}/sessions")
    with world.meanwhile(world.has("sessions", 3), disconnect_and_ask_again):
        world.sync(event)

    assert ["already running" in each for each in seen] == [True]


def test_removed_mapping_can_be_made_again_and_knows_its_links(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)

    remove_mapping(world.mapping(event), "tester")
    assert why_not_sync(event) == (
        "This event is not mapped to an ASP event. Map it under Settings → Integrations."
    )
    world.map(event)

    assert world.sync(event).writes == 0


def test_mapping_frees_both_when_nothing_was_synced(world: World) -> None:
    event = world.prepare(crowd(3))
    remove_mapping(world.mapping(event), "tester")

    other = world.load(make_programme(id=4631, name="Other Conf"))

    assert world.map(other).created
    assert world.map(event, FAR_SITE, FAR_SEMINAR).created


def test_mapping_frees_both_when_its_only_run_synced_nothing(world: World) -> None:
    event = world.prepare(crowd(3))
    event_id, asked = event.id, world.asp.stats()["requests"]
    world.asp.control(latency_ms=600)
    with world.meanwhile(lambda: world.asp.stats()["requests"] > asked + 1, lambda: unmap(world, event_id)):
        run_id = request_run(world.mapping(event), "tester").id
        perform_run(run_id)
    world.asp.control(latency_ms=0)
    other = world.load(make_programme(id=4631, name="Other Conf"))

    assert world.map(other).created
    assert world.run(run_id).status == "cancelled"


def test_mapping_of_a_synced_pair_stays_reserved_for_it(world: World) -> None:
    event = world.prepare(crowd(1))
    world.sync(event)
    remove_mapping(world.mapping(event), "tester")
    other = world.load(make_programme(id=4631, name="Other Conf"))

    with pytest.raises(Refused, match="It can only be mapped to that one again"):
        world.map(other)
    with pytest.raises(Refused, match="It can only be mapped to that one again"):
        world.map(event, FAR_SITE, FAR_SEMINAR)


def test_disconnect_erases_the_secret_and_names_what_is_lost(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)

    words = describe_disconnect(world.organisation)
    disconnect_asp(world.organisation, "tester")

    assert words.startswith("This ends 1 event mapping. 3 sessions that were synced can’t be synced")
    assert db.session.scalars(select(Connection)).all() == db.session.scalars(select(Mapping)).all() == []
    assert SECRET.encode() not in b"".join(
        each.read_bytes() for each in world.settings.instance_dir.iterdir() if each.is_file()
    )
    with pytest.raises(Refused):
        disconnect_asp(world.organisation, "tester")


def test_frozen_sessions_are_skipped_after_reconnecting_and_new_ones_are_synced(world: World) -> None:
    event = world.prepare(crowd(2))
    world.sync(event)
    before = {each["Uuid"]: each for each in world.records("sessions")}
    disconnect_asp(world.organisation, "tester")
    world.connect()
    world.map(event)
    changed = crowd(3)
    changed["sessions"][0]["title"] = "Changed"
    changed["sessions"][1]["status"] = "pending"
    changed["contacts"][2]["email"] = "person1@example.org"
    changed["contacts"][2] |= {"first_name": "First1", "last_name": "Last1", "company_name": "A company"}
    world.load(changed)

    run = world.sync(event)

    assert world.reasons(run, Outcome.SKIPPED, "session") == [FROZEN, "Not accepted (status: pending)."]
    after = {each["Uuid"]: each for each in world.records("sessions")}
    assert {uuid: after[uuid] for uuid in before} == before
    assert run.counts["sessions"]["created"] == len(after) - len(before) == 1
    assert (run.status, len(world.records("speakers"))) == ("succeeded", 2)
    assert "1 more session was left out: it was synced before ASP Events was disconnected" in (
        run.message or ""
    )
    assert world.speaker(1)["Company"] == "A company"  # found again by e-mail
    assert world.session(3)["Speakers"] == [world.speaker(1)["Uuid"]]


def test_frozen_sessions_are_synced_to_another_asp_event_and_not_to_another_seminar(world: World) -> None:
    programme = make_programme([make_session(1)], timezone="America/New_York")
    event = world.load(programme)
    world.connect()
    world.map(event, FAR_SITE, FAR_SEMINAR)
    world.sync(event)
    disconnect_asp(world.organisation, "tester")
    world.connect()
    world.map(event, FAR_SITE, FAR_SEMINAR)
    assert world.sync(event).counts["sessions"]["skipped"] == 1
    remove_mapping(world.mapping(event), "tester")
    world.load(programme | {"event": programme["event"] | {"timezone": "Europe/Paris"}})
    world.map(event, SITE, SEMINAR)

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["created"]) == ("succeeded", 1)
    disconnect_asp(world.organisation, "tester")
    world.connect()
    world.map(event, SITE, SECOND_SEMINAR)
    assert world.sync(event).counts["sessions"]["skipped"] == 1  # frozen by site, not by seminar


def test_people_are_found_again_after_a_disconnect(world: World) -> None:
    event = world.prepare(make_programme([make_session(1, on_it(1))], [make_contact(1)]))
    world.sync(event)
    speaker = world.speaker(1)
    disconnect_asp(world.organisation, "tester")
    world.connect()
    world.map(event)
    world.load(make_programme([make_session(2, on_it(1))], [make_contact(1, title="Reader")]))

    run = world.sync(event)

    assert (run.status, run.counts["speakers"]["updated"]) == ("succeeded", 1)
    assert world.speaker(1) | {"Modified": ""} == speaker | {"JobTitle": "Reader", "Modified": ""}
    assert set(world.links("speaker")) == {contact_id(1)}
    assert set(world.links("session")) == {session_id(2)}


def test_continuous_sync_is_switched_on_and_off(world: World) -> None:
    world.connect()

    set_continuous(world.organisation, True, "tester")
    set_continuous(world.organisation, False, "tester")

    assert [each.text for each in db.session.query(HistoryEntry).filter_by(kind="changed")] == [
        "Switched continuous sync on.",
        "Switched continuous sync off.",
    ]


def test_e10_a_database_that_goes_away_in_the_middle_loses_no_link_of_what_was_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = world.prepare(crowd(30))
    world.asp.control(latency_ms=60)
    beat, gone = RunLedger.beat, []

    def beat_until_five_stand_there(ledger: RunLedger) -> None:
        if not gone and len(world.asp.records()["sessions"]) >= 5:
            gone.append(True)
            raise OperationalError("UPDATE run", {}, Exception("the database is locked"))
        beat(ledger)

    monkeypatch.setattr(RunLedger, "beat", beat_until_five_stand_there)
    run = world.sync(event)

    written = {each["Uuid"] for each in world.records("sessions")}
    assert (run.status, gone) == ("failed", [True])
    assert str(run.message).startswith("Sync stopped: The portal could not use its own database.")
    assert "its disk has room" in str(world.reasons(run, Outcome.FAILED, "run")[0])
    assert 5 <= len(written) < 30
    assert {link.asp_uuid for link in world.links("session").values()} == written
    world.asp.control(latency_ms=0)
    assert world.sync(event).counts["sessions"]["unchanged"] == len(written)
