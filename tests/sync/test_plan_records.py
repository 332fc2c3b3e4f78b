"""What a plan says of a record, as a whole: its kind and name, what is done with it, why, and by which link."""

from dataclasses import replace
from datetime import timedelta

import pytest
from plan_samples import (
    CONTRACT,
    NOW,
    START,
    contact_snapshot,
    linked_as,
    make_existing,
    make_link,
    make_links,
    make_offer,
    make_rules,
    on_stage,
    person_id,
    plan_of,
    programme_snapshot,
    sent,
    session_id,
    session_in,
    session_snapshot,
    speaker_in,
)

from portal.sync.planning.columns import speaker_columns
from portal.sync.planning.context import Context
from portal.sync.planning.intent import Action, Intended
from portal.sync.planning.selection import NotChosen, choose
from portal.sync.planning.snapshot import Existing, FieldRow, LinkSnapshot
from portal.sync.planning.standing import FROZEN, KnownInAsp, Standing, SyncState, state_of


def facts(each: Intended) -> tuple[str, str, str, Action]:
    return each.kind, each.id, each.name, each.action


def test_every_record_of_the_programme_is_in_the_plan_by_its_kind_and_name() -> None:
    programme = programme_snapshot(
        session_snapshot(1, participants=on_stage(1)),
        session_snapshot(2, status="declined"),
        session_snapshot(3, title=None),
        session_snapshot(4, participants=on_stage(2)),
        contacts=[contact_snapshot(1), contact_snapshot(2, email=None), contact_snapshot(3)],
    )

    plan = plan_of(programme)

    assert [facts(each) for each in plan.sessions] == [
        ("session", session_id(1), "Session 1", Action.CREATE),
        ("session", session_id(2), "Session 2", Action.SKIP),
        ("session", session_id(3), session_id(3), Action.FAIL),  # it has no title
        ("session", session_id(4), "Session 4", Action.CREATE),
    ]
    assert [facts(each) for each in plan.speakers] == [
        ("speaker", person_id(1), "Person Number 1", Action.CREATE),
        ("speaker", person_id(2), "Person Number 2", Action.FAIL),
        ("speaker", person_id(3), "Person Number 3", Action.SKIP),
    ]


def test_d6_a_session_that_is_not_wanted_is_skipped_and_has_not_failed() -> None:
    skipped = session_snapshot(status="declined")
    programme = programme_snapshot(skipped)

    found = choose(skipped, Context(programme, make_rules(), make_links(), make_offer(), CONTRACT, NOW))

    assert isinstance(found, NotChosen)
    assert (found.session, found.failed) == (skipped, False)


def test_d15_sessions_that_nobody_is_to_see_are_made_hidden() -> None:
    programme = programme_snapshot(session_snapshot(1, is_public=False), session_snapshot(2))

    plan = plan_of(programme)

    assert [each.public for each in plan.sessions] == [False, True]


# E11: what a run that died had made, and what has become of it since


def test_e11_a_session_that_was_made_and_is_declined_by_now_is_found_to_be_left_out() -> None:
    made = make_existing("ASP-9", sessionboard_id=session_id(1), Title="Session 1")
    programme = programme_snapshot(session_snapshot(status="declined"))

    left = session_in(plan_of(programme, existing=Existing(sessions=(made,))))
    hidden = session_in(
        plan_of(
            programme,
            existing=Existing(sessions=(made,)),
            rules=make_rules(unpublish_sessions=True, unpublish_approved=1),
        )
    )

    assert left.link == LinkSnapshot(session_id(1), "ASP-9", {}, adopted=True)
    assert (left.action, left.reason) == (
        Action.SKIP,
        session_in(plan_of(programme)).reason + " Its record in ASP stays as it is.",
    )
    assert (hidden.action, hidden.publish, hidden.link) == (Action.UPDATE, False, left.link)


@pytest.mark.parametrize("frozen", [False, True])
def test_e11_f3_neither_an_ended_nor_a_frozen_session_is_looked_for(frozen: bool) -> None:
    made = make_existing("ASP-9", sessionboard_id=session_id(1))
    session = (
        session_snapshot(status="declined") if frozen else session_snapshot(ends_at=NOW, status="declined")
    )
    links = make_links(frozen=frozenset({session_id(1)} if frozen else ()))

    plan = plan_of(programme_snapshot(session), links=links, existing=Existing(sessions=(made,)))

    assert session_in(plan).link is None


def test_e11_the_record_of_somebody_who_was_being_made_is_found_by_the_address_they_had_then() -> None:
    made = make_existing("ASP-9", Email="former@example.org", FirstName="Person", LastName="Number 1")
    another = make_existing("ASP-8", Email="another@example.org")
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)), contacts=[contact_snapshot(1), contact_snapshot(2)]
    )
    links = make_links(in_making={person_id(1): ("unknown@example.org", "former@example.org")})

    plan = plan_of(programme, links=links, existing=Existing(speakers=(another, made)))

    assert speaker_in(plan).link is not None
    assert (speaker_in(plan).link.asp_uuid, speaker_in(plan).action) == ("ASP-9", Action.UPDATE)


def test_e11_the_record_of_somebody_who_was_being_made_is_nobody_elses() -> None:
    made = make_existing("ASP-9", Email="former@example.org")
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1, 2)),
        contacts=[contact_snapshot(1), contact_snapshot(2, email="former@example.org")],
    )
    links = make_links(in_making={person_id(1): ("former@example.org",)})

    plan = plan_of(programme, links=links, existing=Existing(speakers=(made,)))

    taken = [each.link.asp_uuid for each in plan.speakers if each.link]
    assert taken == ["ASP-9"]


def test_e11_somebody_who_was_being_made_and_takes_part_no_more_is_unpublished() -> None:
    made = make_existing("ASP-9", Email="person1@example.org")
    programme = programme_snapshot(session_snapshot(), contacts=[contact_snapshot(1)])
    rules = make_rules(unpublish_speakers=True, unpublish_approved=1)

    in_making = make_links(in_making={person_id(1): ("person1@example.org",)})
    ours = speaker_in(plan_of(programme, links=in_making, rules=rules, existing=Existing(speakers=(made,))))
    somebodys = speaker_in(plan_of(programme, rules=rules, existing=Existing(speakers=(made,))))

    assert ours.link == LinkSnapshot(person_id(1), "ASP-9", {}, adopted=True)
    assert (ours.action, ours.publish) == (Action.UPDATE, False)
    assert (somebodys.action, somebodys.link) == (Action.SKIP, None)


# E13: what is no longer there


@pytest.mark.parametrize("again", [False, True])
def test_e13_a_record_that_was_deleted_fails_or_is_made_again(again: bool) -> None:
    programme = programme_snapshot(session_snapshot())
    links = linked_as(programme)
    gone = replace(links, sessions={key: replace(link, gone=True) for key, link in links.sessions.items()})

    session = session_in(plan_of(programme, links=gone, rules=make_rules(recreate_deleted=again)))

    if again:
        assert (session.action, session.link) == (Action.CREATE, None)
        assert session.warnings == ("It was deleted in ASP by hand. It is recreated.",)
    else:
        assert session.action is Action.FAIL
        assert session.reason == (
            "It was deleted in ASP by hand. To have it recreated, allow that in the mapping’s Event Settings, then "
            "sync again."
        )
        assert session.link is not None


def test_e13_a_deleted_record_that_has_something_new_to_say_is_tried() -> None:
    programme = programme_snapshot(session_snapshot())
    links = linked_as(programme)
    gone = replace(links, sessions={key: replace(link, gone=True) for key, link in links.sessions.items()})

    session = session_in(plan_of(programme_snapshot(session_snapshot(title="New")), links=gone))

    assert session.action is Action.UPDATE


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"gone": True}, "It was deleted in ASP by hand."),
        ({"unpublished": True}, "It is unpublished in ASP."),
        ({}, "Its record in ASP stays as it is."),
    ],
)
def test_d9_what_is_left_out_says_what_became_of_its_record(link: dict[str, bool], words: str) -> None:
    programme = programme_snapshot(session_snapshot(status="declined"))
    links = make_links(sessions=[make_link(session_id(1), **link)])

    session = session_in(plan_of(programme, links=links))

    assert session.action is Action.SKIP
    assert session.reason == f"{session_in(plan_of(programme)).reason} {words}"


# D13: a record that is found under another name


@pytest.mark.parametrize(
    ("first", "last", "warns"),
    [
        ("Ada", "Lovelace", True),
        ("PERSON ", " number  1", False),
        ("", "", False),
        (None, None, False),
        ("Person", None, True),
    ],
)
def test_d13_a_record_of_another_name_is_told_of(first: str | None, last: str | None, warns: bool) -> None:
    found = make_existing("ASP-9", Email="person1@example.org", FirstName=first, LastName=last)
    programme = programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=[contact_snapshot(1)])

    speaker = speaker_in(plan_of(programme, existing=Existing(speakers=(found,))))

    named = " ".join(part for part in (first, last) if part)
    told = (
        f"ASP had this e-mail address under the name {named}. See in ASP that the photo and the biography of the "
        "record ASP-9 are Person Number 1’s."
    )
    assert speaker.link is not None and speaker.link.adopted
    assert speaker.warnings == ((told,) if warns else ())


# What is left out is quoted


def test_d8_a_slug_whose_type_cannot_hold_the_field_is_told_with_that_type() -> None:
    rules = make_rules(FieldRow("title", "extra-people"))

    plan = plan_of(programme_snapshot(session_snapshot()), rules=rules)

    told = [*plan.warnings, plan.stop or ""]
    assert any("“extra-people” is of type speakerlist, which cannot hold it" in each for each in told), told


@pytest.mark.parametrize(("typed", "shown"), [("x" * 60, "x" * 60), ("x" * 61, "x" * 60 + "…")])
def test_d2b_an_address_that_is_none_is_quoted_and_a_long_one_cut(typed: str, shown: str) -> None:
    contact = contact_snapshot(1, website=typed)
    programme = programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=[contact])

    (warning,) = speaker_in(plan_of(programme)).warnings

    assert f"“{shown}” is no web address" in warning


# E9: the reason goes with the standing


def test_e9_a_frozen_session_says_why() -> None:
    each = Intended("session", "1", "One", Action.SKIP)

    assert state_of(each, KnownInAsp({}, frozen={"1"})) == SyncState(Standing.FROZEN, FROZEN)


@pytest.mark.parametrize("action", [Action.UPDATE, Action.CREATE])
def test_e9_what_would_be_written_says_why_where_there_is_a_reason(action: Action) -> None:
    each = Intended("session", "1", "One", action, "For a reason.")

    assert state_of(each, KnownInAsp({"1": make_link("1")})) == SyncState(Standing.CHANGED, "For a reason.")


@pytest.mark.parametrize("share", [1.0, 0.0])
def test_e9_what_would_be_unpublished_says_why_it_is_not_wanted_and_no_more(share: float) -> None:
    before = programme_snapshot(session_snapshot(1), session_snapshot(2), session_snapshot(3))
    links = linked_as(before)
    after = replace(before, sessions=(session_snapshot(1, status="declined"), *before.sessions[1:]))
    rules = make_rules(unpublish_sessions=True, unpublish_limit=0, unpublish_share=share)
    skipped = session_in(plan_of(programme_snapshot(session_snapshot(1, status="declined")))).reason

    session = session_in(plan_of(after, links=links, rules=rules))

    assert state_of(session, KnownInAsp(links.sessions)) == SyncState(Standing.WOULD_BE_UNPUBLISHED, skipped)


# What one record says of others


def test_d7_who_cannot_be_shown_comes_to_no_session_whoever_stands_before_them() -> None:
    people = [contact_snapshot(1), contact_snapshot(2, first_name=None)]
    programme = programme_snapshot(session_snapshot(participants=on_stage(2)), contacts=people)
    hidden = make_link(person_id(2), "ASP-2", unpublished=True)

    plan = plan_of(programme, links=make_links(speakers=[make_link(person_id(1)), hidden]))

    assert [each.action for each in plan.speakers] == [Action.SKIP, Action.FAIL]
    assert sent(plan, session_in(plan)).get("Speakers") is None


@pytest.mark.parametrize(("number", "told"), [(2, "1 other session has"), (3, "2 other sessions have")])
def test_d17_a_shared_id_says_how_many_others_have_it(number: int, told: str) -> None:
    sessions = [session_snapshot(each, client_session_id="C") for each in range(1, number + 1)]

    plan = plan_of(programme_snapshot(*sessions))

    assert [told in each.warnings[0] for each in plan.sessions] == [True] * number


def test_d12_what_is_gone_or_hidden_already_does_not_count_as_shown() -> None:
    sessions = [session_snapshot(each) for each in range(1, 6)]
    links = linked_as(programme_snapshot(*sessions))
    there = {key: replace(link, gone=True) for key, link in list(links.sessions.items())[:3]}
    there[session_id(4)] = replace(links.sessions[session_id(4)], unpublished=True)
    links = replace(links, sessions={**links.sessions, **there})
    declined = [*sessions[:4], session_snapshot(5, status="declined")]

    plan = plan_of(programme_snapshot(*declined), links=links, rules=make_rules(unpublish_sessions=True))

    assert plan.withheld == 1  # the only one that is shown: an admin is asked


def test_d9_what_is_unpublished_says_why_and_that_it_is() -> None:
    sessions = [session_snapshot(each) for each in range(1, 4)]
    links = linked_as(programme_snapshot(*sessions))
    declined = programme_snapshot(*sessions[:2], session_snapshot(3, status="declined"))
    why = session_in(plan_of(declined), 3).reason

    plan = plan_of(declined, links=links, rules=make_rules(unpublish_sessions=True))

    assert session_in(plan, 3).reason == f"{why} It is unpublished in ASP."


def test_d3_a_session_over_several_dates_says_until_when_and_what_is_shown() -> None:
    ends = START + timedelta(days=2, hours=3, minutes=5)

    (warning,) = session_in(plan_of(programme_snapshot(session_snapshot(ends_at=ends)))).warnings

    for told in ("1 February 2027, 12:35", "30 January 2027", "09:30", "12:35"):
        assert told in warning


@pytest.mark.parametrize(
    ("format", "told"),
    [("Debate", "neither “Debate” nor “Session”"), ("session", "no “Session”"), (None, "no “Session”")],
)
def test_d4_where_the_seminar_has_no_session_either_it_says_so(format: str | None, told: str) -> None:
    programme = programme_snapshot(session_snapshot(format=format))

    (warning,) = session_in(plan_of(programme, offer=make_offer(session_types=("Talk",)))).warnings

    assert told in warning


@pytest.mark.parametrize(
    "carried", ["0000ABCD-0000-4000-8000-00000000000F", "0000abcd-0000-4000-8000-00000000000f"]
)
@pytest.mark.parametrize(
    "ours", ["0000ABCD-0000-4000-8000-00000000000F", "0000abcd-0000-4000-8000-00000000000f"]
)
def test_i4_an_id_is_the_same_in_capital_letters(carried: str, ours: str) -> None:
    records = (
        make_existing("ASP-1", sessionboard_id=carried, Title="Session 1"),
        make_existing("ASP-2", "2027-01-01T00:00:00Z", sessionboard_id=carried, Title="Its double"),
    )

    (session,) = plan_of(
        programme_snapshot(session_snapshot(id=ours)), existing=Existing(sessions=records)
    ).sessions

    assert session.link is not None and session.link.asp_uuid == "ASP-1"
    assert [each for each in session.warnings if "“Its double” (ASP-2)" in each] == list(session.warnings)
    assert len(session.warnings) == 1


def test_d4_a_format_that_is_no_type_says_which_was_used() -> None:
    (warning,) = session_in(plan_of(programme_snapshot(session_snapshot(format="Debate")))).warnings

    assert "“Debate” is no session type of the seminar, so “Session” was used" in warning


def test_a_speakers_field_can_be_any_slug_that_asp_has_as_text() -> None:
    columns = speaker_columns(make_rules(speaker_fields=(FieldRow("job_title", "extra"),)), CONTRACT)

    assert [(each.field.key, each.slug, each.type) for each in columns.columns] == [
        ("job_title", "extra", "text")
    ]
    assert (columns.warnings, columns.missing_required) == ((), ())
