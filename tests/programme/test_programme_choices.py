"""What becomes of an event's rooms, tags and the like when a programme is stored."""

from programme_samples import ROOM, TAGS, count, full_session, session_entry, store
from sqlalchemy import select

from portal.models import Choice, db
from portal.programme.choices import Renaming
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
