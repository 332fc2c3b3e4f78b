"""Properties of any plan, on the programmes of two real conferences and on small ones: E5, E6, E11, D6."""

import random
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from plan_samples import (
    as_snapshot,
    contact_snapshot,
    make_offer,
    make_rules,
    offer_after,
    participant_snapshot,
    plan_of,
    programme_snapshot,
    push,
    session_id,
    session_in,
    session_snapshot,
)

from portal.asp.records import AspRecord
from portal.programme.reading import read_json
from portal.sync.planning.deciding import values_to_send
from portal.sync.planning.intent import Action, Plan
from portal.sync.planning.snapshot import Existing, Links, Programme

DEMO = Path(__file__).parents[2] / "demo"
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
SETTLED = {Action.UNCHANGED, Action.SKIP, Action.FAIL}
CONFERENCES = ["pyconfr-2025", "fosdem-2026"]


@cache
def conference(name: str) -> Programme:
    return as_snapshot(read_json(DEMO / f"{name}.json", 40_000_000))


def plan_conference(programme: Programme, links: Links | None = None, **given) -> Plan:
    offer = offer_after(links or Links(), site_timezone=programme.timezone)
    return plan_of(programme, links=links, now=BEFORE, **{"offer": offer} | given)


@cache
def first_links(name: str) -> Links:
    """The links after a first push of the conference."""
    return push(plan_conference(conference(name)), Links())


def shuffled(programme: Programme, seed: int = 3) -> Programme:
    chance = random.Random(seed)
    sessions, contacts = list(programme.sessions), list(programme.contacts.items())
    chance.shuffle(sessions)
    chance.shuffle(contacts)
    return replace(programme, sessions=tuple(sessions), contacts=dict(contacts))


def essence(plan: Plan) -> dict[str, tuple]:
    return {
        each.id: (each.action, each.reason, each.values, each.publish, each.link, each.public)
        for each in (*plan.sessions, *plan.speakers)
    }


@pytest.mark.parametrize("name", CONFERENCES)
def test_planning_the_same_twice_gives_the_same_plan(name):
    assert plan_conference(conference(name)) == plan_conference(conference(name))


@pytest.mark.parametrize("name", CONFERENCES)
def test_plan_does_not_depend_on_the_order_of_sessions_and_people(name):
    programme = conference(name)
    plan, other = plan_conference(programme), plan_conference(shuffled(programme))

    assert essence(plan) == essence(other)
    assert {each.key: (each.kind, each.values) for each in plan.choices} == {
        each.key: (each.kind, each.values) for each in other.choices
    }


@pytest.mark.parametrize("name", CONFERENCES)
def test_every_session_and_person_is_in_the_plan_once(name):
    programme = conference(name)
    plan = plan_conference(programme)

    assert [each.id for each in plan.sessions] == [each.id for each in programme.sessions]
    assert [each.id for each in plan.speakers] == list(programme.contacts)


def test_first_plan_of_a_conference_creates_what_is_accepted_and_skips_the_rest():
    plan = plan_conference(conference("pyconfr-2025"))

    # three accepted sessions have no client session ID (D7)
    assert Counter(each.action for each in plan.sessions) == {
        Action.CREATE: 65,
        Action.SKIP: 7,
        Action.FAIL: 3,
    }
    assert Counter(each.action for each in plan.speakers) == {Action.CREATE: 69, Action.SKIP: 12}


@pytest.mark.parametrize("name", CONFERENCES)
def test_e5_after_everything_was_pushed_nothing_is_written(name):
    programme, links = conference(name), first_links(name)

    plan = plan_conference(programme, links)

    records = (*plan.sessions, *plan.speakers, *plan.choices)
    assert {each.action for each in records} <= SETTLED
    assert not plan.creates("session")
    assert not plan.creates("speaker")
    again = push(plan, links)
    assert (again.sessions, again.speakers) == (links.sessions, links.speakers)


@pytest.mark.parametrize("name", CONFERENCES)
def test_e5_order_of_the_programme_alone_changes_nothing_in_asp(name):
    programme, links = conference(name), first_links(name)

    plan = plan_conference(shuffled(programme), links)

    assert {each.action for each in (*plan.sessions, *plan.speakers)} <= SETTLED


@pytest.mark.parametrize("name", CONFERENCES)
def test_e11_all_that_a_killed_run_left_in_asp_is_found_and_linked_without_a_write(name):
    programme, links = conference(name), first_links(name)
    known = replace(links, sessions={}, speakers={})
    existing = Existing(
        sessions=tuple(AspRecord(link.asp_uuid, link.pushed, "") for link in links.sessions.values()),
        speakers=tuple(AspRecord(link.asp_uuid, link.pushed, "") for link in links.speakers.values()),
    )

    plan = plan_conference(programme, known, existing=existing)

    records = (*plan.sessions, *plan.speakers, *plan.choices)
    assert {each.action for each in records} <= SETTLED
    linked_again = push(plan, known)
    assert linked_again.sessions == links.sessions
    assert linked_again.speakers == links.speakers


def test_e5_update_of_a_conference_sends_only_what_changed():
    programme, links = conference("pyconfr-2025"), first_links("pyconfr-2025")
    accepted = [each for each in programme.sessions if each.status == "accepted"]
    changed = replace(accepted[0], title="Another title")
    sessions = tuple(changed if each is accepted[0] else each for each in programme.sessions)

    plan = plan_conference(replace(programme, sessions=sessions), links)

    updated = [each for each in (*plan.sessions, *plan.speakers) if each.action is Action.UPDATE]
    assert [each.id for each in updated] == [changed.id]
    assert values_to_send(updated[0], plan.known).changed == {"Title": "Another title"}


def test_d9_d12_emptied_conference_asks_before_it_unpublishes():
    programme, links = conference("pyconfr-2025"), first_links("pyconfr-2025")
    emptied = replace(
        programme, sessions=tuple(replace(each, status="declined") for each in programme.sessions)
    )
    rules = make_rules(unpublish_sessions=True, unpublish_speakers=True)

    plan = plan_conference(emptied, links, rules=rules)

    assert (plan.withheld, plan.stop) == (65 + 69, None)
    approved = replace(rules, unpublish_approved=134)
    gone = push(plan_conference(emptied, links, rules=approved), links)
    back = plan_conference(programme, gone, rules=rules)
    assert Counter(each.publish for each in (*back.sessions, *back.speakers)) == {True: 134, None: 22}
    published = push(back, gone)
    assert (published.sessions, published.speakers) == (links.sessions, links.speakers)


def test_planning_a_large_conference_is_quick():
    programme = conference("fosdem-2026")
    links = first_links("fosdem-2026")

    begun = time.process_time()
    plan_conference(programme)
    first = time.process_time() - begun
    begun = time.process_time()
    plan_conference(programme, links)
    again = time.process_time() - begun

    assert first < 2
    assert again < 2


def test_programme_without_anything_is_planned():
    plan = plan_of(Programme("Europe/Paris", (), {}))

    assert plan == Plan()


# Small programmes of every kind


def random_programme(chance: random.Random) -> Programme:
    """Five sessions and six people who share names and e-mails, some of them incomplete or not accepted."""
    contacts = [
        contact_snapshot(
            number,
            first_name=chance.choice(["Ada", "ada ", "Grace", ""]),
            last_name="Smith",
            email=chance.choice(["a@example.org", "A@Example.org ", "b@example.org", None]),
            updated_at=chance.choice([None, BEFORE]),
        )
        for number in range(6)
    ]
    participants = [
        participant_snapshot(number, role, status)
        for number in range(6)
        for role in ("speaker", "moderator")
        for status in ("accepted", "accepted", "declined")
    ]
    sessions = [
        session_snapshot(
            number,
            status=chance.choice(["accepted", "accepted", "pending"]),
            title=chance.choice(["Title", "Title", ""]),
            is_public=chance.random() < 0.8,
            room=chance.choice([None, "Hall", "HALL "]),
            tags=tuple(chance.sample(["Web", "web", "Data"], chance.randint(0, 3))),
            level=chance.choice([None, "Advanced"]),
            participants=tuple(chance.sample(participants, 4)),
        )
        for number in range(5)
    ]
    return programme_snapshot(*sessions, contacts=contacts)


@pytest.mark.parametrize("seed", range(40))
def test_runs_over_a_programme_that_keeps_changing_settle_at_once(seed):
    chance = random.Random(seed)
    links = Links(frozen=frozenset({session_id(4)}))
    rules = make_rules(
        unpublish_sessions=True, unpublish_speakers=chance.random() < 0.5, unpublish_approved=1000
    )
    for _ in range(5):
        programme = random_programme(chance)
        plan = plan_of(programme, rules=rules, links=links, offer=offer_after(links))
        links = push(plan, links)
        given = {"rules": rules, "links": links, "offer": offer_after(links)}
        again = plan_of(programme, **given)

        records = (*again.sessions, *again.speakers, *again.choices)
        assert {each.action for each in records} <= SETTLED  # E5
        assert essence(again) == essence(plan_of(shuffled(programme, seed), **given))
        going = [each for each in plan.speakers if each.link and each.action in ("update", "unchanged")]
        assert len({each.link.asp_uuid for each in going}) == len(going)  # D13: one record, one person
        assert session_in(plan, 4).action is Action.SKIP  # F3


def test_d10_a_conference_in_brussels_fits_a_site_in_paris():
    assert plan_of(conference("fosdem-2026"), offer=make_offer(), now=BEFORE).stop is None
