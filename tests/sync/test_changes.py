"""What a preview tells of each record, field by field, in names instead of Uuids (E8)."""

from dataclasses import replace

from plan_samples import (
    contact_snapshot,
    linked_as,
    make_rules,
    offer_after,
    on_stage,
    person_id,
    plan_of,
    programme_snapshot,
    session_id,
    session_snapshot,
)

from portal.models import Outcome
from portal.sync.planning.snapshot import Links, Programme
from portal.sync.pushing.links import Place
from portal.sync.pushing.written import PUBLISHED
from portal.sync.running.intended_changes import Change, in_names, list_changes, shown_fields
from portal.sync.running.material import Material

PEOPLE = [contact_snapshot(1), contact_snapshot(2)]
BEFORE = programme_snapshot(
    session_snapshot(1, participants=on_stage(1), room="Hall", tags=("Web",)), contacts=PEOPLE
)


def changes(programme: Programme, links: Links | None = None, **rules: object) -> tuple[Change, ...]:
    links = links or Links()
    offer = offer_after(links)
    material = Material(programme, make_rules(**rules), links, Place(1, 1, "site", "seminar"), 1)
    plan = plan_of(programme, links=links, offer=offer, rules=material.rules)
    return list_changes(plan, offer, material)


def with_session(**values: object) -> Programme:
    return replace(BEFORE, sessions=(replace(BEFORE.sessions[0], **values), *BEFORE.sessions[1:]))


def test_e8_a_new_record_is_told_with_what_it_is_made_of() -> None:
    person, session = changes(BEFORE)

    assert (person.kind, person.id, person.name, person.outcome) == (
        "speaker", person_id(1), "Person Number 1", Outcome.CREATED,
    )  # fmt: skip
    assert person.fields == {
        "FirstName": (None, "Person"),
        "LastName": (None, "Number 1"),
        "Email": (None, "person1@example.org"),
    }
    assert (session.kind, session.id, session.name, session.outcome) == (
        "session", session_id(1), "Session 1", Outcome.CREATED,
    )  # fmt: skip
    assert session.fields["Title"] == (None, "Session 1")
    assert session.fields["Speakers"] == (None, ["Person Number 1"])
    assert (session.fields["Location"], session.fields["Streams"]) == ((None, "Hall"), (None, ["Web"]))


def test_e8_nothing_is_told_of_what_stays() -> None:
    assert changes(BEFORE, linked_as(BEFORE)) == ()


def test_e8_an_update_is_told_before_and_after_by_its_field_alone() -> None:
    (change,) = changes(with_session(title="Another"), linked_as(BEFORE))

    assert (change.outcome, change.fields) == (Outcome.UPDATED, {"Title": ("Session 1", "Another")})


def test_e8_people_and_rooms_are_told_by_their_names_before_and_after() -> None:
    after = with_session(participants=on_stage(2), room="Another hall", tags=())

    *_, session = changes(after, linked_as(BEFORE))

    assert session.fields == {
        "Speakers": (["Person Number 1"], ["Person Number 2"]),
        "Location": ("Hall", "Another hall"),
        "Streams": (["Web"], []),
    }


def test_e8_d9_what_is_unpublished_is_told_so_and_nothing_else_of_it() -> None:
    others = [session_snapshot(each) for each in (2, 3)]
    before = replace(BEFORE, sessions=(*BEFORE.sessions, *others))
    after = replace(before, sessions=(replace(BEFORE.sessions[0], status="declined", title="New"), *others))

    (change,) = changes(after, linked_as(before), unpublish_sessions=True)

    assert (change.id, change.fields) == (session_id(1), {PUBLISHED: (True, False)})


def test_e8_d9_who_comes_back_is_told_to_be_published() -> None:
    links = linked_as(BEFORE)
    hidden = {key: replace(link, unpublished=True) for key, link in links.sessions.items()}

    (change,) = changes(BEFORE, replace(links, sessions=hidden))

    assert (change.outcome, change.fields) == (Outcome.UPDATED, {PUBLISHED: (False, True)})


def test_names_take_the_place_of_uuids_as_far_as_they_are_known() -> None:
    names = {"U1": "One", "U2": "Two"}

    assert in_names(["U1", "U3", ("U2",)], names) == ["One", "U3", ["Two"]]
    assert (in_names("U1", names), in_names(7, names), in_names(None, names)) == ("One", 7, None)


def test_values_are_shown_as_texts() -> None:
    told = {
        "a": (None, ["One", "Two"]),
        "b": (True, False),
        "c": (7, ""),
        "d": ("same " * 100 + "old", "same " * 100 + "new"),
    }

    shown = shown_fields(told)

    assert (shown["a"], shown["b"], shown["c"]) == (["", "One, Two"], ["yes", "no"], ["7", ""])
    assert shown["d"][0].endswith("same old") and shown["d"][1].endswith("same new")
    assert max(map(len, shown["d"])) < 300
