"""H2: a key that is absent leaves its field as it is; null or empty clears it; masked addresses refuse the file."""

import pytest
from programme_samples import (
    PERSON,
    SESSION,
    contact_entry,
    full_session,
    participant_entry,
    read,
    session_entry,
    store,
)

from portal.errors import InvalidFile
from portal.models import Contact, Participant, Session, db
from portal.programme.definitions import MOST_NOTED, rename_field
from portal.programme.values import is_masked

FULL = {
    "description": "<p>Abstract</p>",
    "is_public": False,
    "client_session_id": "C1",
    "format": {"id": "f1", "name": "Talk"},
    "track": {"id": "k1", "name": "Main"},
    "level": {"id": "l1", "name": "Beginner"},
    "language": {"id": "en", "name": "English"},
}
PERSON_FULL = {
    "title": "Director",
    "honorific": "Dr",
    "company_name": "Acme",
    "website_url": "https://example.org",
    "phone_mobile": "+32 2 555 00 00",
    "about": "<p>Bio</p>",
    "photo_url": "https://example.org/a.jpg",
    "facebook_url": "https://facebook.com/a",
    "linkedin_url": "https://linkedin.com/in/a",
    "twitter_url": "https://twitter.com/a",
    "custom_fields": {"Diet": "none"},
    "updated_at": "2026-11-01T09:00:00Z",
}


def stored(model: type, source_id: str) -> dict:
    row = db.session.query(model).filter_by(source_id=source_id).one()
    return {column.name: getattr(row, column.name) for column in model.__table__.columns}


def roles() -> list[tuple[str, str]]:
    rows = db.session.query(Participant.role, Participant.contact_id).order_by(Participant.position)
    return [(role, db.session.get(Contact, contact_id).source_id) for role, contact_id in rows]


def test_a_session_keeps_every_field_whose_key_the_file_lacks(organisation):
    store(organisation, full_session(**FULL))
    before, people = stored(Session, SESSION.format(1)), roles()

    again = store(organisation, {"id": SESSION.format(1)})

    assert again.sessions.unchanged == 1
    assert stored(Session, SESSION.format(1)) == before
    assert roles() == people


@pytest.mark.parametrize(
    "key", [*FULL, "starts_at", "title", "room", "tags", "content", "status", "custom_fields"]
)
def test_one_absent_key_leaves_its_field_while_the_others_change(organisation, key):
    session = full_session(**FULL)
    store(organisation, session)
    before = stored(Session, SESSION.format(1))

    changed = {name: value for name, value in session.items() if name != key}
    changed["ends_at"] = "2027-10-30T10:30:00.000Z"
    assert store(organisation, changed).sessions.updated == 1

    after = stored(Session, SESSION.format(1))
    assert after.pop("ends_at") != before.pop("ends_at")
    assert all(after.pop(each) != before.pop(each) for each in ("stamp", "changed_at"))
    assert after == before


@pytest.mark.parametrize(
    ("key", "column"),
    [("description", "description"), ("room", "room_id"), ("client_session_id", "client_session_id")],
)
@pytest.mark.parametrize("empty", [None, ""])
def test_null_or_empty_clears_a_field_of_a_session(organisation, key, column, empty):
    store(organisation, full_session(**FULL))

    value = {} if key == "room" and empty == "" else empty
    store(organisation, full_session(**FULL) | {key: value})

    assert stored(Session, SESSION.format(1))[column] is None


def test_a_new_session_without_a_status_is_refused_with_its_place(organisation):
    store(organisation, session_entry(1))

    with pytest.raises(InvalidFile) as caught:
        store(organisation, {"id": SESSION.format(1)}, {"id": SESSION.format(2), "title": "New"})

    assert caught.value.problems == ["sessions[1].status: missing"]


def test_a_new_session_is_public_unless_the_file_says_otherwise(organisation):
    store(organisation, session_entry(1))

    assert stored(Session, SESSION.format(1))["is_public"] is True


def test_a_contact_keeps_every_field_whose_key_the_file_lacks(organisation):
    store(organisation, people=[contact_entry(1, **PERSON_FULL)])
    before = stored(Contact, PERSON.format(1))

    again = store(organisation, people=[{"id": PERSON.format(1), "first_name": "Ada"}])

    assert again.contacts.unchanged == 1
    assert stored(Contact, PERSON.format(1)) == before


@pytest.mark.parametrize("key", ["about", "photo_url", "title", "email"])
def test_null_clears_a_field_of_a_contact(organisation, key):
    column = {"about": "biography", "photo_url": "headshot", "title": "job_title"}.get(key, key)
    store(organisation, people=[contact_entry(1, **PERSON_FULL)])

    store(organisation, people=[contact_entry(1, **PERSON_FULL) | {key: None}])

    assert stored(Contact, PERSON.format(1))[column] is None


def test_of_the_older_lists_the_absent_ones_leave_their_people(organisation):
    people = [contact_entry(1), contact_entry(2), contact_entry(3)]
    older = {"id": SESSION.format(1), "status": "accepted"}
    both = older | {"speakers": [contact_entry(1)], "moderators": [contact_entry(2)]}
    store(organisation, both, people=people)

    store(organisation, older | {"speakers": [contact_entry(3)]}, people=people)

    assert roles() == [("speaker", PERSON.format(3)), ("moderator", PERSON.format(2))]


@pytest.mark.parametrize(
    ("lists", "left"),
    [({}, ["host", "speaker"]), ({"moderators": []}, ["host", "speaker"]), ({"speakers": []}, ["host"])],
    ids=["no list", "another list", "the list of one of them"],
)
def test_h2_a_role_that_has_no_older_list_leaves_its_people(organisation, lists, left):
    people = [contact_entry(1), contact_entry(2)]
    session = {"id": SESSION.format(1), "status": "accepted"}
    taking_part = [
        {"contact_id": PERSON.format(number), "participant_role": {"core_role": role}}
        for number, role in ((1, "host"), (2, "speaker"))
    ]
    store(organisation, session | {"participants": taking_part}, people=people)

    store(organisation, session | lists, people=people)

    assert [role for role, _ in roles()] == left


def test_each_custom_field_is_a_field_of_its_own(organisation):
    def sizes(**fields: object) -> dict:
        store(organisation, full_session(**fields))
        return stored(Session, SESSION.format(1))["custom_fields"]

    assert sizes(custom_fields={"Size": 1, "Stage": "Main"}) == {"Size": 1, "Stage": "Main"}
    assert sizes(custom_fields={"Size": 2}) == {"Size": 2, "Stage": "Main"}
    assert sizes(custom_fields={"Stage": None}) == {"Size": 2, "Stage": None}
    assert sizes(custom_fields={}) == {}


def test_c5_which_custom_fields_the_last_file_has_no_more_is_noted(organisation):
    def noted(**custom_fields):
        return store(organisation, full_session(custom_fields=custom_fields)).event.file_fields.get("session")

    assert noted(Size=1, **{"Dur\u00e9e": "1 h"}) == {"Size": True, "Dur\u00e9e": True}
    assert noted(**{"Dure\u0301e": "2 h", "Length": 2}) == {
        "Size": False,
        "Dure\u0301e": True,
        "Length": True,
    }
    assert noted() == {"Size": False, "Dure\u0301e": True, "Length": True}
    assert noted(Size=None) == {"Dure\u0301e": False, "Length": False, "Size": True}
    rename_field(stored(Session, SESSION.format(1))["event_id"], "session", "Size", "Stage")
    assert noted() == {"Dure\u0301e": False, "Length": False, "Stage": True}
    assert noted(**{f"Field {number}": 1 for number in range(MOST_NOTED + 1)}) == noted()


def test_d2c_a_custom_field_is_the_same_however_a_file_encodes_its_name(organisation):
    store(organisation, full_session(custom_fields={"Dur\u00e9e": "1 h", "Stage": "A"}))
    store(organisation, full_session(custom_fields={"Dure\u0301e\u200b": "2 h"}))

    assert stored(Session, SESSION.format(1))["custom_fields"] == {"Dur\u00e9e": "2 h", "Stage": "A"}


def test_an_empty_list_of_participants_takes_everybody_off(organisation):
    store(organisation, full_session())

    store(organisation, full_session(participants=[]))

    assert roles() == []


@pytest.mark.parametrize(
    "email",
    [
        "j***@e***.org",
        "j*****e@example.org",
        "jane@e*.org",
        "j•••@example.org",
        "j...@example.org",
        "*",
        "***",
        "####@####.org",
        "[redacted]",
        "<E-mail hidden>",
        "[email protected]",
        "x",
        "xxxx@example.org",
        "redacted@example.org",
    ],
)
def test_a_file_whose_addresses_are_masked_is_refused_with_the_reason(email):
    with pytest.raises(InvalidFile) as caught:
        read(contacts=[contact_entry(1), contact_entry(2, email=email)])

    (problem,) = caught.value.problems
    assert problem.startswith(f"contacts[1].email: “{email}” is masked")
    assert "personal data shown" in problem


@pytest.mark.parametrize(
    "email",
    [
        "jane.doe+x@example.org",
        "o'neil@example.org",
        "a_b-c@x.y.example",
        "x@example.org",
        "private@example.org",
        "email@example.org",
        "email",
        None,
        "",
    ],
)
def test_an_ordinary_address_is_not_taken_for_a_masked_one(email):
    assert not is_masked(email)


def test_a_masked_copy_inside_a_session_does_not_matter_when_contacts_has_the_person():
    copy = contact_entry(1, email="p***@e***.org")
    session = session_entry(participants=[participant_entry(1, contact=copy)])

    assert read(session, contacts=[contact_entry(1)]).contacts[0].email == "person1@example.org"
