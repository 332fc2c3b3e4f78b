"""A later file changes only what it changed against the file before; what both changed is kept and told of (H3)."""

from typing import Any

import pytest
from programme_samples import (
    PERSON,
    ROOM,
    SESSION,
    TAGS,
    contact_entry,
    participant_entry,
    programme_of,
    session_entry,
    write,
)
from sqlalchemy import select

from portal.models import Choice, Contact, HistoryEntry, Organisation, Participant, Session, SessionTag, db
from portal.operations.editing.people import save_person
from portal.operations.editing.removing import remove_person
from portal.operations.editing.sessions import save_session
from portal.operations.files.importing import import_programme
from portal.operations.queries.drafts import draft_of_person, draft_of_session
from portal.programme.drafts import marks_of

ACTOR = "ada@example.org"


def come_in(organisation: Organisation, folder, *sessions: dict[str, Any], contacts=None):
    people = [contact_entry(1), contact_entry(2)] if contacts is None else contacts
    return import_programme(organisation, write(folder, programme_of(*sessions, contacts=people)), ACTOR)


def session() -> Session:
    db.session.expire_all()
    return db.session.scalars(select(Session).where(Session.source_id == SESSION.format(1))).one()


def person(number: int = 1) -> Contact:
    return db.session.scalars(select(Contact).where(Contact.source_id == PERSON.format(number))).one()


def edit(**changes: Any) -> None:
    found = session()
    before = draft_of_session(found)
    save_session(found, {**before, **changes}, marks_of(before), ACTOR)


def edit_person(**changes: str) -> None:
    found = person()
    before = draft_of_person(found)
    save_person(found, {**before, **changes}, marks_of(before), ACTOR)


def names_of_tags() -> list[str]:
    query = (
        select(Choice.name).join(SessionTag, SessionTag.choice_id == Choice.id).order_by(SessionTag.position)
    )
    return list(db.session.scalars(query))


def people_on() -> list[str]:
    query = (
        select(Contact.source_id)
        .join(Participant, Participant.contact_id == Contact.id)
        .order_by(Participant.position)
    )
    return list(db.session.scalars(query))


def test_h3_the_same_file_leaves_what_was_edited(organisation, tmp_path) -> None:
    first = session_entry(room=ROOM, updated_at="2027-01-01T10:00:00Z")
    come_in(organisation, tmp_path, first)
    edit(title="Edited", client_session_id="A-1", room="")

    stored = come_in(organisation, tmp_path, first)

    assert (session().title, session().client_session_id, session().room_id) == ("Edited", "A-1", None)
    assert (stored.sessions.updated, stored.sessions.unchanged, stored.changed_twice) == (0, 1, [])


def test_h3_a_later_file_changes_what_it_changed_itself(organisation, tmp_path) -> None:
    come_in(organisation, tmp_path, session_entry(description="Old"))
    edit(title="Edited")

    stored = come_in(organisation, tmp_path, session_entry(description="New", status="pending"))

    assert (session().title, session().description, session().status) == ("Edited", "New", "pending")
    assert (stored.sessions.updated, stored.changed_twice) == (1, [])


def test_h3_what_both_changed_is_kept_and_told_once(organisation, tmp_path) -> None:
    come_in(organisation, tmp_path, session_entry(room=ROOM))
    edit(title="Edited", room="new:Attic")
    edit_person(job_title="Edited")
    other = session_entry(title="From the file", room={"id": "r2", "name": "B5"})
    others = [contact_entry(1, title="From the file"), contact_entry(2)]

    stored = come_in(organisation, tmp_path, other, contacts=others)
    again = come_in(organisation, tmp_path, other, contacts=others)

    attic = db.session.scalars(select(Choice).where(Choice.name == "Attic")).one()
    assert (session().title, session().room_id, person().job_title) == ("Edited", attic.id, "Edited")
    assert [(each.kind, set(each.fields)) for each in stored.changed_twice] == [
        ("session", {"title", "room_id"}),
        ("speaker", {"job_title"}),
    ]
    assert again.changed_twice == []
    told = list(db.session.scalars(select(HistoryEntry.text).where(HistoryEntry.kind == "imported")))[1]
    assert "3 fields were changed both here and in the file, and stay as they are here" in told
    assert "“Ada Number 1” (Job title)" in told and "“Edited” (" in told
    assert "Room" in told and "Title" in told


def test_h3_where_the_file_catches_up_it_counts_again(organisation, tmp_path) -> None:
    come_in(organisation, tmp_path, session_entry())
    edit(title="Edited")
    come_in(organisation, tmp_path, session_entry(title="Edited"))
    assert session().edited.keys() <= {"updated_at"}

    come_in(organisation, tmp_path, session_entry(title="Later"))

    assert session().title == "Later"


def test_h3_tags_and_people_edited_by_hand_stay(organisation, tmp_path) -> None:
    first = session_entry(tags=TAGS, participants=[participant_entry(1), participant_entry(2)])
    come_in(organisation, tmp_path, first)
    edit(tags=draft_of_session(session())["tags"][:1], people=[[PERSON.format(2), "speaker", "accepted"]])

    same = come_in(organisation, tmp_path, first)
    kept = names_of_tags(), people_on()
    other = come_in(organisation, tmp_path, session_entry(tags=[], participants=[participant_entry(1)]))

    assert kept == (["Beta"], [PERSON.format(2)])
    assert (same.sessions.unchanged, same.changed_twice) == (1, [])
    assert (names_of_tags(), people_on()) == kept
    assert set(other.changed_twice[0].fields) == {"tags", "participants"}


def test_h3_what_was_never_edited_follows_the_file(organisation, tmp_path) -> None:
    come_in(organisation, tmp_path, session_entry(tags=TAGS, participants=[participant_entry(1)]))
    edit(title="Edited")

    come_in(organisation, tmp_path, session_entry(tags=TAGS[:1], participants=[participant_entry(2)]))

    assert (names_of_tags(), people_on()) == (["Beta"], [PERSON.format(2)])


def test_h3_an_edit_that_is_taken_back_is_none(organisation, tmp_path) -> None:
    come_in(organisation, tmp_path, session_entry(updated_at="2027-01-01T10:00:00Z"))
    edit(title="Edited")
    edit(title="Session 1")

    come_in(organisation, tmp_path, session_entry(title="Later", updated_at="2027-01-01T10:00:00Z"))

    assert session().title == "Later"
    assert f"{session().updated_at:%Y-%m-%d}" == "2027-01-01"


def test_h2_a_key_that_is_absent_leaves_the_edit_and_its_note(organisation, tmp_path) -> None:
    come_in(organisation, tmp_path, session_entry(description="Old"))
    edit(description="Edited")

    come_in(organisation, tmp_path, session_entry())  # says nothing of a description
    stored = come_in(organisation, tmp_path, session_entry(description="Old"))

    assert session().description == "Edited"
    assert stored.changed_twice == []


@pytest.mark.parametrize("later", ["2027-02-01T10:00:00Z", None])
def test_d13_the_later_of_two_times_counts(organisation, tmp_path, later) -> None:
    come_in(organisation, tmp_path, session_entry(updated_at="2027-01-01T10:00:00Z"))
    edit(title="Edited")

    stored = come_in(organisation, tmp_path, session_entry(updated_at=later))

    assert session().title == "Edited" and stored.changed_twice == []


def test_h3_the_same_file_asks_nothing_about_somebody_who_was_removed(organisation, tmp_path) -> None:
    both = session_entry(participants=[participant_entry(1), participant_entry(2)])
    come_in(organisation, tmp_path, both)
    remove_person(person(1), ACTOR)

    stored = come_in(organisation, tmp_path, both)

    assert person(1) is not None  # the file brings the entry back, on no session
    assert (people_on(), stored.changed_twice) == ([PERSON.format(2)], [])
