"""What is taken off the website and put back: D9, D12, D15."""

from dataclasses import replace
from datetime import timedelta

import pytest
from plan_samples import (
    NOW,
    START,
    linked_as,
    make_contact,
    make_existing,
    make_link,
    make_links,
    make_participant,
    make_programme,
    make_rules,
    make_session,
    on_stage,
    person_id,
    plan_of,
    push,
    sent,
    session_id,
    session_in,
    speaker_in,
)

from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.snapshot import Existing, Links
from portal.sync.planning.unpublishing import guard_unpublishing, is_unpublished

BOTH = make_rules(unpublish_sessions=True, unpublish_speakers=True, unpublish_approved=100)
PROGRAMME = make_programme(make_session(participants=on_stage(1)), contacts=[make_contact(1)])
DECLINED = replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], status="declined"),))


def outcome(intended: Intended):
    return intended.action, intended.publish


# D9


def test_d9_by_default_what_is_no_longer_accepted_stays_as_it_is():
    plan = plan_of(DECLINED, links=linked_as(PROGRAMME))

    assert outcome(session_in(plan)) == (Action.SKIP, None)
    assert session_in(plan).reason == "Not accepted (status: declined). Its record in ASP stays as it is."
    assert outcome(speaker_in(plan)) == (Action.SKIP, None)
    assert plan.unpublishes == 0


@pytest.mark.parametrize(("sessions", "speakers"), [(True, False), (False, True), (True, True)])
def test_d9_each_kind_is_unpublished_when_its_setting_is_on(sessions, speakers):
    rules = replace(BOTH, unpublish_sessions=sessions, unpublish_speakers=speakers)

    plan = plan_of(DECLINED, links=linked_as(PROGRAMME), rules=rules)

    gone, stays = (Action.UPDATE, False), (Action.SKIP, None)
    assert outcome(session_in(plan)) == (gone if sessions else stays)
    assert outcome(speaker_in(plan)) == (gone if speakers else stays)
    assert plan.unpublishes == sessions + speakers


def test_d9_what_was_never_synced_is_not_unpublished():
    plan = plan_of(DECLINED, rules=BOTH)

    assert outcome(session_in(plan)) == (Action.SKIP, None)
    assert outcome(speaker_in(plan)) == (Action.SKIP, None)


def test_d9_what_is_unpublished_already_is_not_unpublished_again():
    links = push(plan_of(DECLINED, links=linked_as(PROGRAMME), rules=BOTH), linked_as(PROGRAMME))

    plan = plan_of(DECLINED, links=links, rules=BOTH)

    assert outcome(session_in(plan)) == (Action.SKIP, None)
    assert session_in(plan).reason == "Not accepted (status: declined). It is unpublished in ASP."
    assert outcome(speaker_in(plan)) == (Action.SKIP, None)
    assert plan.unpublishes == 0


@pytest.mark.parametrize("rules", [BOTH, make_rules()])
def test_d9_what_comes_back_is_published_again(rules):
    links = push(plan_of(DECLINED, links=linked_as(PROGRAMME), rules=BOTH), linked_as(PROGRAMME))

    plan = plan_of(PROGRAMME, links=links, rules=rules)

    assert outcome(session_in(plan)) == (Action.UPDATE, True)
    assert outcome(speaker_in(plan)) == (Action.UPDATE, True)
    assert sent(plan, session_in(plan)) == {}
    again = plan_of(PROGRAMME, links=push(plan, links), rules=rules)
    assert outcome(session_in(again)) == (Action.UNCHANGED, None)
    assert outcome(speaker_in(again)) == (Action.UNCHANGED, None)


def test_d9_what_comes_back_is_brought_up_to_date_in_the_same_update():
    links = push(plan_of(DECLINED, links=linked_as(PROGRAMME), rules=BOTH), linked_as(PROGRAMME))
    back = replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], title="New"),))

    plan = plan_of(back, links=links, rules=BOTH)

    assert outcome(session_in(plan)) == (Action.UPDATE, True)
    assert sent(plan, session_in(plan)) == {"Title": "New"}


def test_d9_what_comes_back_incomplete_stays_unpublished():
    links = push(plan_of(DECLINED, links=linked_as(PROGRAMME), rules=BOTH), linked_as(PROGRAMME))
    back = replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], title=""),))

    assert outcome(session_in(plan_of(back, links=links, rules=BOTH))) == (Action.FAIL, None)


@pytest.mark.parametrize("status", ["accepted", "declined"])
def test_d5_ended_sessions_are_never_unpublished(status):
    links = linked_as(PROGRAMME)
    ended = replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], status=status),))

    plan = plan_of(ended, links=links, rules=BOTH, now=START + timedelta(days=1))

    assert outcome(session_in(plan)) == (Action.SKIP, None)


def test_d5_people_of_accepted_sessions_that_have_ended_are_not_unpublished():
    plan = plan_of(PROGRAMME, links=linked_as(PROGRAMME), rules=BOTH, now=START + timedelta(days=1))

    assert outcome(speaker_in(plan)) == (Action.SKIP, None)


@pytest.mark.parametrize(
    "state",
    [
        {"title": None},
        {"ends_at": START - timedelta(days=1)},
        {"ends_at": NOW - timedelta(days=1)},
        {"id": session_id(9)},
    ],
)
def test_d9_person_on_an_accepted_session_that_does_not_sync_is_not_unpublished(state):
    session = replace(PROGRAMME.sessions[0], **state)
    links = replace(linked_as(PROGRAMME), frozen=frozenset({session_id(9)}))

    plan = plan_of(replace(PROGRAMME, sessions=(session,)), links=links, rules=BOTH)

    assert outcome(speaker_in(plan)) == (Action.SKIP, None)


@pytest.mark.parametrize(
    "participants", [(), (make_participant(1, status="declined"),), (make_participant(1, status="pending"),)]
)
def test_d9_person_who_is_accepted_nowhere_is_unpublished(participants):
    after = replace(PROGRAMME, sessions=(make_session(participants=participants),))

    plan = plan_of(after, links=linked_as(PROGRAMME), rules=BOTH)

    assert outcome(speaker_in(plan)) == (Action.UPDATE, False)
    assert outcome(session_in(plan)) == (Action.UPDATE, None)


def test_d9_failed_session_is_not_unpublished():
    failed = replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], client_session_id=None),))

    assert outcome(session_in(plan_of(failed, links=linked_as(PROGRAMME), rules=BOTH))) == (Action.FAIL, None)


# D15


@pytest.mark.parametrize("public", [True, False])
def test_d15_new_session_is_published_unless_it_is_not_public(public):
    assert session_in(plan_of(make_programme(make_session(is_public=public)))).public is public


def test_d15_session_that_stops_or_starts_being_public_is_not_touched():
    for before, after in ((True, False), (False, True)):
        links = linked_as(make_programme(make_session(is_public=before)))

        plan = plan_of(make_programme(make_session(is_public=after)), links=links, rules=BOTH)

        assert outcome(session_in(plan)) == (Action.UNCHANGED, None)


def test_d15_session_that_is_not_public_is_not_published_when_it_comes_back():
    hidden = make_programme(make_session(is_public=False))
    declined = make_programme(make_session(is_public=False, status="declined"))
    links = linked_as(hidden)
    links = push(plan_of(declined, links=links, rules=BOTH), links)

    plan = plan_of(hidden, links=links, rules=BOTH)

    assert outcome(session_in(plan)) == (Action.UNCHANGED, None)


def test_d15_record_that_is_found_unpublished_stays_so():
    found = make_existing("ASP-1", sessionboard_id=session_id(1), isPublished=False)
    person = make_existing("ASP-P1", Email="person1@example.org", isActive=False)

    plan = plan_of(PROGRAMME, existing=Existing(sessions=(found,), speakers=(person,)), rules=BOTH)

    assert session_in(plan).publish is None
    assert speaker_in(plan).publish is None


# D12


def unpublishing(count: int) -> Plan:
    def one(number: int) -> Intended:
        return Intended("session", str(number), "x", Action.UPDATE, link=make_link("x"), publish=False)

    return Plan(sessions=tuple(map(one, range(count))))


@pytest.mark.parametrize(
    ("count", "synced", "stops"),
    [
        (0, 0, False),
        (25, 1000, False),
        (26, 1000, True),
        (2, 10, False),
        (3, 10, True),
        (3, 15, False),
        (7, 35, False),
        (8, 35, True),
        (1, 4, True),
        (1, 5, False),
        (20, 100, False),
        (21, 100, True),
    ],
)
def test_d12_more_than_25_records_or_a_fifth_stop_the_run(count, synced, stops):
    plan = guard_unpublishing(unpublishing(count), make_rules(), synced)

    assert (plan.stop is not None) is stops
    assert plan.unpublishes == count


@pytest.mark.parametrize(("approved", "stops"), [(0, True), (29, True), (30, False), (31, False)])
def test_d12_approval_is_for_as_many_records_as_the_admin_saw(approved, stops):
    plan = guard_unpublishing(unpublishing(30), make_rules(unpublish_approved=approved), 1000)

    assert (plan.stop is not None) is stops


def test_d12_limits_are_settings():
    rules = make_rules(unpublish_limit=3, unpublish_share=0.5)

    assert guard_unpublishing(unpublishing(3), rules, 6).stop is None
    assert guard_unpublishing(unpublishing(4), rules, 100).stop is not None
    assert guard_unpublishing(unpublishing(3), rules, 5).stop is not None


def test_d12_sessions_and_people_count_together_and_the_message_says_how_many():
    sessions = [make_session(n, participants=on_stage(n)) for n in range(1, 9)]
    contacts = [make_contact(n) for n in range(1, 9)]
    before = make_programme(*sessions, contacts=contacts)
    gone = [replace(each, status="declined") for each in sessions[:2]]
    after = make_programme(*gone, *sessions[2:], contacts=contacts)
    rules = replace(BOTH, unpublish_approved=0)

    plan = plan_of(after, links=linked_as(before), rules=rules)

    assert plan.unpublishes == 4
    assert plan.stop.startswith("This sync would unpublish 4 of 16 synced records in ASP.")
    assert (
        plan_of(after, links=linked_as(before), rules=replace(rules, unpublish_speakers=False)).stop is None
    )


def test_d12_publishing_again_and_other_updates_do_not_count():
    links = make_links(
        sessions=[make_link(session_id(1), unpublished=True)],
        speakers=[make_link(person_id(1), unpublished=True)],
    )

    plan = plan_of(PROGRAMME, links=links, rules=replace(BOTH, unpublish_approved=0))

    assert plan.stop is None
    assert plan.unpublishes == 0
    assert not any(map(is_unpublished, (*plan.sessions, *plan.speakers)))


def test_d12_first_sync_has_nothing_to_unpublish():
    assert plan_of(DECLINED, links=Links(), rules=replace(BOTH, unpublish_approved=0)).stop is None
