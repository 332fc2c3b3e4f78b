"""What becomes of an event's rooms, tags and the like when a programme is stored."""

from typing import Any

import pytest
from programme_samples import ROOM, TAGS, contacts, count, full_session, read, session_entry, store
from sqlalchemy import select

from portal.models import Choice, db
from portal.operations.editing.naming import colour_tag, rename_choice
from portal.programme.choices import Renaming, with_known_choices
from portal.programme.spreadsheet.records.session_content import Choices
from portal.programme.stored import load_event
from portal.programme.tallying import Tally


def test_store_programme_renames_a_room_and_keeps_its_synced_name(organisation):
    store(organisation, full_session())
    room = db.session.scalars(select(Choice).where(Choice.kind == "room")).one()
    room.synced_name = "B421"
    db.session.commit()

    stored = store(organisation, full_session(room={"id": "r1", "name": "Aula"}))

    # C6
    assert stored.renamed == [Renaming("room", "B421", "Aula")]
    assert (room.name, room.synced_name) == ("Aula", "B421")
    assert stored.sessions == Tally(unchanged=1)  # it is in the room it was in
    assert count(Choice) == 3


def test_store_programme_follows_a_tags_colour(organisation):
    store(organisation, full_session())

    stored = store(organisation, full_session(tags=[TAGS[0] | {"color": "#222"}, TAGS[1]]))

    colour = select(Choice.colour).where(Choice.kind == "tag", Choice.source_id == "t1")
    assert db.session.scalar(colour) == "#222222"
    assert stored.renamed == []


def test_h2_colour_of_which_a_file_says_nothing_stays_and_an_empty_one_clears_it(organisation):
    tag = {"id": "t1", "name": "Beta"}
    told = [{"color": "#111111"}, {}, {"color": None}]
    colour = select(Choice.colour)

    found = []
    for each in told:
        store(organisation, full_session(room=None, tags=[tag | each]))
        found.append(db.session.scalar(colour))

    assert found == ["#111111", "#111111", None]


def by_hand(organisation: Any, **values: str) -> None:
    """Give the one tag another name or colour."""
    tag = db.session.scalars(select(Choice).where(Choice.kind == "tag")).one()
    if "name" in values:
        rename_choice(tag, values["name"], "tester")
    if "colour" in values:
        colour_tag(tag, values["colour"], "tester")


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ({}, ("By hand", "#abcdef")),  # as before
        ({"name": "Gamma"}, ("Gamma", "#abcdef")),
        ({"color": "#222222"}, ("By hand", "#222222")),
    ],
)
def test_h3_entry_of_a_list_that_was_edited_by_hand_stays_until_its_file_says_otherwise(
    organisation, told, left
):
    tag = {"id": "t1", "name": "Beta", "color": "#111111"}
    store(organisation, full_session(room=None, tags=[tag]))
    by_hand(organisation, name="By hand", colour="#abcdef")

    for _ in range(2):
        stored = store(organisation, full_session(room=None, tags=[tag | told]))
        content = read(full_session(room=None, tags=[tag | told]), contacts=contacts())
        shown = with_known_choices(content, load_event(stored.event).choices)

        assert tuple(db.session.execute(select(Choice.name, Choice.colour)).one()) == left
        assert [(each.name, each.colour) for each in shown.sessions[0].tags] == [left]


def test_h3_spreadsheet_means_by_its_name_what_was_named_here_by_hand(organisation):
    event = store(organisation, full_session(room=None, tags=[{"id": "t1", "name": "Beta"}])).event
    by_hand(organisation, name="By hand")
    choices = Choices(load_event(event).choices)

    assert [choices.named("tag", name).source_id for name in ("beta", "By hand")] == ["t1", "t1"]


def test_store_programme_believes_the_first_session_about_a_choice(organisation):
    sessions = [session_entry(1, room=ROOM), session_entry(2, room={"id": "r1", "name": "Elsewhere"})]
    store(organisation, *sessions)

    stored = store(organisation, *sessions)

    assert db.session.scalars(select(Choice.name)).all() == ["B421"]
    assert stored.renamed == []


def test_store_programme_keeps_kinds_of_choices_apart(organisation):
    same = {"id": "x", "name": "Short talk"}

    store(organisation, session_entry(format=same, track=same, tags=[same]))

    assert db.session.scalars(select(Choice.kind).order_by(Choice.id)).all() == ["format", "track", "tag"]
