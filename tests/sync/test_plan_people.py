"""Who is synced, and who is one and the same person: D6, D7, D13, D14."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from plan_samples import (
    CUSTOM_FIELDS,
    NOW,
    START,
    actions,
    contact_snapshot,
    linked_as,
    make_existing,
    make_link,
    make_links,
    make_offer,
    make_rules,
    on_stage,
    participant_snapshot,
    person_id,
    plan_of,
    programme_snapshot,
    push,
    sent,
    session_in,
    session_snapshot,
    speaker_in,
    without_row,
)

from portal.sync.planning.deciding import named_pending
from portal.sync.planning.intent import Action
from portal.sync.planning.snapshot import Existing
from portal.sync.planning.speakers import NOT_ON_A_SYNCED_SESSION

EARLIER = datetime(2026, 11, 1, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def make_ada(number: int = 1, **overrides):
    return contact_snapshot(
        number, **{"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.org"} | overrides
    )


def make_charles(number: int = 2, **overrides):
    return contact_snapshot(
        number, **{"first_name": "Charles", "last_name": "Babbage", "email": "ada@example.org"} | overrides
    )


def link_of(number: int, email: str = "ada@example.org", **pushed):
    return make_link(person_id(number), f"ASP-P{number}", pushed={"Email": email} | pushed)


def on_one_session(*contacts):
    numbers = [int(contact.id[-1]) for contact in contacts]
    return programme_snapshot(session_snapshot(participants=on_stage(*numbers)), contacts=contacts)


# D6: who is synced


@pytest.mark.parametrize("role", ["speaker", "moderator", "chairperson"])
def test_d6_accepted_participant_of_a_session_that_syncs_is_synced_in_any_role(role):
    programme = programme_snapshot(
        session_snapshot(participants=(participant_snapshot(1, role),)), contacts=[contact_snapshot(1)]
    )

    assert speaker_in(plan_of(programme)).action is Action.CREATE


@pytest.mark.parametrize(
    "participant",
    [
        participant_snapshot(1, status="declined"),
        participant_snapshot(1, status="pending"),
    ],
)
def test_d6_others_are_skipped(participant):
    programme = programme_snapshot(
        session_snapshot(participants=(participant,)), contacts=[contact_snapshot(1)]
    )

    speaker = speaker_in(plan_of(programme))

    assert (speaker.action, speaker.reason) == (Action.SKIP, NOT_ON_A_SYNCED_SESSION)


@pytest.mark.parametrize(
    ("role", "fields"), [("panelist", CUSTOM_FIELDS), ("moderator", {"sessionboard_id": "text"})]
)
def test_e7_who_takes_part_in_a_role_that_is_not_sent_is_told_so(role, fields):
    programme = programme_snapshot(
        session_snapshot(participants=(participant_snapshot(1, role),)), contacts=[contact_snapshot(1)]
    )

    speaker = speaker_in(plan_of(programme, offer=make_offer(custom_fields=fields)))

    assert (speaker.action, speaker.reason) == (
        Action.SKIP,
        f"Takes part in a synced session, but in no role that is sent: {role}.",
    )


@pytest.mark.parametrize(
    "overrides",
    [
        {"rules": make_rules(send_moderators=False)},
        {"rules": without_row(make_rules(), "moderators")},
        {
            "offer": make_offer(
                custom_fields={k: v for k, v in CUSTOM_FIELDS.items() if k != "panel-moderator"}
            )
        },
        {"offer": make_offer(custom_fields=CUSTOM_FIELDS | {"panel-moderator": "text"})},
    ],
)
def test_d6_role_whose_field_is_not_mapped_or_not_in_the_seminar_does_not_count(overrides):
    programme = programme_snapshot(
        session_snapshot(participants=(participant_snapshot(1, "moderator"),)), contacts=[contact_snapshot(1)]
    )

    assert speaker_in(plan_of(programme, **overrides)).action is Action.SKIP


@pytest.mark.parametrize(
    "state",
    [
        {"status": "pending"},
        {"title": None},
        {"ends_at": NOW - timedelta(hours=1)},
        {"ends_at": START},
    ],
)
def test_d6_session_that_is_skipped_or_fails_does_not_count(state):
    programme = programme_snapshot(
        session_snapshot(1, participants=on_stage(1), **state),
        session_snapshot(2, participants=on_stage(2)),
        contacts=[contact_snapshot(1), contact_snapshot(2)],
    )

    plan = plan_of(programme)

    assert [each.action for each in plan.speakers] == [Action.SKIP, Action.CREATE]


def test_d6_everybody_of_the_event_is_in_the_plan_once():
    programme = programme_snapshot(
        session_snapshot(1, participants=on_stage(1, 2)),
        session_snapshot(2, participants=(participant_snapshot(1, "moderator"),)),
        contacts=[contact_snapshot(1), contact_snapshot(2), contact_snapshot(3)],
    )

    assert [each.id[-1] for each in plan_of(programme).speakers] == ["1", "2", "3"]


def test_d6_person_who_is_declined_leaves_the_list_and_their_record_stays():
    before = on_one_session(contact_snapshot(1), contact_snapshot(2))
    links = linked_as(before)
    participants = (participant_snapshot(1, status="declined"), participant_snapshot(2))
    after = replace(before, sessions=(session_snapshot(participants=participants),))

    plan = plan_of(after, links=links)

    assert sent(plan, session_in(plan)) == {"Speakers": [f"asp:{person_id(2)}"]}
    assert speaker_in(plan).action is Action.SKIP
    assert speaker_in(plan).reason == f"{NOT_ON_A_SYNCED_SESSION} Its record in ASP stays as it is."


def test_d6_when_everybody_is_declined_the_list_is_cleared():
    before = on_one_session(contact_snapshot(1))
    links = linked_as(before)
    after = replace(before, sessions=(session_snapshot(),))

    plan = plan_of(after, links=links)

    assert sent(plan, session_in(plan)) == {"Speakers": []}


# D7: required fields of a person


@pytest.mark.parametrize(
    ("missing", "fields"),
    [
        ({"first_name": None}, "First Name is missing. Add it on the person"),
        ({"last_name": " \t"}, "Last Name is missing. Add it on the person"),
        ({"email": ""}, "Email is missing. Add it on the person"),
        ({"first_name": " ", "email": None}, "First Name and Email are missing. Add them on the person"),
        (
            {"first_name": None, "last_name": None, "email": " "},
            "First Name, Last Name and Email are missing. Add them on the person",
        ),
    ],
)
def test_d7_person_without_a_required_field_fails_and_the_session_syncs_without_them(missing, fields):
    plan = plan_of(on_one_session(contact_snapshot(1, **missing), contact_snapshot(2)))

    failed, session = speaker_in(plan, 1), session_in(plan)
    assert failed.action is Action.FAIL
    assert failed.reason == f"{fields}, then sync again."
    assert session.action is Action.CREATE
    assert session.warnings == (f"Synced without {failed.name}: {failed.reason}",)
    assert [each.key for each in named_pending(plan.speakers, ())] == [person_id(2)]


def test_d7_session_whose_people_all_fail_is_synced_with_nobody():
    plan = plan_of(on_one_session(contact_snapshot(1, email=None), contact_snapshot(2, email=None)))

    session = session_in(plan)
    assert session.action is Action.CREATE
    assert len(session.warnings) == 2
    assert "Speakers" not in sent(plan, session)


def test_d7_session_gets_the_person_once_they_sync():
    links = push(plan_of(on_one_session(contact_snapshot(1, email=None))), make_links())

    plan = plan_of(on_one_session(contact_snapshot(1)), links=links)

    assert speaker_in(plan).action is Action.CREATE
    assert session_in(plan).action is Action.UPDATE
    assert session_in(plan).warnings == ()


def test_d7_person_who_is_linked_stays_on_the_session_when_their_update_fails():
    before = on_one_session(contact_snapshot(1), contact_snapshot(2))
    links = linked_as(before)
    after = on_one_session(contact_snapshot(1, last_name=""), contact_snapshot(2))

    plan = plan_of(after, links=links)

    assert speaker_in(plan).action is Action.FAIL
    assert session_in(plan).action is Action.UNCHANGED
    assert session_in(plan).warnings == ()


def test_d7_failed_person_is_not_unpublished():
    links = linked_as(on_one_session(contact_snapshot(1)))

    plan = plan_of(
        on_one_session(contact_snapshot(1, email=None)),
        links=links,
        rules=make_rules(unpublish_speakers=True),
    )

    assert (speaker_in(plan).action, speaker_in(plan).publish) == (Action.FAIL, None)


# D13: the same e-mail and the same name


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [(EARLIER, LATER, 2), (LATER, EARLIER, 1), (LATER, LATER, 1), (None, EARLIER, 2), (None, None, 1)],
)
def test_d13_same_name_is_one_speaker_with_the_fields_of_the_one_updated_last(first, second, winner):
    ada = make_ada(1, updated_at=first, job_title="one")
    again = make_ada(2, updated_at=second, job_title="two")

    plan = plan_of(on_one_session(again, ada))

    loser = 3 - winner
    assert speaker_in(plan, winner).action is Action.CREATE
    assert speaker_in(plan, winner).values["JobTitle"] == ["one", "two"][winner - 1]
    assert speaker_in(plan, winner).also == (person_id(loser),)
    assert speaker_in(plan, loser).action is Action.SKIP
    assert speaker_in(plan, loser).reason.startswith("The same person as another entry named Ada Lovelace")


@pytest.mark.parametrize(
    "other",
    [
        {"email": " ADA@Example.ORG "},
        {"first_name": "ADA ", "last_name": " lovelace"},
        {"first_name": "Ada", "last_name": "LOVELACE\t"},
    ],
)
def test_d13_email_and_name_are_compared_case_and_spaces_aside(other):
    plan = plan_of(on_one_session(make_ada(1), make_ada(2, **other)))

    assert [each.action for each in plan.speakers] == [Action.CREATE, Action.SKIP]


def test_d13_names_are_compared_however_their_accents_are_encoded():
    plan = plan_of(on_one_session(make_ada(1, first_name="Zoé"), make_ada(2, first_name="ZOE\u0301")))

    assert [each.action for each in plan.speakers] == [Action.CREATE, Action.SKIP]


def test_d13_sessions_of_the_loser_refer_to_the_winner():
    programme = programme_snapshot(
        session_snapshot(1, participants=on_stage(1)),
        session_snapshot(2, participants=on_stage(2)),
        session_snapshot(3, participants=on_stage(1, 2)),
        contacts=[make_ada(1, updated_at=LATER), make_ada(2, updated_at=EARLIER)],
    )

    links = push(plan_of(programme), make_links())

    winner = [f"asp:{person_id(1)}"]
    assert [link.pushed["Speakers"] for link in links.sessions.values()] == [winner] * 3
    assert set(links.speakers) == {person_id(1)}
    again = plan_of(programme, links=links)
    assert {each.action for each in again.speakers} <= {Action.UNCHANGED, Action.SKIP}
    assert actions(again.sessions) == ["unchanged"] * 3


@pytest.mark.parametrize("linked", [1, 2])
def test_d13_one_speaker_goes_on_with_the_link_that_there_is(linked):
    contacts = [make_ada(1, updated_at=LATER), make_ada(2, updated_at=EARLIER)]

    plan = plan_of(on_one_session(*contacts), links=make_links(speakers=[link_of(linked)]))

    assert speaker_in(plan, 1).action is Action.UPDATE
    assert speaker_in(plan, 1).link.asp_uuid == f"ASP-P{linked}"
    assert speaker_in(plan, 2).action is Action.SKIP
    assert sent(plan, session_in(plan))["Speakers"] == [f"ASP-P{linked}"]


def test_d13_of_two_linked_entries_the_record_that_has_the_email_goes_on():
    # the winner was synced with another e-mail before: its record cannot take one that ASP has elsewhere
    contacts = [make_ada(1, updated_at=LATER), make_ada(2, updated_at=EARLIER)]
    links = make_links(speakers=[link_of(1, "old@example.org"), link_of(2)])

    plan = plan_of(on_one_session(*contacts), links=links)

    assert speaker_in(plan, 1).link.asp_uuid == "ASP-P2"
    assert sent(plan, session_in(plan))["Speakers"] == ["ASP-P2"]


@pytest.mark.parametrize("winner", [1, 2])
def test_d13_sessions_refer_to_the_winner_even_when_the_loser_has_a_record_of_its_own(winner):
    dates = {winner: LATER, 3 - winner: EARLIER}
    contacts = [make_ada(1, updated_at=dates[1]), make_ada(2, updated_at=dates[2])]
    links = make_links(speakers=[link_of(winner), link_of(3 - winner, "old@example.org")])

    plan = plan_of(on_one_session(*contacts), links=links)

    assert sent(plan, session_in(plan))["Speakers"] == [f"ASP-P{winner}"]


@pytest.mark.parametrize("unpublish", [False, True])
def test_d13_record_of_somebody_on_no_session_any_more_is_taken_over_by_the_same_person(unpublish):
    # entry 2 was synced and is on no session any more; entry 1 is new: one person, one record
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)), contacts=[make_ada(1), make_ada(2)]
    )
    links = make_links(speakers=[link_of(2)])

    plan = plan_of(
        programme, links=links, rules=make_rules(unpublish_speakers=unpublish, unpublish_approved=9)
    )

    assert speaker_in(plan, 1).link.asp_uuid == "ASP-P2"
    assert speaker_in(plan, 2).action is Action.SKIP
    assert speaker_in(plan, 2).publish is None
    assert speaker_in(plan, 2).reason.startswith("The same person as another entry named Ada Lovelace")
    assert speaker_in(plan, 2).link is None  # so that no word is said of a record that is another's now
    assert "record in ASP" not in speaker_in(plan, 2).reason


def test_d13_record_that_was_unpublished_is_published_again_for_the_same_person():
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)), contacts=[make_ada(1), make_ada(2)]
    )
    links = make_links(speakers=[replace(link_of(2), unpublished=True)])

    plan = plan_of(programme, links=links, rules=make_rules(unpublish_speakers=True))

    assert (speaker_in(plan, 1).action, speaker_in(plan, 1).publish) == (Action.UPDATE, True)
    assert (speaker_in(plan, 2).action, speaker_in(plan, 2).publish) == (Action.SKIP, None)


def test_d13_loser_with_a_record_of_its_own_is_not_unpublished():
    contacts = [make_ada(1, updated_at=LATER), make_ada(2, updated_at=EARLIER)]
    links = make_links(speakers=[link_of(1), link_of(2, "old@example.org")])

    plan = plan_of(
        on_one_session(*contacts),
        links=links,
        rules=make_rules(unpublish_speakers=True, unpublish_approved=9),
    )

    assert speaker_in(plan, 2).publish is None
    assert "Its record in ASP stays as it is." in speaker_in(plan, 2).reason


# D13: the same e-mail and different names


def test_d13_of_different_names_none_of_them_linked_all_fail_naming_each_other():
    plan = plan_of(on_one_session(make_ada(1), make_charles(2)))

    assert [each.action for each in plan.speakers] == [Action.FAIL, Action.FAIL]
    assert speaker_in(plan, 1).reason.startswith("Has the same e-mail address as Charles Babbage.")
    assert speaker_in(plan, 2).reason.startswith("Has the same e-mail address as Ada Lovelace.")
    assert len(session_in(plan).warnings) == 2


@pytest.mark.parametrize("linked", [1, 2])
def test_d13_of_different_names_only_the_one_already_linked_goes_on(linked):
    plan = plan_of(on_one_session(make_ada(1), make_charles(2)), links=make_links(speakers=[link_of(linked)]))

    assert speaker_in(plan, linked).action is Action.UPDATE
    assert speaker_in(plan, 3 - linked).action is Action.FAIL
    assert sent(plan, session_in(plan))["Speakers"] == [f"ASP-P{linked}"]


def test_d13_an_asp_record_with_the_email_is_adopted_by_neither_of_two_names():
    found = make_existing("ASP-9", Email="ada@example.org", FirstName="Ada", LastName="Lovelace")

    plan = plan_of(on_one_session(make_ada(1), make_charles(2)), existing=Existing(speakers=(found,)))

    assert [each.link for each in plan.speakers] == [None, None]


def test_d13_of_two_linked_names_the_one_whose_record_has_the_email_goes_on():
    links = make_links(speakers=[link_of(1), link_of(2, "charles@example.org")])

    plan = plan_of(on_one_session(make_ada(1), make_charles(2)), links=links)

    assert [each.action for each in plan.speakers] == [Action.UPDATE, Action.FAIL]
    assert sent(plan, session_in(plan))["Speakers"] == ["ASP-P1", "ASP-P2"]  # D7: linked people stay


def test_d13_record_of_another_who_is_on_no_session_any_more_is_taken_over_and_emptied():
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)), contacts=[make_ada(1), make_charles(2)]
    )
    links = make_links(speakers=[link_of(2, FirstName="Charles", Biography="<p>A man.</p>")])

    plan = plan_of(programme, links=links)

    ada = speaker_in(plan, 1)
    assert (ada.action, ada.link.asp_uuid) == (Action.UPDATE, "ASP-P2")
    sent_of_ada = sent(plan, ada)
    assert (sent_of_ada["FirstName"], sent_of_ada["Email"]) == ("Ada", "ada@example.org")
    assert (sent_of_ada["Biography"], sent_of_ada["Headshot"]) == ("", "")  # ASP's editors may have filled it
    assert speaker_in(plan, 2).action is Action.SKIP


def test_d13_record_of_another_who_is_on_a_session_still_is_left_to_asps_own_answer():
    declined = (participant_snapshot(1), participant_snapshot(2, status="declined"))
    programme = programme_snapshot(
        session_snapshot(participants=declined), contacts=[make_ada(1), make_charles(2)]
    )

    plan = plan_of(programme, links=make_links(speakers=[link_of(2)]))

    assert speaker_in(plan, 1).action is Action.CREATE


def test_d13_who_has_another_address_by_now_holds_the_former_one_no_more():
    contacts = [make_ada(1), make_charles(2, email="charles@example.org")]
    programme = programme_snapshot(
        session_snapshot(participants=(participant_snapshot(1), participant_snapshot(2, status="declined"))),
        contacts=contacts,
    )

    plan = plan_of(programme, links=make_links(speakers=[link_of(2)]))

    assert speaker_in(plan, 1).action is Action.CREATE


def test_d13_two_linked_entries_of_one_person_swap_their_records():
    contacts = [make_ada(1, updated_at=LATER), make_ada(2, updated_at=EARLIER)]
    links = make_links(speakers=[link_of(1, "old@example.org"), link_of(2)])

    plan = plan_of(on_one_session(*contacts), links=links)
    after = push(plan, links)

    assert {key[-1]: link.asp_uuid for key, link in after.speakers.items()} == {"1": "ASP-P2", "2": "ASP-P1"}
    assert plan_of(on_one_session(*contacts), links=after).sessions[0].action is Action.UNCHANGED
    assert "Its record in ASP stays as it is." in (speaker_in(plan, 2).reason or "")


def test_d13_linked_contact_who_fails_still_holds_the_email():
    contacts = [make_ada(1), make_charles(2, last_name="")]

    plan = plan_of(on_one_session(*contacts), links=make_links(speakers=[link_of(2)]))

    assert [each.action for each in plan.speakers] == [Action.FAIL, Action.FAIL]
    assert speaker_in(plan, 1).reason.startswith("Has the same e-mail address as Charles.")


def test_d7_linked_contact_who_fails_stays_on_the_session_by_their_record():
    # the same name, but the e-mail was removed from the entry that is linked: ASP will say that it has the address
    programme = programme_snapshot(
        session_snapshot(1, participants=on_stage(1)),
        session_snapshot(2, participants=on_stage(2)),
        contacts=[make_ada(1), make_ada(2, email=None)],
    )

    plan = plan_of(programme, links=make_links(speakers=[link_of(2)]))

    assert [each.action for each in plan.speakers] == [Action.CREATE, Action.FAIL]
    assert sent(plan, session_in(plan, 2))["Speakers"] == ["ASP-P2"]


def test_d7_linked_contact_who_fails_while_unpublished_comes_to_no_session():
    programme = on_one_session(make_ada(1), make_charles(2, last_name=""))
    links = make_links(speakers=[replace(link_of(2, "charles@example.org"), unpublished=True)])

    plan = plan_of(programme, links=links)

    assert "Synced without Charles" in " ".join(session_in(plan).warnings)
    assert Action.FAIL is speaker_in(plan, 2).action


def test_d13_contact_that_was_never_linked_and_is_no_candidate_does_not_count():
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)), contacts=[make_ada(1), make_charles(2)]
    )

    assert speaker_in(plan_of(programme), 1).action is Action.CREATE


@pytest.mark.parametrize(
    ("linked", "expected"),
    [
        ([], [Action.FAIL, Action.FAIL, Action.FAIL]),
        ([2], [Action.UPDATE, Action.SKIP, Action.FAIL]),
        ([3], [Action.FAIL, Action.FAIL, Action.UPDATE]),
    ],
)
def test_d13_three_contacts_two_of_them_the_same_person(linked, expected):
    contacts = [make_ada(1, updated_at=LATER), make_ada(2, updated_at=EARLIER), make_charles(3)]

    plan = plan_of(on_one_session(*contacts), links=make_links(speakers=[link_of(each) for each in linked]))

    assert [each.action for each in plan.speakers] == expected


def test_d13_three_names_are_all_named():
    contacts = [make_ada(1), make_charles(2), make_ada(3, first_name="Grace", last_name="Hopper")]

    plan = plan_of(on_one_session(*contacts))

    assert speaker_in(plan, 1).reason.startswith(
        "Has the same e-mail address as Charles Babbage and Grace Hopper."
    )


def test_d13_does_not_depend_on_the_order_of_sessions_and_people():
    contacts = [
        make_ada(1, updated_at=LATER),
        make_ada(2, updated_at=LATER),
        make_charles(3),
        make_ada(4, updated_at=EARLIER),
    ]
    links = make_links(speakers=[link_of(4, "a@example.org"), link_of(2, "b@example.org")])
    seen = set()

    for order in permutations(range(4)):
        sessions = [session_snapshot(n + 1, participants=on_stage(n + 1)) for n in order]
        plan = plan_of(
            programme_snapshot(*sessions, contacts=[contacts[n] for n in reversed(order)]), links=links
        )
        seen.add(
            tuple(
                (each.id, each.action, each.reason, each.link and each.link.asp_uuid, each.also)
                for each in sorted(plan.speakers, key=lambda each: each.id)
            )
        )

    assert len(seen) == 1


# D14: an e-mail that was corrected


def test_d14_email_that_was_corrected_updates_the_same_speaker():
    links = linked_as(on_one_session(contact_snapshot(1)))
    found = make_existing("ASP-9", Email="new@example.org")

    plan = plan_of(
        on_one_session(contact_snapshot(1, email="new@example.org")),
        links=links,
        existing=Existing(speakers=(found,)),
    )

    assert speaker_in(plan).link == links.speakers[person_id(1)]
    assert sent(plan, speaker_in(plan)) == {"Email": "new@example.org"}


def test_d14_email_that_differs_in_case_alone_is_no_other_person():
    links = linked_as(on_one_session(contact_snapshot(1)))

    plan = plan_of(on_one_session(contact_snapshot(1, email="PERSON1@example.org")), links=links)

    assert sent(plan, speaker_in(plan)) == {"Email": "PERSON1@example.org"}


def test_d14_email_that_somebody_gave_up_can_be_taken_by_somebody_new():
    links = linked_as(on_one_session(contact_snapshot(1)))
    contacts = [
        contact_snapshot(1, email="new@example.org"),
        contact_snapshot(2, email="person1@example.org"),
    ]
    found = make_existing(f"asp:{person_id(1)}", Email="person1@example.org")

    plan = plan_of(on_one_session(*contacts), links=links, existing=Existing(speakers=(found,)))

    assert [each.action for each in plan.speakers] == [Action.UPDATE, Action.CREATE]
    assert speaker_in(plan, 2).link is None


def test_name_of_a_person_is_shown_without_outer_spaces_and_never_empty():
    assert contact_snapshot(1, first_name=" Ada ", last_name=" Lovelace ").name == "Ada Lovelace"
    assert contact_snapshot(1, first_name=" ", last_name=None).name == "person1@example.org"
    assert contact_snapshot(1, first_name=None, last_name=None, email=" ").name == person_id(1)
