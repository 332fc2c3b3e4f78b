"""Rules about single records, seen from end to end (C6, C8, D, E8, E13)."""

from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from sync_world import (
    FAR_SEMINAR,
    FAR_SITE,
    SILENT_SEMINAR,
    SILENT_SITE,
    UNREADY_SEMINAR,
    YEAR,
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
from portal.models import Choice, Event, Outcome, db, now
from portal.operations.connection.connecting import disconnect_asp
from portal.operations.mapping.unmapping import remove_mapping
from portal.operations.queries.organisation import find_connection
from portal.operations.syncing.obstacles import find_obstacles
from portal.operations.syncing.previewing import preview
from portal.operations.syncing.runs import request_cancel, request_run
from portal.sync.planning.deciding import DELETED_ADVICE


def one(contact: dict[str, Any], *more: dict[str, Any], **session: Any) -> dict[str, Any]:
    """A programme with one session on which everybody speaks."""
    people = [contact, *more]
    return make_programme(
        [make_session(1, *(on_it(number + 1) for number in range(len(people))), **session)], people
    )


# D16


def test_refused_optional_field_is_left_out_remembered_and_sent_when_it_changes(world: World) -> None:
    event = world.prepare(one(make_contact(1, website_url="https://intranet/page", company_name="A company")))

    first = world.sync(event)
    second = world.sync(event)

    (warning,) = world.reasons(first, Outcome.WARNING)
    assert "Website must be an http or https URL." in str(warning)
    assert (first.status, first.counts["speakers"]["created"]) == ("succeeded", 1)
    assert (world.speaker(1)["Website"], world.speaker(1)["Company"]) == ("", "A company")
    assert (second.status, second.writes) == ("succeeded", 0)
    assert "not sent again until it changes" in str(world.reasons(second, Outcome.WARNING))
    world.load(one(make_contact(1, website_url="https://example.org", company_name="A company")))
    third = world.sync(event)
    assert (third.writes, world.reasons(third, Outcome.WARNING)) == (1, [])
    assert world.speaker(1)["Website"] == "https://example.org"


def test_refused_field_of_an_update_leaves_the_others_sent(world: World) -> None:
    event = world.prepare(one(make_contact(1)))
    world.sync(event)
    world.load(one(make_contact(1, website_url="https://intranet/page", company_name="A company")))

    run = world.sync(event)

    assert (run.status, run.writes, world.speaker(1)["Company"]) == ("succeeded", 2, "A company")
    assert world.sync(event).writes == 0


def test_refused_field_warns_once_where_the_answer_to_the_create_was_lost(world: World) -> None:
    event = world.prepare(one(make_contact(1, website_url="https://intranet/page")))
    world.asp.control(drop_after_commit_rate=1, fail_paths="POST /public/speakers")

    run = world.sync(event)

    assert len(world.reasons(run, Outcome.WARNING)) == 1
    assert (run.status, run.counts["speakers"]["created"], run.writes) == ("succeeded", 1, 3)
    assert world.sync(event).writes == 0


def test_refused_required_field_fails_the_record(world: World) -> None:
    event = world.prepare(one(make_contact(1, email="no address")))

    run = world.sync(event)

    assert (run.status, world.records("speakers")) == ("partial", [])
    assert "Email must be an e-mail address." in str(world.reasons(run, Outcome.FAILED))


@pytest.mark.parametrize(
    ("there", "change", "shown"),
    [
        (("16T10:00", "16T11:00"), {"ends_at": f"{YEAR}-06-15T06:09:00Z"}, ("08:02", "08:09")),
        (("15T08:02", "15T08:04"), {"starts_at": f"{YEAR}-06-15T06:05:00Z"}, ("08:05", "08:12")),
    ],
)
def test_e5_time_that_asp_refuses_beside_an_editor_s_own_is_sent_with_the_other(
    world: World, there: tuple[str, str], change: dict[str, str], shown: tuple[str, str]
) -> None:
    event = world.prepare(make_programme([make_session(1)]))
    world.sync(event)
    start, end = (f"{YEAR}-06-{each}:00" for each in there)
    world.edit("sessions", world.session(1)["Uuid"], Title="An editor's", StartTime=start, EndTime=end)
    world.load(make_programme([make_session(1, **change)]))

    run = world.sync(event)

    found = world.session(1)
    assert run.status == "succeeded"
    assert (found["StartTime"], found["EndTime"]) == tuple(f"{YEAR}-06-15T{each}:00" for each in shown)
    assert found["Title"] == "An editor's"


# D13, D14


def test_one_person_entered_twice_is_one_speaker_with_the_newest_fields(world: World) -> None:
    older = make_contact(1, company_name="Old", email="Same@Example.org")
    newer = make_contact(2, company_name="New", email="same@example.org", updated_at="2026-02-01T09:00:00Z")
    newer |= {"first_name": "First1", "last_name": "Last1"}
    event = world.prepare(one(older, newer))

    run = world.sync(event)

    (speaker,) = world.records("speakers")
    assert (run.status, speaker["Company"], world.session(1)["Speakers"]) == (
        "succeeded",
        "New",
        [speaker["Uuid"]],
    )
    assert run.counts["speakers"]["skipped"] == 1
    world.load(one(older | {"updated_at": "2026-03-01T09:00:00Z"}, newer))
    again = world.sync(event)
    assert ([each["Company"] for each in world.records("speakers")], again.status) == (["Old"], "succeeded")
    assert [each["Uuid"] for each in world.records("speakers")] == [speaker["Uuid"]]
    assert set(world.links("speaker")) == {contact_id(1)}
    assert world.sync(event).writes == 0


def test_two_people_with_one_address_fail_naming_each_other(world: World) -> None:
    event = world.prepare(one(make_contact(1), make_contact(2, email="PERSON1@example.org")))

    run = world.sync(event)

    assert (run.status, world.records("speakers")) == ("partial", [])
    reasons = [str(each) for each in world.reasons(run, Outcome.FAILED)]
    assert ["First2 Last2" in reasons[0], "First1 Last1" in reasons[1]] == [True, True]
    assert world.session(1)["Speakers"] == []


def test_d2c_names_and_addresses_with_a_sharp_s_are_records_of_their_own(world: World) -> None:
    people = [make_contact(1, email="k.groß@example.org"), make_contact(2, email="k.gross@example.org")]
    programme = make_programme(
        [
            make_session(1, on_it(1), room={"id": 1, "name": "Maße"}, tags=[{"id": 1, "name": "Buße"}]),
            make_session(2, on_it(2), room={"id": 2, "name": "Masse"}, tags=[{"id": 2, "name": "Busse"}]),
        ],
        people,
    )
    event = world.prepare(programme)

    run = world.sync(event)

    assert (run.status, run.counts["speakers"]["created"]) == ("succeeded", 2)
    assert {each["Name"] for each in world.records("locations")} == {"Maße", "Masse"}
    assert {each["Name"] for each in world.records("streams")} == {"Buße", "Busse"}
    assert world.sync(event).writes == 0


def test_corrected_address_updates_the_same_speaker(world: World) -> None:
    event = world.prepare(one(make_contact(1)))
    world.sync(event)
    uuid = world.speaker(1)["Uuid"]
    world.load(one(make_contact(1, email="corrected@example.org")))

    run = world.sync(event)

    assert (run.status, run.writes) == ("succeeded", 1)
    assert [(each["Uuid"], each["Email"]) for each in world.records("speakers")] == [
        (uuid, "corrected@example.org")
    ]


def test_corrected_address_that_another_speaker_has_fails_and_merges_nothing(world: World) -> None:
    event = world.prepare(one(make_contact(1)))
    world.sync(event)
    before = world.speaker(1)
    requests.post(
        f"{world.asp.url}/_records/speakers",
        json={
            "SiteUuid": before["SiteUuid"],
            "FirstName": "Other",
            "LastName": "One",
            "Email": "taken@example.org",
        },
        timeout=120,
    ).raise_for_status()
    world.load(one(make_contact(1, email="Taken@example.org")))

    run = world.sync(event)

    assert run.status == "partial"
    assert world.reasons(run, Outcome.FAILED) == [
        "Another speaker of this ASP event has this e-mail address. "
        "Correct the address here or in ASP, then sync again."
    ]
    assert world.speaker(1) == before


def test_address_handed_on_reaches_the_next_person_in_one_run(world: World) -> None:
    event = world.prepare(one(make_contact(1), make_contact(2)))
    world.sync(event)
    world.load(one(make_contact(1, email="new@example.org"), make_contact(2, email="person1@example.org")))

    run = world.sync(event)

    assert run.status == "succeeded"
    assert {each["FirstName"]: each["Email"] for each in world.records("speakers")} == {
        "First1": "new@example.org",
        "First2": "person1@example.org",
    }


# D8, D10


def test_seminar_without_sessionboard_id_is_warned_of_and_stops_the_run(world: World) -> None:
    event = world.load(crowd(2))
    world.connect()

    added = world.map(event, seminar=UNREADY_SEMINAR)
    run = world.sync(event)

    assert ["“sessionboard_id”" in each for each in added.warnings] == [True]
    assert (run.status, run.writes, run.message) == ("failed", 0, f"Sync stopped: {added.warnings[0]}")


def test_timezone_that_does_not_match_is_warned_of_and_stops_the_run(world: World) -> None:
    event = world.load(crowd(2))
    world.connect()

    added = world.map(event, FAR_SITE, FAR_SEMINAR)
    run = world.sync(event)

    assert (run.status, run.writes) == ("failed", 0)
    assert ["Europe/Paris" in each and "America/New_York" in each for each in added.warnings] == [True]
    assert run.message == f"Sync stopped: {added.warnings[0]}"


@pytest.mark.parametrize("lacking", ["title", "client_session_id"])
def test_timezone_of_sessions_that_are_not_sent_stops_nothing(world: World, lacking: str) -> None:
    programme = crowd(2)
    for each in programme["sessions"]:
        each[lacking] = " "
    event = world.load(programme)
    world.connect()

    added = world.map(event, FAR_SITE, FAR_SEMINAR)

    assert (added.warnings, find_obstacles(event, added.mapping, find_connection(event.organisation_id))) == (
        [],
        [],
    )
    assert world.sync(event).status == "partial"


def test_timezone_that_asp_does_not_report_is_confirmed_once(world: World) -> None:
    event = world.load(crowd(2))
    world.connect()

    with pytest.raises(Refused, match="confirm that") as refusal:
        world.map(event, SILENT_SITE, SILENT_SEMINAR)
    assert refusal.value.field == "confirm_timezone"
    world.map(event, SILENT_SITE, SILENT_SEMINAR, confirm_timezone=True)

    assert world.sync(event).status == "succeeded"


def test_d10_a_word_for_one_timezone_does_not_count_for_another(world: World) -> None:
    event = world.load(crowd(1))
    world.connect()
    world.map(event, SILENT_SITE, SILENT_SEMINAR, confirm_timezone=True)
    programme = crowd(1)
    programme["event"]["timezone"] = "America/New_York"
    event = world.load(programme)

    stopped = world.sync(event)
    assert (stopped.status, stopped.writes) == ("failed", 0)
    assert "It was confirmed for Europe/Paris; the event is in America/New_York now." in str(stopped.message)
    world.map(event, SILENT_SITE, SILENT_SEMINAR, confirm_timezone=True)

    assert world.sync(event).status == "succeeded"


def test_d10_asp_event_that_tells_its_timezone_uses_the_word_up(world: World) -> None:
    event = world.load(crowd(1))
    world.connect()
    world.map(event, SILENT_SITE, SILENT_SEMINAR, confirm_timezone=True)
    world.edit("sites", SILENT_SITE, TimeZone="Europe/Brussels")
    assert world.sync(event).status == "succeeded"
    world.edit("sites", SILENT_SITE, TimeZone="")

    assert world.sync(event).status == "failed"


# F4


def test_f4_people_whom_the_portal_unpublished_are_published_when_they_come_back(world: World) -> None:
    def reconnect() -> Event:
        disconnect_asp(world.organisation, "tester")
        world.connect()
        event = world.load(crowd(3))
        world.map(event)
        return event

    event = world.prepare(crowd(3))
    world.sync(event)
    world.set_up(event, unpublish_speakers=True)
    world.load(declined(1, 3))
    world.sync(event)
    assert world.speaker(1)["isActive"] is False

    programme = crowd(3)
    programme["sessions"] = [make_session(number + 10, on_it(number)) for number in (1, 2, 3)]
    event = reconnect()
    world.sync(event)
    event = world.load(programme)
    world.sync(event)
    assert [world.speaker(number)["isActive"] for number in (1, 2, 3)] == [True] * 3

    world.edit("speakers", world.speaker(1)["Uuid"], isActive=False)  # an editor's own decision (D15)
    reconnect()
    programme["sessions"].append(make_session(20, on_it(1)))
    event = world.load(programme)
    world.sync(event)
    assert world.speaker(1)["isActive"] is False


# D1


def test_d1_tag_that_was_made_again_brings_its_colour(world: World) -> None:
    def tagged(number: int, colour: str | None) -> dict[str, Any]:
        return one(make_contact(1), tags=[{"id": number, "name": "AI", "color": colour}])

    event = world.prepare(tagged(1, "#ff0000"))
    world.sync(event)
    colours = [world.records("streams")[0]["Colour"]]
    for number, colour in ((2, "#0000ff"), (2, None), (2, "#0f0")):
        world.load(tagged(number, colour))
        world.sync(event)
        colours.append(world.records("streams")[0]["Colour"])

    assert colours == ["#ff0000", "#0000ff", "#0000ff", "#00ff00"]


# D9, D12


def test_unpublishing_follows_acceptance_both_ways(world: World) -> None:
    event = world.prepare(crowd(12))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True, unpublish_speakers=True)
    declined = crowd(12)
    declined["sessions"][0]["status"] = "declined"
    world.load(declined)

    first = world.sync(event)
    assert (first.status, first.writes) == ("succeeded", 2)
    assert (world.session(1)["isPublished"], world.speaker(1)["isActive"]) == (False, False)
    assert world.sync(event).writes == 0

    world.load(crowd(12))
    second = world.sync(event)
    assert (second.status, second.writes) == ("succeeded", 2)
    assert (world.session(1)["isPublished"], world.speaker(1)["isActive"]) == (True, True)


def test_without_unpublishing_declined_records_stay_as_they_are(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    before = world.asp.records()
    declined = crowd(3)
    declined["sessions"][0]["status"] = "declined"
    world.load(declined)

    run = world.sync(event)

    assert (run.status, run.writes, world.asp.records() == before) == ("succeeded", 0, True)


def declined(number: int, of: int) -> dict[str, Any]:
    programme = crowd(of)
    for session in programme["sessions"][:number]:
        session["status"] = "declined"
    return programme


def test_d12_unpublishing_too_much_is_withheld_and_everything_else_goes(world: World) -> None:
    event = world.prepare(crowd(30))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True)
    programme = declined(27, 30)
    programme["sessions"][28]["title"] = "Another title"
    programme["sessions"].append(make_session(31))

    event = world.load(programme)
    asking = world.sync(event)

    assert (asking.status, asking.writes, asking.withheld) == ("partial", 2, 27)
    assert "27 records stay published although they are no longer accepted" in str(asking.message)
    assert world.session(29)["Title"] == "Another title"
    assert sum(session["isPublished"] for session in world.records("sessions")) == 31
    approved = world.sync(event, approved=27)
    assert (approved.status, approved.writes, approved.withheld) == ("succeeded", 27, 0)
    assert sum(session["isPublished"] for session in world.records("sessions")) == 4


def test_d12_last_public_session_is_withheld_though_others_were_made_unpublished(world: World) -> None:
    hidden = [make_session(number, is_public=False) for number in (2, 3)]
    event = world.prepare(make_programme([make_session(1), *hidden]))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True)
    assert [world.links("session")[session_id(number)].hidden for number in (1, 2, 3)] == [False, True, True]

    event = world.load(make_programme([make_session(1, status="declined"), *hidden]))
    run = world.sync(event)

    assert (run.status, run.writes, run.withheld) == ("partial", 0, 1)
    assert world.session(1)["isPublished"] is True


def test_e2_run_that_withheld_all_there_was_says_that_nothing_was_changed(world: World) -> None:
    event = world.prepare(make_programme([make_session(1)]))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True)
    event = world.load(make_programme([make_session(1, status="declined")]))

    run = world.sync(event)

    assert (run.status, run.writes, run.withheld) == ("partial", 0, 1)
    assert run.message == (
        "Sync finished: nothing was changed. 1 record stays published although it is no longer accepted: to "
        "unpublish so much at once needs an admin’s approval in the preview."
    )


def test_e10_second_stream_that_asp_refuses_is_called_by_its_kind(world: World) -> None:
    event = world.prepare(crowd(1))
    world.asp.control(fail_rate=1, fail_status=409, fail_paths="POST /public/seminars")

    run = world.sync(event)

    said = " ".join(map(str, world.reasons(run, Outcome.WARNING, "run")))
    assert "The stream “Tag 1” could not be written to ASP. ASP has such a record already" in said
    assert "e-mail" not in said


def test_d12_more_than_were_approved_are_withheld_again(world: World) -> None:
    event = world.prepare(crowd(4))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True, unpublish_speakers=True)
    world.load(declined(4, 4))

    runs = [world.sync(event, approved=number) for number in (7, 0, 8)]

    assert [(run.status, run.writes, run.withheld) for run in runs] == [
        ("partial", 0, 8),
        ("partial", 0, 8),
        ("succeeded", 8, 0),
    ]


def test_d12_approval_of_a_run_that_never_reached_asp_is_gone(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True, unpublish_speakers=True)
    world.load(declined(3, 3))
    world.asp.control(down=True)
    assert world.sync(event, approved=6).status == "failed"
    world.asp.control(down=False)

    run = world.sync(event)

    assert (run.status, run.writes, run.withheld) == ("partial", 0, 6)


def test_d12_approval_of_a_run_that_was_cancelled_is_gone(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True, unpublish_speakers=True)
    world.load(declined(3, 3))
    request_cancel(request_run(world.mapping(event), "tester", unpublish_approved=6), "tester")

    assert world.sync(event).withheld == 6


def test_d12_preview_says_how_many_would_be_withheld(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True, unpublish_speakers=True)
    world.load(declined(3, 3))

    without, with_word = (preview(world.mapping(event), now(), approved) for approved in (0, 6))

    assert (without.withheld, without.changes) == (6, ())
    assert (with_word.withheld, len(with_word.changes)) == (0, 6)


def test_record_to_unpublish_that_was_removed_by_hand_is_no_failure(world: World) -> None:
    event = world.prepare(crowd(12))
    world.sync(event)
    world.set_up(event, unpublish_sessions=True)
    world.remove("sessions", world.session(1)["Uuid"])
    declined = crowd(12)
    declined["sessions"][0]["status"] = "declined"
    world.load(declined)

    run = world.sync(event)

    assert (run.status, run.counts["sessions"]["skipped"]) == ("succeeded", 1)
    assert "deleted in ASP by hand" in str(world.reasons(run, Outcome.SKIPPED, "session"))
    assert world.sync(event).writes == 0


# E13


def test_record_deleted_by_hand_fails_with_that_reason(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    world.remove("sessions", world.session(1)["Uuid"])
    world.remove("speakers", world.speaker(2)["Uuid"])
    changed = crowd(3)
    changed["sessions"][0]["title"] = "Changed"
    changed["contacts"][1]["company_name"] = "A company"
    world.load(changed)

    run = world.sync(event)

    assert (run.status, world.reasons(run, Outcome.FAILED)) == ("partial", [DELETED_ADVICE, DELETED_ADVICE])
    assert (len(world.records("sessions")), len(world.records("speakers"))) == (2, 2)
    assert world.links("session")[session_id(1)].pushed["Title"] == "Changed"  # what was meant for it
    assert world.sync(event).writes == 0


def test_record_deleted_by_hand_is_made_again_where_that_is_allowed(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    world.set_up(event, recreate_deleted=True)
    gone = world.speaker(2)["Uuid"]
    world.remove("sessions", world.session(1)["Uuid"])
    world.remove("speakers", gone)
    changed = crowd(3)
    changed["sessions"][0]["title"] = "Changed"
    changed["contacts"][1]["company_name"] = "A company"
    world.load(changed)

    run = world.sync(event)

    assert run.status == "succeeded"
    assert world.session(1)["Title"] == "Changed"
    assert world.session(1)["Speakers"] == [world.speaker(1)["Uuid"]]
    assert world.speaker(2)["Uuid"] != gone
    assert world.session(2)["Speakers"] == [world.speaker(2)["Uuid"]]
    world.assert_each_once(3, 3)
    again = world.sync(event)
    assert (again.writes, again.requests) == (0, 6)  # E5: nothing is looked for


@pytest.mark.parametrize("again", [False, True])
def test_speaker_deleted_by_hand_leaves_the_others_on_their_sessions(world: World, again: bool) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    world.set_up(event, recreate_deleted=again)
    world.remove("speakers", world.speaker(1)["Uuid"])
    changed = crowd(3)
    changed["sessions"][0]["participants"] = [
        on_it(1),
        on_it(3),
    ]  # E13, D7: nobody else of theirs has changed
    world.load(changed)

    run = world.sync(event)

    assert run.status == "succeeded"
    assert world.session(1)["Speakers"] == [world.speaker(3)["Uuid"]]
    assert any(
        "whose record was deleted in ASP by hand" in str(each) for each in world.reasons(run, Outcome.WARNING)
    )
    following = world.sync(event)
    if again:
        assert following.status == "succeeded"
        assert world.session(1)["Speakers"] == [world.speaker(1)["Uuid"], world.speaker(3)["Uuid"]]
        assert world.sync(event).writes == 0
    else:
        assert (following.status, world.reasons(following, Outcome.FAILED)) == ("partial", [DELETED_ADVICE])


@pytest.mark.parametrize("kind", ["speakers", "sessions"])
def test_record_made_again_is_made_once_when_answers_are_lost(world: World, kind: str) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    world.set_up(event, recreate_deleted=True)
    for each in (world.session(1), world.session(2)):
        world.remove("sessions", each["Uuid"])
    world.remove("speakers", world.speaker(2)["Uuid"])  # session 2 itself has not changed
    changed = crowd(3)
    changed["sessions"][0]["title"] = "Changed"
    changed["contacts"][1]["company_name"] = "A company"
    world.load(changed)
    path = "POST /public/speakers" if kind == "speakers" else "/sessions"
    world.asp.control(drop_after_commit_rate=0.7, fail_paths=path)

    run = world.sync(event)

    assert run.status == "succeeded"
    world.assert_each_once(3, 3)


def test_stream_and_location_that_are_gone_are_made_again(world: World) -> None:
    event = world.prepare(crowd(3))
    world.sync(event)
    gone = world.session(1)
    world.remove("streams", gone["Streams"][0])
    world.remove("locations", gone["Location"])

    run = world.sync(event)

    names = {each["Uuid"]: each["Name"] for kind in ("streams", "locations") for each in world.records(kind)}
    again = world.session(1)
    assert (run.status, names[again["Streams"][0]], names[again["Location"]]) == (
        "succeeded",
        "Tag 1",
        "Room 1",
    )
    assert world.sync(event).writes == 0


def test_renamed_location_keeps_its_link(world: World) -> None:
    event = world.prepare(crowd(1))
    world.sync(event)
    (location,) = world.records("locations")
    world.edit("locations", location["Uuid"], Name="Great hall")

    run = world.sync(event)

    assert (run.writes, [each["Name"] for each in world.records("locations")]) == (0, ["Great hall"])


# C6, C8, D4, D6, D17


def test_synced_names_are_remembered_and_a_changed_one_warns(world: World) -> None:
    event = world.prepare(crowd(1))
    world.sync(event)
    assert {each.synced_name for each in db.session.query(Choice)} == {"Room 1", "Tag 1"}
    changed = crowd(1)
    changed["sessions"][0]["room"]["name"] = "Great hall"
    world.load(changed)

    run = world.sync(event)

    assert [
        "“Room 1” is called “Great hall”" in str(each) for each in world.reasons(run, Outcome.WARNING)
    ] == [True]
    assert {each["Name"] for each in world.records("locations")} == {"Room 1", "Great hall"}
    assert world.reasons(world.sync(event), Outcome.WARNING) == []


def test_c6_name_that_is_imported_while_a_run_works_is_warned_of_by_the_next_one(world: World) -> None:
    event = world.prepare(crowd(3))
    renamed = crowd(3)
    for session in renamed["sessions"]:
        session["room"]["name"] += " (new)"
    world.asp.control(latency_ms=100)

    with world.meanwhile(world.has("locations", 3), lambda: world.load(renamed)):
        world.sync(event)
    assert {each["Name"] for each in world.records("locations")} == {"Room 0", "Room 1", "Room 2"}
    run = world.sync(event)

    warnings = [str(each) for each in world.reasons(run, Outcome.WARNING)]
    assert [f"“Room {n}” is called “Room {n} (new)”" in str(warnings) for n in range(3)] == [True] * 3


def test_format_is_matched_and_an_unknown_one_becomes_session(world: World) -> None:
    formats = [" keynote ", "Poster", None]
    event = world.prepare(
        make_programme(
            [
                make_session(number, format={"id": f"f{number}", "name": name} if name else None)
                for number, name in enumerate(formats, start=1)
            ]
        )
    )

    run = world.sync(event)

    assert [world.session(number)["SessionType"] for number in (1, 2, 3)] == ["Keynote", "Session", "Session"]
    assert len(world.reasons(run, Outcome.WARNING)) == 1


def test_declined_person_leaves_the_list_and_their_record_stays(world: World) -> None:
    people = [make_contact(1), make_contact(2)]
    event = world.prepare(make_programme([make_session(1, on_it(1), on_it(2))], people))
    world.sync(event)
    before = world.speaker(1)
    world.load(make_programme([make_session(1, on_it(1, status="declined"), on_it(2))], people))

    run = world.sync(event)

    assert (run.writes, world.session(1)["Speakers"]) == (1, [world.speaker(2)["Uuid"]])
    assert world.speaker(1) == before


def test_sessions_with_the_same_client_session_id_both_sync(world: World) -> None:
    event = world.prepare(make_programme([make_session(number, client_session_id="C") for number in (1, 2)]))

    run = world.sync(event)

    assert (run.status, len(world.records("sessions")), len(world.reasons(run, Outcome.WARNING))) == (
        "succeeded",
        2,
        2,
    )


def test_session_over_several_dates_is_shown_on_its_first(world: World) -> None:
    days = {"starts_at": f"{YEAR}-06-15T08:00:00Z", "ends_at": f"{YEAR}-06-16T07:00:00Z"}
    event = world.prepare(make_programme([make_session(1, **days)]))

    run = world.sync(event)

    assert (world.session(1)["StartTime"], world.session(1)["EndTime"]) == (
        f"{YEAR}-06-15T10:00:00",
        f"{YEAR}-06-15T23:59:00",
    )
    assert len(world.reasons(run, Outcome.WARNING)) == 1


# E8


def test_preview_says_what_a_sync_then_does_and_writes_nothing(world: World) -> None:
    event = world.prepare(crowd(3))
    mapping = world.mapping(event)

    before = preview(mapping, now())
    run = world.sync(event)

    assert before.counts == run.counts
    changes = {change.id: change for change in before.changes}
    assert changes[session_id(1)].fields["Speakers"] == (None, ["First1 Last1"])
    changed = crowd(3)
    changed["sessions"][0] |= {"title": "Changed", "room": None}
    world.load(changed)
    assert world.writes_of(lambda: preview(world.mapping(event), now())) == 0
    (change,) = preview(world.mapping(event), now()).changes
    assert (change.id, change.outcome) == (session_id(1), "updated")
    assert change.fields == {"Title": ("Session 1", "Changed"), "Location": ("Room 1", None)}


def test_preview_and_run_agree_on_a_session_that_ends_meanwhile(world: World) -> None:
    event = world.prepare(crowd(1))
    after = datetime(YEAR + 1, 1, 1, tzinfo=UTC)

    seen = preview(world.mapping(event), after)

    assert (seen.counts["sessions"]["skipped"], seen.changes) == (1, ())
    remove_mapping(world.mapping(event), "tester")


def test_d16_update_of_which_nothing_was_taken_counts_as_unchanged(world: World) -> None:
    event = world.prepare(one(make_contact(1, website_url="https://example.org")))
    world.sync(event)
    world.load(one(make_contact(1, website_url="https://intranet/page")))

    run = world.sync(event)

    assert (run.counts["speakers"]["updated"], run.counts["speakers"]["unchanged"]) == (0, 1)
    assert "The rest was sent" not in str(world.reasons(run, Outcome.WARNING))
