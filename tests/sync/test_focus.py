"""A page about one session plans it alone, and says what a plan of everything would say (E9)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_samples import (
    CONTRACT,
    contact_snapshot,
    linked_as,
    make_link,
    make_rules,
    participant_snapshot,
    person_id,
    plan_of,
    programme_snapshot,
    session_id,
    session_snapshot,
)
from test_plan_properties import conference, first_links, plan_conference

from portal.sync.planning.focus import around
from portal.sync.planning.intent import Plan
from portal.sync.planning.snapshot import Links, Programme
from portal.sync.planning.standing import KnownInAsp, SyncState, state_of

PEOPLE, SESSIONS = range(5), range(5)
# Names and addresses of few kinds, so that many share one.
contacts = st.tuples(
    st.sampled_from(["Ada", "Bob", None]),
    st.sampled_from(["a@example.org", "b@example.org", "A@EXAMPLE.ORG", None]),
)
parts = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(["speaker", "moderator"]),
        st.sampled_from(["accepted", "pending"]),
    ),
    max_size=3,
    unique=True,
)
sessions = st.tuples(
    st.sampled_from(["accepted", "accepted", "declined"]), st.sampled_from(["C", None]), parts
)
programmes = st.tuples(
    st.lists(contacts, min_size=len(PEOPLE), max_size=len(PEOPLE)),
    st.lists(sessions, min_size=len(SESSIONS), max_size=len(SESSIONS)),
)


def build(drawn: tuple) -> Programme:
    people, planned = drawn
    return programme_snapshot(
        *(
            session_snapshot(
                number,
                status=status,
                client_session_id=client_id,
                participants=tuple(participant_snapshot(*part) for part in on),
            )
            for number, (status, client_id, on) in enumerate(planned)
        ),
        contacts=[
            contact_snapshot(number, first_name=name, last_name=name, email=email)
            for number, (name, email) in enumerate(people)
        ],
    )


def state(plan: Plan, id: str, links: Links) -> SyncState:
    each = next(each for each in plan.sessions if each.id == id)
    return state_of(each, KnownInAsp(links.sessions, links.frozen))


@settings(max_examples=300, deadline=None)
@given(
    before=programmes,
    now=programmes,
    gone=st.sets(st.sampled_from(PEOPLE)),
    unpublished=st.sets(st.sampled_from(PEOPLE)),
    rules=st.sampled_from(
        [
            make_rules(),
            make_rules(unpublish_sessions=True, unpublish_speakers=True, unpublish_limit=0),
            make_rules(people_first=True, recreate_deleted=True),
        ]
    ),
)
def test_a_session_stands_alone_as_it_stands_among_all(before, now, gone, unpublished, rules) -> None:
    links = linked_as(build(before))
    links = replace(
        links,
        speakers={
            key: replace(
                link,
                gone=key in {person_id(each) for each in gone},
                unpublished=key in {person_id(each) for each in unpublished},
            )
            for key, link in links.speakers.items()
        },
    )
    programme = build(now)
    whole = plan_of(programme, links=links, rules=rules)

    for number in SESSIONS:
        id = session_id(number)
        alone = plan_of(around(programme, id, links, CONTRACT), links=links, rules=rules)
        assert state(alone, id, links) == state(whole, id, links)


def test_so_it_is_with_a_whole_conference() -> None:
    programme, links = conference("pyconfr-2025"), first_links("pyconfr-2025")
    first = programme.sessions[0]
    changed = replace(programme, sessions=(replace(first, title="Another"), *programme.sessions[1:]))
    whole = plan_conference(changed, links)

    for session in changed.sessions:
        part = around(changed, session.id, links, CONTRACT)
        assert state(plan_conference(part, links), session.id, links) == state(whole, session.id, links)
        assert len(part.sessions) < len(changed.sessions) / 3


@pytest.mark.parametrize("id", ["nothing", session_id(1)])
def test_only_what_belongs_to_the_session_is_left(id: str) -> None:
    people = [contact_snapshot(1), contact_snapshot(2), contact_snapshot(3, email="PERSON1@example.org")]
    programme = programme_snapshot(
        session_snapshot(1, participants=(participant_snapshot(1),)),
        session_snapshot(2, participants=(participant_snapshot(2),)),
        session_snapshot(3, participants=(participant_snapshot(3), participant_snapshot(2))),
        contacts=people,
    )
    links = Links(speakers={person_id(2): make_link(person_id(2), pushed={"Email": "other@example.org"})})

    part = around(programme, id, links, CONTRACT)

    if id == "nothing":
        assert (part.sessions, part.contacts) == ((), {})
    else:
        assert [each.id for each in part.sessions] == [session_id(1), session_id(3)]
        assert list(part.contacts) == [person_id(1), person_id(3)]
