"""D2c in the plan: who and what is the same, and what counts as empty."""

import pytest
from plan_samples import (
    CONTRACT,
    actions,
    contact_snapshot,
    make_existing,
    make_link,
    make_links,
    make_offer,
    on_stage,
    person_id,
    plan_of,
    programme_snapshot,
    sent,
    session_in,
    session_snapshot,
    speaker_in,
)

from portal.asp.records import AspChoice
from portal.sync.planning.intent import Action
from portal.sync.planning.keys import carried_id, email_of
from portal.sync.planning.snapshot import Existing

NOTHING = " \u200b\ufeff\u00ad\u2060\u200e"


def test_d2c_sharp_s_makes_two_people_two_rooms_and_two_streams():
    programme = programme_snapshot(
        session_snapshot(1, room="Maße", tags=("Buße",), participants=on_stage(1)),
        session_snapshot(2, room="Masse", tags=("Busse",), participants=on_stage(2)),
        contacts=[
            contact_snapshot(1, email="k.groß@example.org"),
            contact_snapshot(2, email="k.gross@example.org"),
        ],
    )

    plan = plan_of(programme)

    assert actions(plan.speakers) == ["create", "create"]
    assert [each.name for each in plan.choices] == ["Maße", "Buße", "Masse", "Busse"]


def test_d2c_invisible_characters_make_no_second_room_tag_or_person():
    programme = programme_snapshot(
        session_snapshot(1, room="\ufeffHall A", tags=("We\u200bb",), participants=on_stage(1)),
        session_snapshot(2, room="Hall A\u200b", tags=("web\u00ad",), participants=on_stage(2)),
        contacts=[
            contact_snapshot(1, last_name="Lee", email="\u202aann@example.org\u202c"),
            contact_snapshot(2, last_name="\u200bLee\u00ad", email="Ann@example.org\u200b"),
        ],
    )

    plan = plan_of(programme)

    assert [(each.kind, each.name) for each in plan.choices] == [
        ("location", "Hall A"),
        ("stream", "We\u200bb"),
    ]
    assert actions(plan.speakers) == ["create", "skip"]
    assert speaker_in(plan).values["Email"] == "ann@example.org"


@pytest.mark.parametrize(("field", "label"), [("title", "Title"), ("client_session_id", "Client Session ID")])
def test_d2c_session_without_anything_visible_in_a_required_field_fails(field, label):
    planned = session_in(plan_of(programme_snapshot(session_snapshot(**{field: NOTHING}))))

    assert (planned.action, planned.reason) == (
        Action.FAIL,
        f"{label} is missing. Add it on the session, then sync again.",
    )


@pytest.mark.parametrize(
    ("field", "label"), [("first_name", "First Name"), ("last_name", "Last Name"), ("email", "Email")]
)
def test_d2c_person_without_anything_visible_in_a_required_field_fails(field, label):
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1)), contacts=[contact_snapshot(1, **{field: NOTHING})]
    )

    planned = speaker_in(plan_of(programme))

    assert (planned.action, planned.reason) == (
        Action.FAIL,
        f"{label} is missing. Add it on the person, then sync again.",
    )


def test_d2c_field_of_invisible_characters_alone_is_not_sent():
    session = session_snapshot(
        description=NOTHING, room=NOTHING, format=NOTHING, tags=(NOTHING,), level=NOTHING
    )

    plan = plan_of(programme_snapshot(session))

    planned = session_in(plan)
    assert plan.choices == ()
    assert planned.warnings == ()
    assert sorted(sent(plan, planned)) == [
        "ClientSessionId",
        "EndTime",
        "SessionType",
        "StartTime",
        "Title",
        "sessionboard_id",
    ]


def test_d2c_format_matches_a_session_type_with_invisible_characters_in_it():
    offer = make_offer(session_types=("Session", "Key\u200bnote\ufeff"))

    planned = session_in(plan_of(programme_snapshot(session_snapshot(format="\u00adKEYNOTE")), offer=offer))

    assert (planned.values["SessionType"], planned.warnings) == ("Key\u200bnote\ufeff", ())


def test_d2c_location_in_asp_is_found_whatever_is_invisible_in_its_name():
    offer = make_offer(locations=(AspChoice("L1", "\u200bHall\u00ad A"),))

    plan = plan_of(programme_snapshot(session_snapshot(room="hall a")), offer=offer)

    assert [(each.action, each.uuid) for each in plan.choices] == [(Action.UNCHANGED, "L1")]


def test_d2c_record_in_asp_is_found_by_an_email_that_differs_in_what_is_invisible():
    programme = programme_snapshot(session_snapshot(participants=on_stage(1)), contacts=[contact_snapshot(1)])
    existing = Existing(speakers=(make_existing("ASP-1", Email="\ufeffPERSON1@example.org\u200b"),))

    link = speaker_in(plan_of(programme, existing=existing)).link

    assert link is not None
    assert link.asp_uuid == "ASP-1"


def test_d2c_two_names_of_one_person_may_differ_in_white_space_and_what_is_invisible():
    programme = programme_snapshot(
        session_snapshot(participants=on_stage(1, 2)),
        contacts=[
            contact_snapshot(1, first_name="Ann \u200b Mary", last_name="Lee", email="a@example.org"),
            contact_snapshot(2, first_name="Ann", last_name="Mary\u00a0Lee", email="a@example.org"),
        ],
    )
    links = make_links(speakers=[make_link(person_id(1), "ASP-1", pushed={"Email": "a@example.org"})])

    assert actions(plan_of(programme, links=links).speakers) == ["update", "skip"]


@pytest.mark.parametrize("value", [" A0-b\u200b", "\ufeffa0-B", "a0-b"])
def test_i4_id_and_email_of_a_record_are_read_without_case_and_what_is_invisible(value):
    assert carried_id({"sessionboard_id": value}, CONTRACT) == "a0-b"
    assert email_of({"Email": value}, CONTRACT) == "a0-b"


@pytest.mark.parametrize("values", [{}, {"sessionboard_id": None, "Email": None}])
def test_i4_record_without_id_or_email_is_nobodys(values):
    assert (carried_id(values, CONTRACT), email_of(values, CONTRACT)) == ("", "")
