"""Which problems a programme can have, and how they are named."""

import pytest
from programme_samples import (
    PERSON,
    SESSION,
    contact_entry,
    problems_of,
    problems_of_session,
    programme_of,
    read,
    session_entry,
)

from portal.errors import InvalidFile
from portal.programme.reading import read_programme

WHEN = "is not a date and time (ISO 8601, of the years 1970 to 2200)"


@pytest.mark.parametrize("data", [[], "text", 5, None, True])
def test_read_programme_refuses_what_is_no_object(data):
    assert problems_of(data) == []


def test_a_file_of_another_tool_is_told_by_what_it_holds():
    with pytest.raises(InvalidFile) as caught:
        read_programme({"schedule": {"days": []}, "version": "1"})

    assert str(caught.value) == (
        "The file holds “schedule”, “version”, and no “event”: it is not an object with event, sessions and "
        "contacts, as Sessionboard gives them. Export the programme as XLSX or CSV from the tool that it comes from."
    )
    assert caught.value.problems == ["event: missing", "sessions: missing"]


@pytest.mark.parametrize(
    ("overrides", "problems"),
    [
        ({"event": None}, ["event: missing"]),
        ({"event": [1]}, ["event: a list is not an object"]),
        ({"event": {}}, ["event.id: missing", "event.name: missing", "event.timezone: missing"]),
        ({"sessions": None}, ["sessions: missing"]),
        ({"sessions": {}}, ["sessions: an object is not a list"]),
        ({"contacts": {}}, ["contacts: an object is not a list"]),
        (
            {"sessions": ["x", None, []]},
            [
                "sessions[0]: “x” is not an object",
                "sessions[1]: null is not an object",
                "sessions[2]: a list is not an object",
            ],
        ),
        ({"contacts": [3]}, ["contacts[0]: 3 is not an object"]),
    ],
)
def test_read_programme_refuses_another_shape(overrides, problems):
    assert problems_of(programme_of() | overrides) == problems


@pytest.mark.parametrize(
    ("event", "problems"),
    [
        ({"id": True}, ["event.id: true is not text"]),
        ({"id": 4630.0}, ["event.id: 4630.0 is not text"]),
        ({"id": " "}, ["event.id: missing"]),
        ({"id": "x" * 401}, [f"event.id: “{'x' * 59}…” is longer than 400 characters"]),
        ({"name": 5}, ["event.name: 5 is not text"]),
        (
            {"timezone": "Mars/Phobos"},
            ["event.timezone: “Mars/Phobos” is no timezone: write it as Europe/Paris"],
        ),
        ({"timezone": "../x"}, ["event.timezone: “../x” is no timezone: write it as Europe/Paris"]),
        (
            {"timezone": "/etc/passwd"},
            ["event.timezone: “/etc/passwd” is no timezone: write it as Europe/Paris"],
        ),
        ({"timezone": "Europe"}, ["event.timezone: “Europe” is no timezone: write it as Europe/Paris"]),
        ({"timezone": ["UTC"]}, ["event.timezone: a list is not text"]),
    ],
)
def test_read_programme_refuses_an_event(event, problems):
    assert problems_of(programme_of(**event)) == problems


@pytest.mark.parametrize(
    ("overrides", "problems"),
    [
        ({"id": None}, ["sessions[0].id: missing"]),
        ({"id": "17"}, ["sessions[0].id: “17” is not a UUID"]),
        ({"id": 17}, ["sessions[0].id: 17 is not a UUID"]),
        ({"status": None}, ["sessions[0].status: missing"]),
        ({"status": "  "}, ["sessions[0].status: missing"]),
        ({"status": 1}, ["sessions[0].status: 1 is not text"]),
        ({"status": ["accepted"]}, ["sessions[0].status: a list is not text"]),
        ({"starts_at": "tomorrow"}, [f"sessions[0].starts_at: “tomorrow” {WHEN}"]),
        ({"ends_at": "2027-10-30"}, [f"sessions[0].ends_at: “2027-10-30” {WHEN}"]),
        ({"ends_at": "2027-02-30T10:00Z"}, [f"sessions[0].ends_at: “2027-02-30T10:00Z” {WHEN}"]),
        ({"updated_at": 1793352600}, [f"sessions[0].updated_at: 1793352600 {WHEN}"]),
        ({"updated_at": False}, [f"sessions[0].updated_at: false {WHEN}"]),
        ({"updated_at": {}}, [f"sessions[0].updated_at: an object {WHEN}"]),
        ({"title": 5}, ["sessions[0].title: 5 is not text"]),
        ({"description": {"html": ""}}, ["sessions[0].description: an object is not text"]),
        (
            {"title": "a\ud800"},
            ["sessions[0].title: “a�” has half a surrogate pair in it, which is no character"],
        ),
        ({"title": "a\0b"}, ["sessions[0].title: “a�b” has a NUL character in it"]),
        ({"client_session_id": True}, ["sessions[0].client_session_id: true is not text"]),
        ({"client_session_id": 1.5}, ["sessions[0].client_session_id: 1.5 is not text"]),
        ({"is_public": "yes"}, ["sessions[0].is_public: “yes” is not true or false"]),
        ({"is_public": 1}, ["sessions[0].is_public: 1 is not true or false"]),
        ({"is_abstract": "no"}, ["sessions[0].is_abstract: “no” is not true or false"]),
        ({"room": []}, ["sessions[0].room: a list is not an object"]),
        ({"room": "B421"}, ["sessions[0].room: “B421” is not an object"]),
        ({"format": {"id": 1.5, "name": "Talk"}}, ["sessions[0].format.id: 1.5 is not text"]),
        ({"level": {"id": "1", "name": 5}}, ["sessions[0].level.name: 5 is not text"]),
        (
            {"room": {"name": "x" * 401}},
            [f"sessions[0].room.name: “{'x' * 59}…” is longer than 400 characters"],
        ),
        ({"tags": {}}, ["sessions[0].tags: an object is not a list"]),
        ({"tags": ["Python"]}, ["sessions[0].tags[0]: “Python” is not an object"]),
        ({"content": "x"}, ["sessions[0].content: “x” is not a list"]),
        ({"content": [{"url": 5}]}, ["sessions[0].content[0].url: 5 is not text"]),
        ({"custom_fields": []}, ["sessions[0].custom_fields: a list is not an object"]),
        (
            {"custom_fields": {"ok": 1, "size": float("inf")}},
            ["sessions[0].custom_fields.size: the field has a number that is too large"],
        ),
        ({"participants": {}}, ["sessions[0].participants: an object is not a list"]),
    ],
)
def test_read_programme_refuses_a_session(overrides, problems):
    assert problems_of_session(**overrides) == problems


def test_read_programme_names_all_problems_of_a_file():
    data = programme_of(
        session_entry(1),
        session_entry(2, status=None, starts_at="soon"),
        session_entry(3, id=SESSION.format(1)),
        contacts=[contact_entry(1, email=5), contact_entry(2, id=PERSON.format(1).upper())],
        timezone="Nowhere",
    )

    assert problems_of(data) == [
        "event.timezone: “Nowhere” is no timezone: write it as Europe/Paris",
        "contacts[0].email: 5 is not text",
        f"contacts[1].id: “{PERSON.format(1)}” is the id of contacts[0] too",
        "sessions[1].status: missing",
        f"sessions[1].starts_at: “soon” {WHEN}",
        f"sessions[2].id: “{SESSION.format(1)}” is the id of sessions[0] too",
    ]


def test_read_programme_lists_fifty_problems_and_counts_the_rest():
    data = programme_of(*({"id": number, "status": None} for number in range(1000)))

    with pytest.raises(InvalidFile) as caught:
        read_programme(data)

    assert str(caught.value) == (
        "Nothing was imported: the file has 2,000 problems; the first 50 are listed, there are 1,950 more."
    )
    assert len(caught.value.problems) == 50


def test_read_programme_says_how_many_problems_there_are():
    with pytest.raises(InvalidFile, match=r"^Nothing was imported: the file has 1 problem\.$"):
        read(session_entry(status=None))
    with pytest.raises(InvalidFile, match=r"^Nothing was imported: the file has 2 problems\.$"):
        read(session_entry(status=None, title=5))


def test_read_programme_shows_no_control_character_and_no_endless_text():
    assert problems_of_session(starts_at="\x1b[31m" + "x" * 90) == [
        f"sessions[0].starts_at: “�[31m{'x' * 54}…” {WHEN}"
    ]


def test_h2_a_problem_names_its_record() -> None:
    session = session_entry(title="  Opening\u200b", starts_at="soon", room="Hall")
    with pytest.raises(InvalidFile) as caught:
        read(session, session_entry(2, title=None, ends_at=5), contacts=[contact_entry(email=["a"])])

    assert caught.value.problems == [
        "contacts[0].email: a list is not text – in “Ada Number 1”",
        "sessions[0].starts_at: “soon” is not a date and time (ISO 8601, of the years 1970 to 2200) – in “Opening”",
        "sessions[0].room: “Hall” is not an object – in “Opening”",
        "sessions[1].ends_at: 5 is not a date and time (ISO 8601, of the years 1970 to 2200)",
    ]
