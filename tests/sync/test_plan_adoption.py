"""Which of ASP's records are ours: E11, I4, D11."""

from dataclasses import replace

import pytest
from plan_samples import (
    contact_snapshot,
    linked_as,
    make_existing,
    make_link,
    make_links,
    make_offer,
    on_stage,
    plan_of,
    programme_snapshot,
    sent,
    session_id,
    session_in,
    session_snapshot,
    speaker_in,
)

from portal.asp.records import AspChoice
from portal.sync.planning.intent import Action
from portal.sync.planning.snapshot import Existing

PERSON = contact_snapshot(1, job_title="Engineer")
PROGRAMME = programme_snapshot(
    session_snapshot(room="Hall", level="Advanced", participants=on_stage(1)), contacts=[PERSON]
)
OFFER = make_offer(locations=(AspChoice("L1", "Hall"),))
SPEAKER = {
    "FirstName": "Person",
    "LastName": "Number 1",
    "Email": "person1@example.org",
    "JobTitle": "Engineer",
}
SESSION = {
    "sessionboard_id": session_id(1),
    "Title": "Session 1",
    "StartTime": "2027-01-30T09:30:00",
    "EndTime": "2027-01-30T10:00:00",
    "ClientSessionId": "C1",
    "SessionType": "Session",
    "Location": "L1",
    "levels-checkbox": ["Advanced"],
    "Speakers": ["ASP-P1"],
}


def look(sessions=(), speakers=(), programme=PROGRAMME, **given):
    return plan_of(
        programme,
        existing=Existing(sessions=tuple(sessions), speakers=tuple(speakers)),
        **{"offer": OFFER} | given,
    )


def test_e11_record_that_is_found_and_says_what_would_be_sent_is_linked_without_a_write():
    plan = look([make_existing("ASP-1", **SESSION)], [make_existing("ASP-P1", **SPEAKER)])

    assert session_in(plan).action is Action.UNCHANGED
    assert (session_in(plan).link.asp_uuid, session_in(plan).link.adopted) == ("ASP-1", True)
    assert speaker_in(plan).action is Action.UNCHANGED
    assert speaker_in(plan).link.asp_uuid == "ASP-P1"


def test_e11_of_a_record_that_is_found_only_what_differs_is_sent():
    plan = look(
        [make_existing("ASP-1", **SESSION | {"Title": "Old", "levels-checkbox": None})],
        [make_existing("ASP-P1", **SPEAKER | {"JobTitle": ""})],
    )

    assert sent(plan, session_in(plan)) == {"Title": "Session 1", "levels-checkbox": ["Advanced"]}
    assert sent(plan, speaker_in(plan)) == {"JobTitle": "Engineer"}


def test_d11_of_a_record_that_is_found_nothing_is_ever_cleared():
    typed = {"Description": "<p>by an editor</p>", "Streams": ["S9"], "chairperson": ["ASP-P9"]}
    plan = look(
        [make_existing("ASP-1", **SESSION | typed)],
        [make_existing("ASP-P1", **SPEAKER | {"Biography": "by an editor", "Website": "https://x.example"})],
    )

    assert session_in(plan).action is Action.UNCHANGED
    assert speaker_in(plan).action is Action.UNCHANGED
    assert "Description" not in session_in(plan).link.pushed


def test_e11_person_who_is_to_be_created_still_counts_on_a_session_that_is_found():
    plan = look([make_existing("ASP-1", **SESSION | {"Speakers": []})])

    assert speaker_in(plan).action is Action.CREATE
    assert session_in(plan).action is Action.UPDATE


@pytest.mark.parametrize("carried", [session_id(1), f" {session_id(1).upper()} "])
def test_i4_session_is_found_by_sessionboard_id_case_and_outer_spaces_aside(carried):
    plan = look([make_existing("ASP-1", sessionboard_id=carried)])

    assert session_in(plan).link.asp_uuid == "ASP-1"


@pytest.mark.parametrize(
    "values",
    [
        {"Title": "Session 1", "ClientSessionId": "C1"},
        {"Title": "Session 1", "ClientSessionId": "C1", "sessionboard_id": ""},
        {"Title": "Session 1", "ClientSessionId": "C1", "sessionboard_id": None},
        {"sessionboard_id": session_id(2)},
    ],
)
def test_i4_title_and_client_session_id_never_make_a_session_ours(values):
    plan = look([make_existing("ASP-1", **values)])

    assert session_in(plan).action is Action.CREATE


@pytest.mark.parametrize("email", ["person1@example.org", " PERSON1@Example.org "])
def test_i4_person_is_found_by_email_case_and_outer_spaces_aside_whatever_their_name(email):
    plan = look(speakers=[make_existing("ASP-P1", FirstName="Someone", LastName="Else", Email=email)])

    assert speaker_in(plan).link.asp_uuid == "ASP-P1"


@pytest.mark.parametrize("email", [None, "", "other@example.org"])
def test_i4_name_never_makes_a_person_ours(email):
    plan = look(speakers=[make_existing("ASP-P1", **SPEAKER | {"Email": email})])

    assert speaker_in(plan).action is Action.CREATE


def test_e11_records_that_are_linked_to_others_are_not_taken():
    links = make_links(
        sessions=[make_link(session_id(2), "ASP-1")], speakers=[make_link("somebody", "ASP-P1")]
    )

    plan = look([make_existing("ASP-1", **SESSION)], [make_existing("ASP-P1", **SPEAKER)], links=links)

    assert session_in(plan).action is Action.CREATE
    assert session_in(plan).warnings == ()
    assert speaker_in(plan).action is Action.CREATE


def test_e11_records_are_not_looked_for_when_a_link_is_there():
    links = linked_as(PROGRAMME, offer=OFFER)
    other = make_existing("ASP-9", "2020-01-01T00:00:00Z", **SESSION | {"Title": "Old"})

    plan = look([other], [make_existing("ASP-P9", **SPEAKER)], links=links)

    assert session_in(plan).link == links.sessions[session_id(1)]
    assert session_in(plan).action is Action.UNCHANGED


# I4: two with the same id


TWO = [
    make_existing("ASP-2", "2026-12-02T00:00:00Z", **SESSION | {"Title": "Copy"}),
    make_existing("ASP-1", "2026-12-01T00:00:00Z", **SESSION),
]


@pytest.mark.parametrize("records", [TWO, TWO[::-1]])
def test_i4_of_two_sessions_with_the_id_the_oldest_is_taken_and_the_other_named(records):
    plan = look(records, [make_existing("ASP-P1", **SPEAKER)])

    assert session_in(plan).link.asp_uuid == "ASP-1"
    assert session_in(plan).warnings == (
        "ASP has more than one session with this Sessionboard ID. ASP-1 is updated; "
        "delete in ASP: “Copy” (ASP-2).",
    )


@pytest.mark.parametrize("records", [TWO, TWO[::-1]])
def test_i4_the_linked_one_goes_before_the_oldest(records):
    links = make_links(sessions=[make_link(session_id(1), "ASP-2", pushed=SESSION)])

    plan = look(records, links=links)

    assert session_in(plan).link.asp_uuid == "ASP-2"
    assert len(session_in(plan).warnings) == 1
    assert "ASP-2 is updated; delete in ASP: “Session 1” (ASP-1)." in session_in(plan).warnings[0]


def test_i4_equally_old_ones_are_told_apart_in_the_same_way_every_time():
    records = [replace(each, created="2026-12-01T00:00:00Z") for each in TWO]

    assert session_in(look(records)).link.asp_uuid == "ASP-1"
    assert session_in(look(records[::-1])).link.asp_uuid == "ASP-1"


def test_i4_record_of_another_session_is_neither_taken_nor_named():
    # somebody typed this session's id into the record of session 2, which is older
    links = make_links(sessions=[make_link(session_id(2), "ASP-1")])

    plan = look(TWO, links=links)

    assert session_in(plan).link.asp_uuid == "ASP-2"
    assert session_in(plan).warnings == ()


def test_i4_three_with_the_id_are_all_named():
    third = make_existing("ASP-3", "2026-12-03T00:00:00Z", sessionboard_id=session_id(1))

    plan = look([*TWO, third])

    assert "delete in ASP: “Copy” (ASP-2); “without a title” (ASP-3)." in session_in(plan).warnings[0]


@pytest.mark.parametrize(
    ("there", "action"),
    [
        ({"ClientSessionId": 100}, Action.UNCHANGED),
        ({"ClientSessionId": "100"}, Action.UNCHANGED),
        ({"ClientSessionId": 101}, Action.UPDATE),
        ({"ClientSessionId": None}, Action.UPDATE),
        ({"levels-checkbox": [200]}, Action.UNCHANGED),
        ({"levels-checkbox": [201]}, Action.UPDATE),
        ({"levels-checkbox": [200, 300]}, Action.UPDATE),
        ({"Title": "Cafe\u0301 "}, Action.UNCHANGED),  # D2c
        ({"Title": "café"}, Action.UPDATE),
    ],
)
def test_e11_what_asp_answers_in_another_type_or_form_is_the_same(there, action):
    session = session_snapshot(
        title="Café", client_session_id="100", room="Hall", level="200", participants=on_stage(1)
    )
    same = {"Title": "Café", "ClientSessionId": "100", "levels-checkbox": ["200"]}
    programme = programme_snapshot(session, contacts=[PERSON])

    plan = look(
        [make_existing("ASP-1", **SESSION | same | there)],
        [make_existing("ASP-P1", **SPEAKER)],
        programme,
    )

    assert session_in(plan).action is action
