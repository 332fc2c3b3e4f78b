"""Rooms and tags: D1, E13, I2, C6."""

from dataclasses import replace

import pytest
from plan_samples import (
    linked_as,
    make_link,
    make_links,
    make_offer,
    make_rules,
    offer_after,
    plan_of,
    programme_snapshot,
    sent,
    session_in,
    session_snapshot,
    without_row,
)

from portal.asp.records import AspChoice
from portal.sync.planning.intent import Action
from portal.sync.planning.snapshot import FieldRow, Links, RenamedChoice


def shown(plan):
    return [(each.kind, each.name, str(each.action), each.values) for each in plan.choices]


# D1: matched by name, made when not there


def test_d1_room_and_tags_that_are_not_there_are_created_with_their_names_and_colours():
    programme = programme_snapshot(
        session_snapshot(room=" Main Hall ", tags=("Python", "Web")),
        tag_colours=(("Python", "#306998"), ("Web", None)),
    )

    assert shown(plan_of(programme)) == [
        ("location", "Main Hall", "create", {"Name": "Main Hall"}),
        ("stream", "Python", "create", {"Name": "Python", "Colour": "#306998"}),
        ("stream", "Web", "create", {"Name": "Web"}),
    ]


@pytest.mark.parametrize("name", ["Café", " cafÉ ", "CAFE\u0301", "cafe\u0301"])
def test_d1_room_and_tag_are_matched_case_outer_spaces_and_encoding_aside(name):
    offer = make_offer(locations=(AspChoice("L1", "Café "),), streams=(AspChoice("S1", "cafe\u0301", None),))

    plan = plan_of(programme_snapshot(session_snapshot(room=name, tags=(name,))), offer=offer)

    assert [each.action for each in plan.choices] == [Action.UNCHANGED, Action.UNCHANGED]
    payload = sent(plan, session_in(plan))
    assert (payload["Location"], payload["Streams"]) == ("L1", ["S1"])


def test_d1_names_in_other_scripts_are_matched():
    offer = make_offer(
        streams=(
            AspChoice("S1", "ΟΔΌΣ"),
            AspChoice("S2", "Straße"),
            AspChoice("S3", "日本語"),
            AspChoice("S4", "\u01f0"),
        )
    )
    session = session_snapshot(tags=("οδός", "STRAẞE", "日本語", "J\u030c"))

    plan = plan_of(programme_snapshot(session), offer=offer)

    assert sent(plan, session_in(plan))["Streams"] == ["S1", "S2", "S3", "S4"]


def test_d1_room_keeps_its_own_spelling_beside_a_tag_of_that_name():
    programme = programme_snapshot(
        session_snapshot(room="JANSON", tags=("janson",)), tag_colours=(("janson", "#111111"),)
    )

    assert shown(plan_of(programme)) == [
        ("location", "JANSON", "create", {"Name": "JANSON"}),
        ("stream", "janson", "create", {"Name": "janson", "Colour": "#111111"}),
    ]


def test_d1_rooms_that_differ_in_case_alone_are_one_location():
    programme = programme_snapshot(
        session_snapshot(1, room="Main Hall"), session_snapshot(2, room="MAIN HALL ")
    )
    plan = plan_of(programme)

    assert shown(plan) == [("location", "Main Hall", "create", {"Name": "Main Hall"})]
    assert plan.sessions[0].values["Location"] == plan.sessions[1].values["Location"]


def test_d1_tags_that_differ_in_case_alone_are_one_stream_with_the_first_ones_colour():
    programme = programme_snapshot(
        session_snapshot(1, tags=("beta", "Beta")),
        session_snapshot(2, tags=("Beta",)),
        tag_colours=(("Beta", "#111111"), ("beta", "#222222")),
    )

    plan = plan_of(programme)

    assert shown(plan) == [("stream", "beta", "create", {"Name": "beta", "Colour": "#222222"})]
    assert len(session_in(plan, 1).values["Streams"]) == 1


def test_d1_room_of_white_space_is_no_room():
    plan = plan_of(programme_snapshot(session_snapshot(room="  ", tags=(" ",))))

    assert plan.choices == ()
    assert not {"Location", "Streams"} & set(sent(plan, session_in(plan)))


def test_choices_of_sessions_that_are_not_synced_are_not_made():
    programme = programme_snapshot(session_snapshot(status="declined", room="Hall", tags=("Web",)))

    assert plan_of(programme).choices == ()


def test_c3_track_in_place_of_tags_makes_streams():
    rules = without_row(make_rules(FieldRow("track", "Streams")), "tags")

    plan = plan_of(programme_snapshot(session_snapshot(track="Back End", tags=("Web",))), rules=rules)

    assert shown(plan) == [("stream", "Back End", "create", {"Name": "Back End"})]


# D1: colours


@pytest.mark.parametrize(
    ("there", "wanted", "action", "values"),
    [
        ("#111111", "#222222", Action.UPDATE, {"Colour": "#222222"}),
        (None, "#222222", Action.UPDATE, {"Colour": "#222222"}),
        ("#ABCDEF", "#abcdef", Action.UNCHANGED, {"Colour": "#ABCDEF"}),
        ("#111111", None, Action.UNCHANGED, {"Colour": "#111111"}),
        (None, None, Action.UNCHANGED, {}),
    ],
)
def test_d1_colour_of_a_stream_that_was_found_is_brought_up_to_date(there, wanted, action, values):
    programme = programme_snapshot(session_snapshot(tags=("Web",)), tag_colours=(("Web", wanted),))

    (choice,) = plan_of(programme, offer=make_offer(streams=(AspChoice("S1", "web", there),))).choices

    assert (choice.action, choice.values, choice.uuid) == (action, values, "S1")


def test_d1_colour_that_changes_later_is_sent_without_touching_the_session():
    before = programme_snapshot(session_snapshot(tags=("Web",)), tag_colours=(("Web", "#111111"),))
    links = linked_as(before)
    after = programme_snapshot(session_snapshot(tags=("Web",)), tag_colours=(("Web", "#222222"),))

    plan = plan_of(after, links=links, offer=offer_after(links))

    assert shown(plan) == [("stream", "Web", "update", {"Colour": "#222222"})]
    assert session_in(plan).action is Action.UNCHANGED


def test_d1_colour_and_name_of_a_tag_that_no_synced_session_has_do_not_count():
    declined = replace(session_snapshot(1, tags=("WEB",), status="declined"), tag_colours=("#111111",))
    synced = replace(session_snapshot(2, tags=("Web",)), tag_colours=("#222222",))

    plan = plan_of(replace(programme_snapshot(), sessions=(declined, synced)))

    assert shown(plan) == [("stream", "Web", "create", {"Name": "Web", "Colour": "#222222"})]


@pytest.mark.parametrize(
    ("kind", "field"), [("tag", "tags"), ("room", "room"), ("format", "format"), ("level", "level")]
)
def test_c6_a_new_name_is_told_where_its_field_is_sent_alone(kind: str, field: str):
    name = ("Frontend",) if field == "tags" else "Frontend"
    programme = programme_snapshot(
        session_snapshot(**{field: name}), renamed=(RenamedChoice(kind, "Web", "Frontend"),)
    )
    told = "is called “Frontend” now"

    sent, left_out = (
        plan_of(programme, rules=rules).warnings for rules in (make_rules(), without_row(make_rules(), field))
    )

    assert (len([each for each in sent if told in each]), [each for each in left_out if told in each]) == (
        1,
        [],
    )


def test_c6_a_name_of_another_list_is_not_told():
    programme = programme_snapshot(
        session_snapshot(room="Frontend"), renamed=(RenamedChoice("tag", "Web", "Frontend"),)
    )

    assert plan_of(programme).warnings == ()


def test_e5_colour_that_an_editor_changed_in_asp_stays():
    programme = programme_snapshot(session_snapshot(tags=("Web",)), tag_colours=(("Web", "#111111"),))
    links = linked_as(programme)
    offer = make_offer(streams=(AspChoice("stream:web", "Web", "#999999"),))

    assert [each.action for each in plan_of(programme, links=links, offer=offer).choices] == [
        Action.UNCHANGED
    ]


# I2, E13: renamed or gone in ASP


def test_i2_stream_and_location_that_were_renamed_in_asp_keep_their_links():
    programme = programme_snapshot(session_snapshot(tags=("Web",), room="Hall"))
    links = linked_as(programme)
    offer = make_offer(
        streams=(AspChoice("stream:web", "World Wide Web"), AspChoice("S2", "Web")),
        locations=(AspChoice("location:hall", "Room 1"),),
    )

    plan = plan_of(programme, links=links, offer=offer)

    assert [each.action for each in plan.choices] == [Action.UNCHANGED, Action.UNCHANGED]
    assert session_in(plan).action is Action.UNCHANGED


def test_e13_stream_and_location_that_are_gone_are_made_again_and_their_sessions_updated():
    programme = programme_snapshot(
        session_snapshot(1, tags=("Web",), room="Hall"),
        session_snapshot(2),
        tag_colours=(("Web", "#111111"),),
    )
    links = linked_as(programme)

    plan = plan_of(programme, links=links, offer=make_offer())

    assert shown(plan) == [
        ("location", "Hall", "create", {"Name": "Hall"}),
        ("stream", "Web", "create", {"Name": "Web", "Colour": "#111111"}),
    ]
    assert [each.action for each in plan.sessions] == [Action.UPDATE, Action.UNCHANGED]


def test_e13_stream_that_is_gone_is_found_by_name_before_it_is_made_again():
    programme = programme_snapshot(session_snapshot(tags=("Web",)))
    links = linked_as(programme)

    plan = plan_of(programme, links=links, offer=make_offer(streams=(AspChoice("S9", "WEB"),)))

    assert [each.uuid for each in plan.choices] == ["S9"]
    assert sent(plan, session_in(plan)) == {"Streams": ["S9"]}


def test_i2_links_of_another_seminar_are_not_known_here():
    links = Links(speakers=make_links(speakers=[make_link("x")]).speakers)

    plan = plan_of(programme_snapshot(session_snapshot(tags=("Web",))), links=links)

    assert [each.action for each in plan.choices] == [Action.CREATE]


# C6


def test_c6_name_that_changed_from_outside_is_a_new_one_and_warns():
    before = programme_snapshot(session_snapshot(tags=("Web",)))
    links = linked_as(before)
    after = programme_snapshot(
        session_snapshot(tags=("Frontend",)), renamed=(RenamedChoice("tag", "Web", "Frontend"),)
    )

    plan = plan_of(after, links=links, offer=offer_after(links))

    assert shown(plan) == [("stream", "Frontend", "create", {"Name": "Frontend"})]
    assert session_in(plan).action is Action.UPDATE
    assert plan.warnings == (
        "The tag “Web” is called “Frontend” now. Its sessions move to the new name; the old one stays in ASP.",
    )
