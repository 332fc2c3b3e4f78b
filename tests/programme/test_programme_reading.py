"""What is taken from a programme's event and sessions."""

from datetime import UTC, datetime

import pytest
from programme_samples import DEMO, SESSION, programme_of, read, session_entry

from portal.errors import InvalidFile
from portal.programme.content import ChoiceContent, FileContent, SessionContent
from portal.programme.reading import read_json, read_programme


def read_session(**overrides) -> SessionContent:
    return read(session_entry(**overrides)).sessions[0]


def test_read_json_takes_a_whole_conference():
    content = read_json(DEMO / "pyconfr-2025.json", 1_000_000)

    assert (content.event_source_id, content.name, content.timezone) == (
        "4630",
        "PyConFR 2025",
        "Europe/Paris",
    )
    assert (len(content.sessions), len(content.contacts)) == (75, 81)
    talk = next(each for each in content.sessions if each.client_session_id == "87KRHE")
    assert talk.title == "Tout ce dont votre package a besoin"
    assert "\r\n- Comment tester" in talk.description
    assert talk.starts_at == datetime(2027, 10, 30, 9, 30, tzinfo=UTC)
    assert talk.track == ChoiceContent(
        source_id="4620570c-00ad-5724-be91-989e5a69cfe0", name="Short talk", colour="#8c564b"
    )
    assert [each.name for each in talk.tags] == ["Short talk", "French"]


def test_read_programme_needs_no_contacts():
    data = programme_of(session_entry())
    del data["contacts"]

    assert read_programme(data).contacts == ()


@pytest.mark.parametrize(("given", "source_id"), [(4630, "4630"), (" pycon ", "pycon"), (-1, "-1")])
def test_read_programme_keeps_the_events_id_as_text(given, source_id):
    assert read(id=given).event_source_id == source_id


def test_read_programme_takes_ids_in_lower_case():
    content = read_session(id="ABCDEF00-0000-4000-8000-00000000000A")

    assert content.source_id == "abcdef00-0000-4000-8000-00000000000a"


def test_read_programme_takes_statuses_trimmed_and_in_lower_case():
    assert read_session(status=" Accepted ").status == "accepted"


def test_d2c_a_status_is_the_same_however_its_letters_are_encoded():
    assert read_session(status="Besta\u0308tigt").status == read_session(status="best\u00e4tigt\u200b").status


def test_read_programme_trims_the_outside_of_a_text_alone():
    content = read_session(title="  A  title \n", description="\r\n<p>a\r\n\r\n b</p>\t")

    assert content.title == "A  title"
    assert content.description == "<p>a\r\n\r\n b</p>"


def test_read_programme_takes_empty_values_as_none():
    content = read_session(title=" ", description="", starts_at="", ends_at=" ", client_session_id="")

    assert content == SessionContent(source_id=SESSION.format(1), status="accepted")


def test_read_programme_takes_a_number_as_client_session_id():
    assert read_session(client_session_id=7768).client_session_id == "7768"


@pytest.mark.parametrize(("given", "is_public"), [(None, True), (True, True), (False, False)])
def test_read_programme_takes_is_public(given, is_public):
    assert read_session(is_public=given).is_public is is_public


def test_read_programme_leaves_abstracts_out():
    content = read(
        session_entry(1, is_abstract=True, starts_at="never"),
        session_entry(2, is_abstract=None),
        session_entry(3),
    )

    assert [each.title for each in content.sessions] == ["Session 2", "Session 3"]


def test_read_programme_never_reads_subsessions():
    content = read(session_entry(subsessions=[session_entry(2), "nonsense"]))

    assert [each.title for each in content.sessions] == ["Session 1"]


@pytest.mark.parametrize(
    ("room", "choice"),
    [
        (None, None),
        ({}, None),
        ({"id": "r1"}, None),
        ({"id": "r1", "name": " "}, None),
        ({"id": "r1", "name": " B421 "}, ChoiceContent(source_id="r1", name="B421")),
        ({"id": 12, "name": "B421"}, ChoiceContent(source_id="12", name="B421")),
        ({"name": " Großer Saal"}, ChoiceContent(source_id="großer saal", name="Großer Saal")),
    ],
)
def test_read_programme_takes_a_room(room, choice):
    assert read_session(room=room).room == choice


def test_read_programme_takes_each_tag_once_in_order():
    tags = [
        {"id": "b", "name": "Beta", "color": "#ABC"},
        {},
        {"id": "a", "name": "Alpha", "color": "red"},
        None,
        {"id": "b", "name": "Beta again"},
        {"name": "Gamma", "color": 5},
        {"name": "GAMMA"},
    ]

    assert read_session(tags=tags).tags == (
        ChoiceContent(source_id="b", name="Beta", colour="#aabbcc"),
        ChoiceContent(source_id="a", name="Alpha"),
        ChoiceContent(source_id="gamma", name="Gamma"),
    )


def test_read_programme_leaves_files_without_url_out():
    files = [
        {"name": "Draft", "url": None},
        {"name": "Slides", "url": "https://example.org/1", "created_at": "2027-01-01T10:00:00Z"},
        {"url": "https://example.org/2"},
    ]

    assert read_session(content=files).files == (
        FileContent(
            url="https://example.org/1", name="Slides", created_at=datetime(2027, 1, 1, 10, tzinfo=UTC)
        ),
        FileContent(url="https://example.org/2"),
    )


def test_read_programme_keeps_custom_fields_as_they_are():
    fields = {"Size": " L ", "Meals": ["a", {"b": None}], "Count": 10**400}

    assert read_session(custom_fields=fields).custom_fields == fields


NOTHING = " \u200b\ufeff\u00ad\u2060\u200e\u3164"


def test_d2c_text_of_invisible_characters_alone_is_read_as_none():
    session = read_session(
        title=NOTHING, description=NOTHING, client_session_id=NOTHING, room={"id": 1, "name": NOTHING}
    )

    assert (session.title, session.description, session.client_session_id, session.room) == (None,) * 4


def test_d2c_text_is_read_without_what_is_invisible_at_its_edges():
    session = read_session(title="\ufeff An\u00ad event\u200b ", client_session_id="\u200eC1\u200e")

    assert (session.title, session.client_session_id) == ("An\u00ad event", "C1")


def test_d2c_event_without_a_visible_name_is_refused():
    with pytest.raises(InvalidFile) as refused:
        read(session_entry(), name=NOTHING)

    assert refused.value.problems == ["event.name: missing"]


def test_d2c_rooms_without_an_id_are_one_when_their_names_are():
    content = read(
        session_entry(1, room={"name": "Hall\u200b A"}),
        session_entry(2, room={"name": "hall a\ufeff"}),
        session_entry(3, room={"name": "Maße"}),
        session_entry(4, room={"name": "Masse"}),
    )

    assert [each.room.source_id for each in content.sessions if each.room] == [
        "hall a",
        "hall a",
        "maße",
        "masse",
    ]
