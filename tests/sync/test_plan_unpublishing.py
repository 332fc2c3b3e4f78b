"""What is taken off the website and put back: D9, D12, D15."""

from dataclasses import replace
from datetime import timedelta

import pytest
from plan_samples import (
    NOW,
    START,
    contact_snapshot,
    linked_as,
    make_existing,
    make_link,
    make_links,
    make_rules,
    on_stage,
    participant_snapshot,
    person_id,
    plan_of,
    programme_snapshot,
    push,
    sent,
    session_id,
    session_in,
    session_snapshot,
    speaker_in,
)

from portal.sync.planning.intent import Action, Intended, Plan
from portal.sync.planning.snapshot import Existing, Links, Programme
from portal.sync.planning.unpublishing import guard_unpublishing, is_unpublished

BOTH = make_rules(unpublish_sessions=True, unpublish_speakers=True, unpublish_approved=100)
PROGRAMME = programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=[contact_snapshot(1)])
DECLINED = replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], status="declined"),))


def outcome(intended: Intended):
    return intended.action, intended.publish


# D9


def test_d9_by_default_what_is_no_longer_accepted_stays_as_it_is():
    plan = plan_of(DECLINED, links=linked_as(PROGRAMME))

    assert outcome(session_in(plan)) == (Action.SKIP, None)
    assert session_in(plan).reason == "Not accepted (status: declined). Its record in ASP stays as it is."
    assert outcome(speaker_in(plan)) == (Action.SKIP, None)
    assert plan.withheld == 0


@pytest.mark.parametrize(("sessions", "speakers"), [(True, False), (False, True), (True, True)])
def test_d9_each_kind_is_unpublished_when_its_setting_is_on(sessions, speakers):
    rules = replace(BOTH, unpublish_sessions=sessions, unpublish_speakers=speakers)

    plan = plan_of(DECLINED, links=linked_as(PROGRAMME), rules=rules)

    gone, stays = (Action.UPDATE, False), (Action.SKIP, None)
    assert outcome(session_in(plan)) == (gone if sessions else stays)
    assert outcome(speaker_in(plan)) == (gone if speakers else stays)
    assert sum(map(is_unpublished, (*plan.sessions, *plan.speakers))) == sessions + speakers


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
    assert plan.withheld == 0


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
    "participants",
    [(), (participant_snapshot(1, status="declined"),), (participant_snapshot(1, status="pending"),)],
)
def test_d9_person_who_is_accepted_nowhere_is_unpublished(participants):
    after = replace(PROGRAMME, sessions=(session_snapshot(participants=participants),))

    plan = plan_of(after, links=linked_as(PROGRAMME), rules=BOTH)

    assert outcome(speaker_in(plan)) == (Action.UPDATE, False)
    assert outcome(session_in(plan)) == (Action.UPDATE, None)


def test_d9_failed_session_is_not_unpublished():
    failed = replace(PROGRAMME, sessions=(replace(PROGRAMME.sessions[0], client_session_id=None),))

    assert outcome(session_in(plan_of(failed, links=linked_as(PROGRAMME), rules=BOTH))) == (Action.FAIL, None)


# D15


@pytest.mark.parametrize("public", [True, False])
def test_d15_new_session_is_published_unless_it_is_not_public(public):
    assert session_in(plan_of(programme_snapshot(session_snapshot(is_public=public)))).public is public


def test_d15_session_that_stops_or_starts_being_public_is_not_touched():
    for before, after in ((True, False), (False, True)):
        links = linked_as(programme_snapshot(session_snapshot(is_public=before)))

        plan = plan_of(programme_snapshot(session_snapshot(is_public=after)), links=links, rules=BOTH)

        assert outcome(session_in(plan)) == (Action.UNCHANGED, None)


def test_d15_session_that_is_not_public_is_not_published_when_it_comes_back():
    hidden = programme_snapshot(session_snapshot(is_public=False))
    declined = programme_snapshot(session_snapshot(is_public=False, status="declined"))
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
    ("count", "published", "withheld"),
    [
        (0, 0, 0),
        (25, 1000, 0),
        (26, 1000, 0),  # many, but no fifth
        (200, 1000, 0),
        (201, 1000, 201),
        (25, 26, 0),  # nearly all, but not many
        (26, 27, 26),
        (26, 130, 0),  # exactly a fifth
        (26, 129, 26),
        (3, 3, 3),  # all of them
        (1, 1, 1),
        (2, 3, 0),
    ],
)
def test_d12_more_than_25_records_and_a_fifth_or_all_of_them_are_withheld(count, published, withheld):
    plan = guard_unpublishing(unpublishing(count), make_rules(), published)

    assert (plan.withheld, plan.stop) == (withheld, None)
    assert sum(map(is_unpublished, plan.sessions)) == count - withheld
    assert [each.action for each in plan.sessions if each.withheld] == [Action.SKIP] * withheld


@pytest.mark.parametrize(("approved", "withheld"), [(0, 30), (29, 30), (30, 0), (31, 0)])
def test_d12_approval_is_for_as_many_records_as_the_admin_saw(approved, withheld):
    plan = guard_unpublishing(unpublishing(30), make_rules(unpublish_approved=approved), 100)

    assert plan.withheld == withheld


def test_d12_limits_are_settings():
    rules = make_rules(unpublish_limit=3, unpublish_share=0.5)

    assert guard_unpublishing(unpublishing(3), rules, 5).withheld == 0
    assert guard_unpublishing(unpublishing(4), rules, 8).withheld == 0
    assert guard_unpublishing(unpublishing(4), rules, 7).withheld == 4


def crowd_and_links(number: int, declined: int) -> tuple[Programme, Links]:
    sessions = [session_snapshot(n, participants=on_stage(n)) for n in range(1, number + 1)]
    contacts = [contact_snapshot(n) for n in range(1, number + 1)]
    links = linked_as(programme_snapshot(*sessions, contacts=contacts))
    gone = [replace(each, status="declined") for each in sessions[:declined]]
    return programme_snapshot(*gone, *sessions[declined:], contacts=contacts), links


def test_d12_everything_else_goes_while_unpublishing_is_withheld():
    programme, links = crowd_and_links(20, declined=14)
    sessions = (*programme.sessions[:-1], replace(programme.sessions[-1], title="New"), session_snapshot(21))
    rules = replace(BOTH, unpublish_approved=0)

    plan = plan_of(replace(programme, sessions=sessions), links=links, rules=rules)

    assert (plan.stop, plan.withheld) == (None, 28)
    assert sent(plan, session_in(plan, 20)) == {"Title": "New"}
    assert session_in(plan, 21).action is Action.CREATE
    assert session_in(plan, 1).reason == (
        "Not accepted (status: declined). It would be unpublished in ASP; that waits for an admin’s approval."
    )
    assert speaker_in(plan, 1).withheld
    assert plan_of(programme, links=links, rules=replace(rules, unpublish_speakers=False)).withheld == 0


def test_d12_what_is_unpublished_already_is_no_part_of_the_published():
    programme, links = crowd_and_links(40, declined=26)
    rules = replace(BOTH, unpublish_approved=0, unpublish_speakers=False)
    hidden = {id: replace(link, unpublished=True) for id, link in links.speakers.items()}

    plan = plan_of(programme, links=replace(links, speakers=hidden), rules=rules)

    assert plan.withheld == 26
    assert plan_of(programme, links=links, rules=replace(rules, unpublish_share=0.5)).withheld == 0


def test_d12_people_of_other_seminars_are_no_part_of_the_published():
    programme, links = crowd_and_links(1, declined=1)
    others = {person_id(n): make_link(person_id(n), f"ASP-{n}") for n in range(100, 200)}

    plan = plan_of(
        programme,
        links=replace(links, speakers=links.speakers | others),
        rules=make_rules(unpublish_sessions=True, unpublish_speakers=True),
    )

    assert plan.withheld == 2


def hide(programme: Programme, first: int) -> Programme:
    """The programme, its first sessions not public."""
    hidden = (replace(each, is_public=False) for each in programme.sessions[:first])
    return replace(programme, sessions=(*hidden, *programme.sessions[first:]))


def decline(programme: Programme, of: slice) -> Programme:
    chosen = {each.id for each in programme.sessions[of]}
    return replace(
        programme,
        sessions=tuple(
            replace(each, status="declined") if each.id in chosen else each for each in programme.sessions
        ),
    )


ONLY_SESSIONS = replace(BOTH, unpublish_approved=0, unpublish_speakers=False)


def test_d12_what_never_was_public_is_no_part_of_the_published():
    programme = hide(programme_snapshot(*map(session_snapshot, range(1, 201))), 150)
    links = linked_as(programme)

    fewer = plan_of(decline(programme, slice(150, 175)), links=links, rules=ONLY_SESSIONS)
    many = plan_of(decline(programme, slice(150, 180)), links=links, rules=ONLY_SESSIONS)

    assert (fewer.withheld, many.withheld) == (0, 30)


def test_d12_all_that_is_public_is_withheld_though_others_never_were():
    programme = hide(programme_snapshot(*map(session_snapshot, range(1, 9))), 5)

    plan = plan_of(decline(programme, slice(5, 8)), links=linked_as(programme), rules=ONLY_SESSIONS)

    assert plan.withheld == 3


def test_d12_what_never_was_public_is_unpublished_without_a_word():
    programme = hide(programme_snapshot(*map(session_snapshot, range(1, 41))), 30)

    plan = plan_of(decline(programme, slice(0, 30)), links=linked_as(programme), rules=ONLY_SESSIONS)

    assert plan.withheld == 0
    assert sum(map(is_unpublished, plan.sessions)) == 30  # somebody may have shown them in ASP by hand


def test_d12_what_never_was_public_goes_while_the_others_are_withheld():
    programme = hide(programme_snapshot(*map(session_snapshot, range(1, 5))), 1)

    plan = plan_of(decline(programme, slice(0, 4)), links=linked_as(programme), rules=ONLY_SESSIONS)

    assert [outcome(each) for each in plan.sessions] == [(Action.UPDATE, False), *[(Action.SKIP, None)] * 3]
    assert plan.withheld == 3


def test_d12_what_is_found_unpublished_is_no_part_of_the_published():
    programme, links = crowd_and_links(2, declined=2)
    found = make_existing("ASP-3", sessionboard_id=session_id(3), isPublished=False)
    known = replace(links, speakers={})

    plan = plan_of(
        replace(programme, sessions=(*programme.sessions, session_snapshot(3))),
        links=known,
        existing=Existing(sessions=(found,)),
        rules=ONLY_SESSIONS,
    )

    assert session_in(plan, 3).link is not None
    assert plan.withheld == 2


def test_d12_what_comes_back_while_it_is_withheld_needs_no_word():
    programme, links = crowd_and_links(3, declined=3)
    rules = replace(BOTH, unpublish_approved=0)
    withheld = plan_of(programme, links=links, rules=rules)
    back = replace(programme, sessions=tuple(replace(s, status="accepted") for s in programme.sessions))

    plan = plan_of(back, links=push(withheld, links), rules=rules)

    assert (withheld.withheld, plan.withheld) == (6, 0)
    assert {each.action for each in (*plan.sessions, *plan.speakers)} == {Action.UNCHANGED}


def test_d12_publishing_again_and_other_updates_do_not_count():
    links = make_links(
        sessions=[make_link(session_id(1), unpublished=True)],
        speakers=[make_link(person_id(1), unpublished=True)],
    )

    plan = plan_of(PROGRAMME, links=links, rules=replace(BOTH, unpublish_approved=0))

    assert plan.withheld == 0
    assert not any(map(is_unpublished, (*plan.sessions, *plan.speakers)))


def test_d12_first_sync_has_nothing_to_unpublish():
    assert plan_of(DECLINED, links=Links(), rules=replace(BOTH, unpublish_approved=0)).withheld == 0
