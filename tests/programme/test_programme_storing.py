"""Storing a programme: what is created, updated, left as it is; and what it costs."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from programme_samples import (
    DEMO,
    FILES,
    PERSON,
    SESSION,
    TAGS,
    contact_entry,
    contacts,
    count,
    full_session,
    participant_entry,
    read,
    session_entry,
    store,
)
from sqlalchemy import select

from portal.models import Choice, Contact, ContentFile, Event, Participant, Session, SessionTag, db
from portal.programme.reading import read_json
from portal.programme.storing import store_programme
from portal.programme.tallying import Tally


def test_store_programme_creates_everything(organisation):
    stored = store(organisation, full_session(1), full_session(2, tags=[], content=[]))

    assert (stored.sessions, stored.contacts, stored.renamed) == (Tally(created=2), Tally(created=2), [])
    assert stored.event.source == "file"
    assert stored.event.imported_at is not None
    session = db.session.scalars(select(Session).where(Session.source_id == SESSION.format(1))).one()
    assert session.title == "Session 1"
    assert session.starts_at == datetime(2027, 10, 30, 9, 30, tzinfo=UTC)
    assert session.custom_fields == {"Size": 1}
    assert db.session.get_one(Choice, session.room_id).name == "B421"
    tags = select(Choice.name, Choice.colour).join(SessionTag).where(SessionTag.session_id == session.id)
    assert db.session.execute(tags.order_by(SessionTag.position)).all() == [
        ("Beta", "#111111"),
        ("Alpha", None),
    ]
    people = select(Contact.last_name, Participant.role, Participant.status).join(Participant)
    people = people.where(Participant.session_id == session.id).order_by(Participant.position)
    assert db.session.execute(people).all() == [
        ("Number 2", "speaker", "accepted"),
        ("Number 1", "speaker", "declined"),
    ]
    files = select(ContentFile.name, ContentFile.url, ContentFile.created_at).order_by(ContentFile.position)
    assert db.session.execute(files).all() == [
        ("Old", "https://example.org/1", datetime(2027, 1, 1, 10, tzinfo=UTC)),
        ("New", "https://example.org/2", None),
    ]


def test_store_programme_twice_changes_nothing(organisation):
    store(organisation, full_session(1), full_session(2))
    rows = [count(model) for model in (Event, Session, Contact, Choice, SessionTag, Participant, ContentFile)]

    stored = store(organisation, full_session(1), full_session(2))

    assert (stored.sessions, stored.contacts) == (Tally(unchanged=2), Tally(unchanged=2))
    assert rows == [
        count(model) for model in (Event, Session, Contact, Choice, SessionTag, Participant, ContentFile)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"description": "<p>New</p>"},
        {"status": "declined"},
        {"starts_at": "2027-10-30T09:31:00Z"},
        {"ends_at": None},
        {"is_public": False},
        {"client_session_id": "X1"},
        {"format": {"id": "f1", "name": "Talk"}},
        {"room": {}},
        {"track": {"id": "k1", "name": "Main"}},
        {"level": {"id": "l1", "name": "Beginner"}},
        {"language": {"id": "en", "name": "English"}},
        {"tags": TAGS[::-1]},
        {"tags": TAGS[:1]},
        {"participants": [participant_entry(1), participant_entry(2)]},
        {"participants": [participant_entry(2), participant_entry(1)]},
        {"participants": []},
        {"content": FILES[1:]},
        {"content": []},
        {"custom_fields": {"Size": True}},
        {"updated_at": "2026-11-02T09:00:00Z"},
    ],
)
def test_store_programme_counts_any_change_as_an_update(organisation, change):
    store(organisation, full_session(1), full_session(2))

    stored = store(organisation, full_session(1), full_session(2, **change))

    assert stored.sessions == Tally(updated=1, unchanged=1)
    assert stored.contacts == Tally(unchanged=2)
    again = store(organisation, full_session(1), full_session(2, **change))
    assert again.sessions == Tally(unchanged=2)


@pytest.mark.parametrize(
    "change", [{"email": "new@example.org"}, {"custom_fields": {"a": 1}}, {"updated_at": "2027-01-01T00:00Z"}]
)
def test_store_programme_updates_a_contact(organisation, change):
    store(organisation)

    stored = store(organisation, people=[contact_entry(1), contact_entry(2, **change)])

    assert stored.contacts == Tally(updated=1, unchanged=1)


def test_store_programme_leaves_what_is_missing_as_it_is(organisation):
    store(organisation, full_session(1), full_session(2))

    stored = store(
        organisation,
        full_session(2, participants=[], title="Changed"),
        full_session(3, participants=[]),
        people=[contact_entry(3)],
    )

    assert stored.sessions == Tally(created=1, updated=1, missing=1)
    assert stored.contacts == Tally(created=1, missing=2)
    left = db.session.scalars(select(Session).where(Session.source_id == SESSION.format(1))).one()
    assert left.title == "Session 1"
    assert db.session.scalars(select(Participant.session_id)).all() == [left.id, left.id]


def test_store_programme_knows_records_by_their_uuid_alone(organisation):
    store(organisation, session_entry(1, client_session_id="A1"), people=[contact_entry(1)])

    stored = store(
        organisation,
        session_entry(2, client_session_id="A1", title="Session 1"),
        people=[contact_entry(2, email="person1@example.org")],
    )

    assert stored.sessions == Tally(created=1, missing=1)
    assert stored.contacts == Tally(created=1, missing=1)


def test_store_programme_follows_the_events_name_and_timezone(organisation):
    first = store(organisation).event.id

    stored = store(organisation, name="New Name", timezone="Europe/Brussels")

    assert (stored.event.id, stored.event.name, stored.event.timezone) == (
        first,
        "New Name",
        "Europe/Brussels",
    )


def test_store_programme_refreshes_objects_that_are_already_loaded(organisation):
    store(organisation, full_session())
    session = db.session.scalars(select(Session)).one()
    assert session.title == "Session 1"

    store_programme(organisation.id, read(full_session(title="Other"), contacts=contacts()))

    assert session.title == "Other"


def test_store_programme_gives_ids_in_the_order_of_the_file(organisation):
    store(
        organisation,
        *(session_entry(number) for number in (3, 1, 2)),
        people=[contact_entry(number) for number in (2, 1)],
    )

    sessions = db.session.scalars(select(Session.source_id).order_by(Session.id)).all()
    people = db.session.scalars(select(Contact.source_id).order_by(Contact.id)).all()
    assert sessions == [SESSION.format(number) for number in (3, 1, 2)]
    assert people == [PERSON.format(number) for number in (2, 1)]


def test_two_organisations_with_the_same_file_never_meet(organisation, other_organisation):
    first = store(organisation, full_session())

    second = store(other_organisation, full_session(title="Theirs"))

    # I1
    assert (second.sessions, second.contacts) == (Tally(created=1), Tally(created=2))
    assert first.event.id != second.event.id
    titles = select(Session.event_id, Session.title).order_by(Session.id)
    assert db.session.execute(titles).all() == [
        (first.event.id, "Session 1"),
        (second.event.id, "Theirs"),
    ]


def test_two_events_of_an_organisation_with_the_same_uuids_never_meet(organisation):
    store(organisation, full_session())

    stored = store(organisation, full_session(title="Next year"), id=8)

    assert (stored.sessions, stored.contacts) == (Tally(created=1), Tally(created=2))


def test_store_programme_leaves_the_commit_to_its_caller(organisation):
    store_programme(organisation.id, read(full_session(), contacts=contacts()))
    db.session.rollback()

    assert [count(model) for model in (Event, Session, Contact, Choice)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("identifier", "shown"), [(4630, 4630), ("4630", 4630), ("007", "007"), ("py-2025", "py-2025"), ("0", 0)]
)
def test_as_json_gives_the_events_id_as_its_source_wrote_it(organisation, identifier, shown):
    stored = store(organisation, full_session(), id=identifier)

    assert stored.as_json() == {
        "event": shown,
        "sessions": {"created": 1, "updated": 0, "unchanged": 0, "missing": 0},
        "contacts": {"created": 2, "updated": 0, "unchanged": 0, "missing": 0},
    }


def test_store_programme_sends_as_many_statements_for_many_records_as_for_few(organisation, statements):
    content = read_json(DEMO / "pyconfr-2025.json", 1_000_000)
    few = replace(content, sessions=content.sessions[:3], event_source_id="few")
    counts = []

    for each in (few, content, few, content):
        db.session.rollback()
        statements.clear()
        store_programme(organisation.id, each)
        counts.append(len(statements))
        db.session.commit()

    assert counts[0] == counts[1] <= 20
    assert counts[2] == counts[3] <= 12
