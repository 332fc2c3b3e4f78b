"""What is sent of a record that is linked: E5, E8, D11, D16, I3."""

from dataclasses import replace
from datetime import timedelta

import pytest
from plan_samples import (
    START,
    contact_snapshot,
    linked_as,
    make_link,
    make_links,
    make_offer,
    make_rules,
    offer_after,
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
    without_row,
)

from portal.asp.records import AspChoice
from portal.sync.planning.deciding import named_pending, values_to_send
from portal.sync.planning.intent import Action
from portal.sync.planning.payload import Reference, difference, filled, is_empty, payload_hash, resolve
from portal.sync.planning.snapshot import FieldRow, Links
from portal.text.matching import fold

FULL = session_snapshot(
    description="<p>Hello</p>",
    format="Keynote",
    room="Hall",
    level="Advanced",
    tags=("Web", "Python"),
    content_url="https://example.org/1",
    participants=(
        *on_stage(1, 2),
        participant_snapshot(3, "moderator"),
        participant_snapshot(3, "chairperson"),
    ),
)
PEOPLE = [
    contact_snapshot(number, biography="<p>b</p>", website="https://example.org") for number in (1, 2, 3)
]
PROGRAMME = programme_snapshot(FULL, contacts=PEOPLE)


def replan(session=FULL, links: Links | None = None, **given):
    links = links or linked_as(PROGRAMME)
    programme = programme_snapshot(session, contacts=given.pop("contacts", PEOPLE))
    return plan_of(programme, links=links, offer=given.pop("offer", offer_after(links)), **given)


# E5: only what changed


def test_e5_resync_without_changes_changes_nothing():
    plan = replan()

    records = (*plan.sessions, *plan.speakers, *plan.choices)
    assert {each.action for each in records} == {Action.UNCHANGED}


@pytest.mark.parametrize(("before", "after"), [("Caf\u00e9", "Cafe\u0301"), ("Cafe\u0301", "Caf\u00e9")])
def test_d2c_accents_that_are_encoded_otherwise_are_no_change(before: str, after: str) -> None:
    def programme(text: str):
        session = session_snapshot(
            title=text, description=f"<p>{text}</p>", level=text, participants=on_stage(1)
        )
        return programme_snapshot(session, contacts=[contact_snapshot(1, last_name=text)])

    plan = plan_of(programme(after), links=linked_as(programme(before)))

    assert {each.action for each in (*plan.sessions, *plan.speakers)} == {Action.UNCHANGED}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": "New"}, {"Title": "New"}),
        ({"starts_at": START + timedelta(minutes=5)}, {"StartTime": "2027-01-30T09:35:00"}),
        ({"ends_at": START + timedelta(hours=1)}, {"EndTime": "2027-01-30T10:30:00"}),
        ({"client_session_id": "N"}, {"ClientSessionId": "N"}),
        ({"description": "<p>New</p>"}, {"Description": "<p>New</p>"}),
        ({"format": "Workshop"}, {"SessionType": "Workshop"}),
        ({"format": None}, {"SessionType": "Session"}),
        ({"level": "Beginner"}, {"levels-checkbox": ["Beginner"]}),
        ({"content_url": "https://example.org/2"}, {"sessionboard-content": "https://example.org/2"}),
        ({"tags": ("Python", "Web")}, {"Streams": ["stream:python", "stream:web"]}),
        ({"tags": ("Web",)}, {"Streams": ["stream:web"]}),
        ({"title": " Session 1 ", "tags": ("WEB", " python")}, {}),
        ({"room": "HALL", "description": "\n<p>Hello</p>"}, {}),
        ({"is_public": False}, {}),
        ({"track": "Other", "language": "French", "custom_fields": {"x": 1}}, {}),
    ],
)
def test_e5_update_sends_only_the_fields_that_changed(changes, fields):
    plan = replan(replace(FULL, **changes))

    assert session_in(plan).action is (Action.UPDATE if fields else Action.UNCHANGED)
    assert sent(plan, session_in(plan)) == fields


def test_e5_order_of_speakers_is_a_change():
    session = replace(FULL, participants=(*on_stage(2, 1), *FULL.participants[2:]))
    plan = replan(session)

    assert sent(plan, session_in(plan)) == {"Speakers": [f"asp:{person_id(2)}", f"asp:{person_id(1)}"]}


def test_e5_change_of_a_person_touches_no_session():
    contacts = [replace(PEOPLE[0], job_title="Engineer"), *PEOPLE[1:]]
    plan = replan(contacts=contacts)

    assert sent(plan, speaker_in(plan)) == {"JobTitle": "Engineer"}
    assert session_in(plan).action is Action.UNCHANGED


def test_e5_new_session_and_person_beside_what_is_there():
    links = linked_as(PROGRAMME)
    programme = programme_snapshot(
        FULL, session_snapshot(2, participants=on_stage(4)), contacts=[*PEOPLE, contact_snapshot(4)]
    )

    plan = plan_of(programme, links=links, offer=offer_after(links))

    assert [each.action for each in plan.sessions] == [Action.UNCHANGED, Action.CREATE]
    assert [each.action for each in plan.speakers] == [Action.UNCHANGED] * 3 + [Action.CREATE]
    assert (plan.creates("session"), plan.creates("speaker")) == (True, True)


def test_e5_nothing_to_create_means_nothing_to_look_for():
    plan = replan(replace(FULL, title="New"))

    assert (plan.creates("session"), plan.creates("speaker")) == (False, False)


# References to what this run creates


def test_reference_to_somebody_who_is_yet_to_be_created_counts_as_a_change():
    links = linked_as(programme_snapshot(session_snapshot()))
    plan = plan_of(
        programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=PEOPLE), links=links
    )
    pending = frozenset(named_pending(plan.speakers, plan.choices))
    session = session_in(plan)

    assert session.action is Action.UPDATE
    assert values_to_send(session, plan.known, pending).changed == {
        "Speakers": (Reference("speaker", person_id(1)),)
    }
    assert values_to_send(session, plan.known | {Reference("speaker", person_id(1)): "A1"}).changed == {
        "Speakers": ["A1"]
    }


def test_person_who_could_not_be_created_leaves_the_session_as_it_is():
    links = linked_as(programme_snapshot(session_snapshot()))
    plan = plan_of(
        programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=PEOPLE), links=links
    )

    _, changed, unknown = values_to_send(session_in(plan), plan.known)

    assert changed == {}
    assert unknown == [("Speakers", Reference("speaker", person_id(1)))]


def test_stream_that_could_not_be_made_leaves_the_streams_in_asp():
    payload, unknown = resolve(
        {
            "Streams": (Reference("stream", "a"), Reference("stream", "b")),
            "Location": Reference("location", "x"),
        },
        {Reference("stream", "a"): "S1"},
    )

    assert payload == {}
    assert unknown == [("Streams", Reference("stream", "b")), ("Location", Reference("location", "x"))]


def test_two_references_to_one_record_are_sent_once():
    one, two = Reference("speaker", "1"), Reference("speaker", "2")

    assert resolve({"Speakers": (one, two)}, {one: "A", two: "A"}) == ({"Speakers": ["A"]}, [])


# D11: empty values


EMPTIED = [
    ({"description": None}, {"Description": ""}),
    ({"description": "  "}, {"Description": ""}),
    ({"content_url": None}, {"sessionboard-content": ""}),
    ({"level": None}, {"levels-checkbox": []}),
    ({"tags": ()}, {"Streams": []}),
    ({"room": None}, {"Location": None}),
    (
        {"participants": ()},
        {"Speakers": [], "panel-moderator": [], "chairperson": []},
    ),
]


@pytest.mark.parametrize(("changes", "cleared"), EMPTIED)
def test_d11_field_that_was_synced_and_is_emptied_is_cleared_once(changes, cleared):
    links = linked_as(PROGRAMME)
    plan = replan(replace(FULL, **changes), links)

    assert session_in(plan).action is Action.UPDATE
    assert sent(plan, session_in(plan)) == cleared
    after = push(plan, links)
    assert session_in(replan(replace(FULL, **changes), after)).action is Action.UNCHANGED


@pytest.mark.parametrize(("changes", "cleared"), EMPTIED)
def test_d11_field_that_was_never_filled_is_not_sent(changes, cleared):
    programme = programme_snapshot(replace(FULL, **changes), contacts=PEOPLE)
    plan = plan_of(programme)

    assert not set(cleared) & set(sent(plan, session_in(plan)))
    again = plan_of(programme, links=push(plan, Links()))
    assert not set(cleared) & set(sent(again, session_in(again)))


def test_d11_field_of_a_person():
    links = linked_as(PROGRAMME)
    contacts = [replace(PEOPLE[0], website=" ", biography=None), *PEOPLE[1:]]

    plan = replan(links=links, contacts=contacts)

    assert sent(plan, speaker_in(plan)) == {"Website": "", "Biography": ""}


def test_d11_emptied_filled_again():
    links = linked_as(PROGRAMME)
    links = push(replan(replace(FULL, description=None), links), links)

    plan = replan(FULL, links)

    assert sent(plan, session_in(plan)) == {"Description": "<p>Hello</p>"}


def test_d11_field_whose_row_comes_back_is_cleared_when_it_was_emptied_meanwhile():
    # filled and synced; then its row is removed while another field changes; then the row is back and the field empty
    links = linked_as(PROGRAMME)
    changed = replace(FULL, title="New")
    links = push(replan(changed, links, rules=without_row(make_rules(), "description")), links)

    plan = replan(replace(changed, description=None), links)

    assert sent(plan, session_in(plan)) == {"Description": ""}


def test_d11_tags_are_cleared_after_a_run_in_which_a_stream_could_not_be_made():
    # a run left the streams as they were and wrote the rest; its hash knows of no streams
    links = linked_as(PROGRAMME)
    key = session_id(1)
    link = links.sessions[key]
    rest = {slug: value for slug, value in link.pushed.items() if slug != "Streams"}
    links.sessions[key] = replace(link, pushed_hash=payload_hash(rest))

    plan = replan(replace(FULL, tags=()), links)

    assert sent(plan, session_in(plan)) == {"Streams": []}


@pytest.mark.parametrize("value", ["", None, [], ()])
def test_d11_what_counts_as_empty(value):
    assert is_empty(value)
    assert difference({"a": value}, {}, {}) == {}
    assert difference({"a": value}, {"a": []}, {}) == {}
    assert filled({"a": value, "b": 0}) == {"b": 0}


# D16: what ASP refused


def refused_link(slug: str, value, **pushed):
    programme = programme_snapshot(session_snapshot(), contacts=PEOPLE)
    link = linked_as(programme).sessions[session_id(1)]
    return make_links(
        sessions=[
            replace(
                link,
                pushed=link.pushed | pushed,
                pushed_hash=payload_hash(link.pushed | {slug: value}),
                refused={slug: {"value": value, "message": "Not like this."}},
            )
        ]
    )


def test_d16_refused_value_is_not_sent_again_and_the_warning_is_repeated():
    session = session_snapshot(content_url="https://example.org/refused")
    links = refused_link("sessionboard-content", "https://example.org/refused")

    plan = replan(session, links)

    assert session_in(plan).action is Action.UNCHANGED
    assert session_in(plan).warnings == (
        "ASP refused sessionboard-content: Not like this. It is not sent again until it changes.",
    )


def test_d16_refused_value_is_not_sent_beside_another_change():
    links = refused_link("sessionboard-content", "https://example.org/refused")
    session = session_snapshot(content_url="https://example.org/refused", title="New")

    plan = replan(session, links)

    assert sent(plan, session_in(plan)) == {"Title": "New"}
    assert len(session_in(plan).warnings) == 1


def test_d16_refused_value_is_sent_once_it_changes():
    links = refused_link("sessionboard-content", "https://example.org/refused")

    plan = replan(session_snapshot(content_url="https://example.org"), links)

    assert sent(plan, session_in(plan)) == {"sessionboard-content": "https://example.org"}
    assert session_in(plan).warnings == ()


def test_d16_value_that_goes_back_to_what_asp_has_is_not_sent():
    links = refused_link("sessionboard-content", "ftp://x", **{"sessionboard-content": "https://example.org"})

    plan = replan(session_snapshot(content_url="https://example.org"), links)

    assert (session_in(plan).action, session_in(plan).warnings) == (Action.UNCHANGED, ())


def test_d16_refused_value_that_is_emptied_clears_what_asp_still_has():
    links = refused_link("sessionboard-content", "ftp://x", **{"sessionboard-content": "https://example.org"})

    plan = replan(session_snapshot(), links)

    assert sent(plan, session_in(plan)) == {"sessionboard-content": ""}


@pytest.mark.parametrize(
    ("slug", "value", "session"),
    [
        ("Location", "L1", session_snapshot(room="Hall")),
        ("Streams", ["S1"], session_snapshot(tags=("Web",))),
        ("levels-checkbox", ["Advanced"], session_snapshot(level="Advanced")),
        ("Speakers", ["ASP-P1"], session_snapshot(participants=on_stage(1))),
        (
            "panel-moderator",
            ["ASP-P1"],
            session_snapshot(participants=(participant_snapshot(1, "moderator"),)),
        ),
    ],
)
def test_d16_refused_references_are_not_sent_again_and_the_warning_is_repeated(slug, value, session):
    links = refused_link(slug, value)
    links = replace(links, speakers={person_id(1): make_link(person_id(1), "ASP-P1")})
    offer = make_offer(locations=(AspChoice("L1", "Hall"),), streams=(AspChoice("S1", "Web"),))

    plan = replan(session, links, offer=offer)

    assert session_in(plan).action is Action.UNCHANGED
    assert session_in(plan).warnings == (
        f"ASP refused {slug}: Not like this. It is not sent again until it changes.",
    )


def test_d16_refused_reference_is_sent_once_another_one_stands_there():
    links = refused_link("Location", "L1")
    offer = make_offer(locations=(AspChoice("L1", "Hall"), AspChoice("L2", "Room")))

    plan = replan(session_snapshot(room="Room"), links, offer=offer)

    assert sent(plan, session_in(plan)) == {"Location": "L2"}


def test_d16_refused_clearing_is_not_tried_again():
    links = refused_link("Location", None, Location="L1")

    plan = replan(session_snapshot(), links)

    assert session_in(plan).action is Action.UNCHANGED
    assert len(session_in(plan).warnings) == 1


def test_d16_refusal_of_a_slug_that_is_not_mapped_any_more_says_nothing():
    links = refused_link("Location", None, Location="L1")

    plan = replan(session_snapshot(), links, rules=without_row(make_rules(), "room"))

    assert session_in(plan).warnings == ()


def test_d16_refused_value_of_a_person():
    links = linked_as(PROGRAMME)
    key = person_id(1)
    links.speakers[key] = replace(
        links.speakers[key],
        pushed={slug: value for slug, value in links.speakers[key].pushed.items() if slug != "Website"},
        refused={"Website": {"value": "https://example.org", "message": "No."}},
    )

    plan = replan(links=links)

    assert speaker_in(plan).action is Action.UNCHANGED
    assert speaker_in(plan).warnings == ("ASP refused Website: No. It is not sent again until it changes.",)


# E8: what a preview shows


def test_e8_changes_are_those_against_what_was_pushed_last():
    links = linked_as(PROGRAMME)
    plan = replan(replace(FULL, title="New", description=None), links)

    payload, changed, unknown = values_to_send(session_in(plan), plan.known)

    assert changed == {"Title": "New", "Description": ""}
    assert {slug: links.sessions[session_id(1)].pushed[slug] for slug in changed} == {
        "Title": "Session 1",
        "Description": "<p>Hello</p>",
    }
    assert payload["SessionType"] == "Keynote"
    assert unknown == []


def test_e8_changes_of_a_new_record_are_what_it_is_filled_with():
    plan = plan_of(programme_snapshot(session_snapshot()))

    assert values_to_send(session_in(plan), plan.known).changed == {
        "Title": "Session 1",
        "StartTime": "2027-01-30T09:30:00",
        "EndTime": "2027-01-30T10:00:00",
        "ClientSessionId": "C1",
        "sessionboard_id": session_id(1),
        "SessionType": "Session",
    }


# I3: the hash


def test_i3_hash_is_the_same_for_payloads_that_say_the_same():
    assert payload_hash({"a": 1, "b": "", "c": [], "d": None}) == payload_hash({"d": [], "a": 1})
    assert payload_hash({"a": ["x", "y"]}) != payload_hash({"a": ["y", "x"]})
    assert payload_hash({"a": "1"}) != payload_hash({"a": 1})


def test_names_fold_to_the_same_however_they_are_written():
    assert fold(" \u01f0 ") == fold("J\u030c")
    assert fold("\u0390") == fold("\u1fd3")
    assert fold("\u00a0Hall\u2003") == "hall"


def test_row_of_a_required_field_may_not_be_left_without_its_slug_in_the_seminar():
    rules = make_rules(FieldRow("title", "headline"))

    assert "Title is not sent" in plan_of(programme_snapshot(session_snapshot()), rules=rules).stop
