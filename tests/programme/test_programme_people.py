"""Who is taken from a programme, from where, and in which role and order."""

from datetime import UTC, datetime

import pytest
from programme_samples import (
    PERSON,
    contact_entry,
    participant_entry,
    problems_of,
    programme_of,
    read,
    session_entry,
)

from portal.programme.content import ContactContent, ParticipantContent

CONTACTS = [contact_entry(number) for number in range(1, 6)]


def people(*participants, **overrides) -> list[tuple[str, str, str]]:
    """The last digit of the contact's id, role and status."""
    session = session_entry(participants=list(participants), **overrides)
    found: tuple[ParticipantContent, ...] = read(session, contacts=CONTACTS).sessions[0].participants
    return [(each.contact_id[-1], each.role, each.status) for each in found]


def test_read_programme_takes_every_field_of_a_contact():
    contact = {
        "id": PERSON.format(1).upper(),
        "first_name": " Ada ",
        "last_name": "Lovelace",
        "email": "Ada@example.org",
        "title": "Analyst",
        "honorific": "Countess",
        "company_name": "Engines",
        "website_url": "https://example.org",
        "phone_mobile": "+44 1",
        "about": "<p>A\r\nB</p>",
        "photo_url": "https://example.org/ada.png",
        "facebook_url": "https://facebook.example",
        "linkedin_url": "https://linkedin.example",
        "twitter_url": "",
        "custom_fields": {"Diet": "none"},
        "updated_at": "2026-11-01T09:00:00.000Z",
    }

    assert read(contacts=[contact]).contacts == (
        ContactContent(
            source_id=PERSON.format(1),
            first_name="Ada",
            last_name="Lovelace",
            email="Ada@example.org",
            job_title="Analyst",
            honorific="Countess",
            company_name="Engines",
            website="https://example.org",
            mobile_phone="+44 1",
            biography="<p>A\r\nB</p>",
            headshot="https://example.org/ada.png",
            facebook_url="https://facebook.example",
            linkedin_url="https://linkedin.example",
            custom_fields={"Diet": "none"},
            updated_at=datetime(2026, 11, 1, 9, tzinfo=UTC),
        ),
    )


def test_contacts_go_before_the_copies_inside_sessions():
    copy = contact_entry(1, first_name="Copy", email=5)  # what is not used is not checked
    session = session_entry(participants=[participant_entry(1, contact=copy)])

    content = read(session, contacts=[contact_entry(1)])

    assert [each.first_name for each in content.contacts] == ["Ada"]


def test_a_contact_found_only_inside_sessions_is_taken_from_the_first():
    sessions = [
        session_entry(1, participants=[participant_entry(2)]),
        session_entry(2, participants=[participant_entry(2, contact=contact_entry(2, first_name="First"))]),
        session_entry(3, participants=[participant_entry(2, contact=contact_entry(2, first_name="Second"))]),
    ]

    content = read(*sessions, contacts=[contact_entry(1)])

    assert [(each.source_id, each.first_name) for each in content.contacts] == [
        (PERSON.format(1), "Ada"),
        (PERSON.format(2), "First"),
    ]


def test_a_copy_that_is_used_is_checked():
    copy = contact_entry(1, email=5)

    assert problems_of(programme_of(session_entry(participants=[participant_entry(1, contact=copy)]))) == [
        "sessions[0].participants[0].contact.email: 5 is not text"
    ]


@pytest.mark.parametrize(
    ("participant", "identifier"),
    [
        ({"contact_id": PERSON.format(2)}, "2"),
        ({"contact": {"id": PERSON.format(3)}}, "3"),
        ({"contact_id": None, "contact": {"id": PERSON.format(3)}}, "3"),
        ({"contact_id": PERSON.format(2).upper(), "contact": {"id": PERSON.format(3)}}, "2"),
    ],
)
def test_a_participant_is_known_by_contact_id_else_by_the_contacts_own(participant, identifier):
    assert people(participant) == [(identifier, "speaker", "accepted")]


@pytest.mark.parametrize(
    ("participant", "problem"),
    [
        ({}, ".contact_id: missing"),
        ({"contact_id": 5}, ".contact_id: 5 is not a UUID"),
        ({"contact": {"id": "x"}}, ".contact.id: “x” is not a UUID"),
        ({"contact_id": PERSON.format(9)}, f".contact_id: “{PERSON.format(9)}” is not among the contacts"),
        (participant_entry(status=5), ".status: 5 is not text"),
        (participant_entry(sort_order=True), ".sort_order: true is not a number"),
        (participant_entry(sort_order="1"), ".sort_order: “1” is not a number"),
        (participant_entry(participant_role="speaker"), ".participant_role: “speaker” is not an object"),
        (
            participant_entry(participant_role={"core_role": []}),
            ".participant_role.core_role: a list is not text",
        ),
        (participant_entry(contact=[]), ".contact: a list is not an object"),
        ([], ": a list is not an object"),
    ],
)
def test_a_participant_that_cannot_be_read_is_a_problem(participant, problem):
    session = session_entry(participants=[participant])

    assert problems_of(programme_of(session, contacts=CONTACTS)) == [f"sessions[0].participants[0]{problem}"]


@pytest.mark.parametrize(
    ("role", "taken"),
    [
        (None, "speaker"),
        ({}, "speaker"),
        ({"core_role": " Moderator "}, "moderator"),
        ({"core_role": "chairperson", "slug": "session-chair"}, "chairperson"),
        ({"core_role": None, "slug": "Host"}, "host"),
        ({"core_role": "", "slug": ""}, "speaker"),
    ],
)
def test_the_role_is_the_core_role_else_the_slug_else_speaker(role, taken):
    assert people(participant_entry(participant_role=role)) == [("1", taken, "accepted")]


@pytest.mark.parametrize(
    ("status", "taken"),
    [(None, "accepted"), ("", "accepted"), ("Accepted ", "accepted"), ("declined", "declined")],
)
def test_a_participant_without_status_is_accepted(status, taken):
    assert people(participant_entry(status=status)) == [("1", "speaker", taken)]


def test_participants_are_ordered_by_sort_order_then_place():
    found = people(
        participant_entry(1),
        participant_entry(2, sort_order=10**4000),
        participant_entry(3, sort_order=-1.5),
        participant_entry(4, sort_order=3),
        participant_entry(5, sort_order=3),
    )

    assert [identifier for identifier, _, _ in found] == ["3", "4", "5", "2", "1"]


def test_a_person_has_a_role_once_with_each_status():
    found = people(
        participant_entry(1, sort_order=2),
        participant_entry(1, sort_order=1, status="pending"),
        participant_entry(1, sort_order=4),
        participant_entry(1, sort_order=3, participant_role={"core_role": "moderator"}),
    )

    assert found == [
        ("1", "speaker", "pending"),
        ("1", "speaker", "accepted"),
        ("1", "moderator", "accepted"),
    ]


OLDER = {
    "speakers": [contact_entry(1, order=2), contact_entry(2, order=1)],
    "moderators": [contact_entry(1, order=0)],
    "chairpersons": [contact_entry(3)],
}


@pytest.mark.parametrize("present", [True, False])
def test_without_participants_the_older_lists_count(present):
    session = session_entry(**OLDER)
    if present:
        session["participants"] = None
    else:
        del session["participants"]

    content = read(session)

    assert [(each.contact_id[-1], each.role, each.status) for each in content.sessions[0].participants] == [
        ("2", "speaker", "accepted"),
        ("1", "speaker", "accepted"),
        ("1", "moderator", "accepted"),
        ("3", "chairperson", "accepted"),
    ]
    assert [each.last_name for each in content.contacts] == ["Number 2", "Number 1", "Number 3"]


def test_with_participants_the_older_lists_do_not_count():
    assert people(**OLDER) == []


@pytest.mark.parametrize(
    ("older", "problems"),
    [
        ({"speakers": {}}, ["sessions[0].speakers: an object is not a list"]),
        ({"moderators": [{"id": 5}]}, ["sessions[0].moderators[0].id: 5 is not a UUID"]),
        (
            {"chairpersons": [contact_entry(1, order="x")]},
            ["sessions[0].chairpersons[0].order: “x” is not a number"],
        ),
    ],
)
def test_the_older_lists_are_checked_where_they_count(older, problems):
    assert problems_of(programme_of(session_entry(participants=None, **older))) == problems
