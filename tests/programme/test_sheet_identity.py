"""H2: which records of the event a spreadsheet speaks of, and what becomes of their fields."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.programme.comparing import CHANGED, MISSING, NEW, PERSON, SESSION, Comparison, compare_programmes
from portal.programme.content import (
    ChoiceContent,
    ContactContent,
    ParticipantContent,
    ProgrammeContent,
    SessionContent,
)
from portal.programme.custom import ShownField
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.records.identity import Identified, identify
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Options
from portal.programme.stored import StoredEvent

SESSION_ID, PERSON_ID = "00000000-0000-4000-8000-{:012}", "00000000-0000-4000-9000-{:012}"
HALL = ChoiceContent(source_id="r1", name="Main Hall", colour=None)
ADA = ContactContent(
    source_id=PERSON_ID.format(1), first_name="Ada", last_name="Moor", email="ada@example.org"
)


def session(number: int, **values: Any) -> SessionContent:
    given = {
        "title": f"Session {number}",
        "status": "accepted",
        "starts_at": datetime(2027, 5, 3, 7, tzinfo=UTC),
    }
    return SessionContent(source_id=SESSION_ID.format(number), **given | values)


def event(
    *sessions: SessionContent, contacts: tuple[ContactContent, ...] = (ADA,), **fields: Any
) -> StoredEvent:
    content = ProgrammeContent(
        event_source_id="7", name="Forum", timezone="Europe/Paris", sessions=sessions, contacts=contacts
    )
    lists: dict[str, list[ChoiceContent]] = {"room": [HALL]}
    return StoredEvent(content, lists, **fields)


def bring(stored: StoredEvent, text: str) -> tuple[Identified, Comparison]:
    options = Options(timezone="Europe/Paris")
    found = identify(read_draft(read_workbook(text.encode()), options), stored, options)
    return found, compare_programmes(stored.content, found.content)


def outcomes(comparison: Comparison) -> dict[str, str]:
    return {each.source_id: each.outcome for each in comparison.changes if each.kind == SESSION}


def test_a_session_is_known_by_uuid_before_its_client_id() -> None:
    stored = event(session(1, client_session_id="A"), session(2, client_session_id="B"))
    _, comparison = bring(
        stored, f"Sessionboard ID,Client Session ID,Title\n{SESSION_ID.format(1)},B,New title\n"
    )

    assert outcomes(comparison) == {SESSION_ID.format(1): CHANGED, SESSION_ID.format(2): MISSING}


def test_a_session_is_known_by_its_client_id_whatever_its_case() -> None:
    _, comparison = bring(event(session(1, client_session_id="ab-1")), "ID,Title\nAB-1,Another\n")

    assert comparison.of(SESSION, CHANGED)[0].fields["Title"] == ("Session 1", "Another")


def test_without_any_id_title_start_and_room_tell_sessions_apart() -> None:
    stored = event(session(1, title="Lunch", room=HALL), session(2, title="Lunch"))
    found, comparison = bring(stored, "Title,Start,Room\nlunch,2027-05-03 09:00,main hall\n")

    assert outcomes(comparison) == {SESSION_ID.format(1): CHANGED, SESSION_ID.format(2): MISSING}
    assert comparison.of(SESSION, CHANGED)[0].fields == {"Title": ("Lunch", "lunch")}
    assert found.notes == ["Recognised by title, start and room: 1 session."]


def test_a_session_that_moved_is_known_by_a_title_that_only_one_has() -> None:
    found, comparison = bring(event(session(1)), "Title,Start\nSession 1,2027-05-04 09:00\n")

    assert comparison.count(SESSION, NEW) == 0 and comparison.count(SESSION, CHANGED) == 1
    assert "by the title alone" in found.notes[0]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (event(session(1, client_session_id="A"), session(2, client_session_id="a")), "ID,Title\nA,X\n"),
        (
            event(session(1, title="Lunch"), session(2, title="Lunch")),
            "Title,Start\nLunch,2027-05-03 09:00\n",
        ),
    ],
)
def test_a_row_that_fits_two_is_bad(stored: StoredEvent, text: str) -> None:
    found, _ = bring(stored, text)

    assert [each.is_error for each in found.problems] == [True] and "2 sessions" in found.problems[0].message
    assert found.content.sessions == ()


def test_somebody_is_known_by_e_mail_else_by_name() -> None:
    by_mail, _ = bring(event(), "Title,Speakers\nX,Ada M. Moor <ADA@example.org>\n")
    by_name, _ = bring(event(), "Title,Speakers\nX,Ada Moor\n")

    assert by_mail.content.contacts[0].source_id == by_name.content.contacts[0].source_id == ADA.source_id
    assert by_name.notes == ["Recognised by name alone, as the file gives no e-mail address: 1 person."]


BOTH = "ID,Title,Speakers\nA,X,Ada Moor <ada@example.org>\nB,Y,Bob Ray <ada@example.org>\n"


def test_d13_two_people_who_share_an_address_are_two() -> None:
    """Nobody's name may stand for somebody else's, as a file of an agency's people would have it."""
    new, _ = bring(event(contacts=()), BOTH)
    one_known, _ = bring(event(), BOTH)
    other_first, _ = bring(
        event(), "Title,Speakers\nY,Bob Ray <ada@example.org>\nX,Ada Moor <ada@example.org>\n"
    )

    for found in (new, one_known, other_first):
        names = {each.source_id: each.first_name for each in found.content.contacts}
        assert sorted(names.values()) == ["Ada", "Bob"] and found.problems == []
        by_title = {each.title: names[each.participants[0].contact_id] for each in found.content.sessions}
        assert by_title == {"X": "Ada", "Y": "Bob"}
    for found in (one_known, other_first):
        assert {each.source_id for each in found.content.contacts if each.first_name == "Ada"} == {
            ADA.source_id
        }


def test_d13_two_of_one_surname_and_one_address_are_one_and_it_is_said() -> None:
    found, _ = bring(event(), BOTH.replace("Bob Ray", "Bob Moor") + "C,Z,Ada M. Moor <ada@example.org>\n")

    assert [(each.place.row, each.value, each.message, each.is_error) for each in found.problems] == [
        (3, "Bob Moor", "has the address of “Ada Moor” and was taken for the same person", False)
    ]
    assert [each.last_name for each in found.content.contacts] == ["Moor"]


def test_somebody_who_fits_two_of_one_address_is_bad() -> None:
    bob = replace(ADA, source_id=PERSON_ID.format(2), first_name="Bob", last_name="Ray")
    text = "Title,Speakers\nX,{} <ada@example.org>\n"

    found, _ = bring(event(contacts=(ADA, bob)), text.format("Carl Finn"))
    known, _ = bring(event(contacts=(ADA, bob)), text.format("Bobby Ray"))
    renamed, _ = bring(event(), text.format("Carl Finn"))

    assert [each.message for each in found.problems] == [
        "fits 2 people of the event: add their Sessionboard ID"
    ]
    assert [each.source_id for each in known.content.contacts] == [bob.source_id]
    assert [each.source_id for each in renamed.content.contacts] == [ADA.source_id]


def test_a_name_that_two_have_is_bad() -> None:
    twin = replace(ADA, source_id=PERSON_ID.format(2), email="other@example.org")
    found, _ = bring(event(contacts=(ADA, twin)), "Title,Speakers\nX,Ada Moor\n")

    assert [each.message for each in found.problems] == ["fits 2 people of the event: add an e-mail address"]


def test_a_column_that_is_not_there_leaves_its_field_and_an_empty_cell_empties_it() -> None:
    before = session(1, client_session_id="A", description="Long", room=HALL)
    _, comparison = bring(event(before), "ID,Title,Room\nA,Session 1,\n")

    assert comparison.of(SESSION, CHANGED)[0].fields == {"Room": ("Main Hall", "")}


def test_people_in_roles_without_a_column_stay_and_a_declined_speaker_stays_declined() -> None:
    people = tuple(
        ParticipantContent(contact_id=ADA.source_id, role=role, status="declined")
        for role in ("speaker", "moderator")
    )
    _, comparison = bring(
        event(session(1, client_session_id="A", participants=people)),
        "ID,Title,Speakers\nA,Session 1,Ada Moor\n",
    )

    assert comparison.unchanged == {SESSION: 1, PERSON: 1}


def test_a_file_of_sessions_misses_nobody_and_a_file_of_people_no_session() -> None:
    sessions, _ = bring(event(session(1)), "Title\nSession 1\n")
    people, _ = bring(event(session(1)), "First Name,Last Name,Email\nBob,Ray,bob@example.org\n")

    assert [each.source_id for each in sessions.content.contacts] == []
    assert people.content.sessions == () and len(people.content.contacts) == 1


def test_c5_a_header_that_is_a_custom_field_of_the_event_means_it() -> None:
    before = session(1, client_session_id="A", custom_fields={"Capacity": "80", "Room": "x"})
    stored = event(before)
    options = Options(timezone="Europe/Paris", custom_names=stored.custom_names)
    draft = read_draft(read_workbook(b"ID,Title,capacity,Room\nA,Session 1,90,Hall\n"), options)

    assert draft.columns["capacity"] == "custom:Capacity" and draft.columns["Room"] == "room"


def test_c5_a_defined_custom_field_gets_a_value_of_its_type() -> None:
    fields = (
        ShownField("Seats", "number"),
        ShownField("Filmed", "checkbox"),
        ShownField("Day", "date"),
        ShownField("Size", "choice", ("Small", "Large")),
    )
    found, _ = bring(
        event(session_fields=fields),
        "Title,Seats (custom field),Filmed,Day (custom field),Size,Own\nX,80,ja,3 May 2027,small,7\nY,80%,,,,\n",
    )
    first, second = found.content.sessions

    assert first.custom_fields == {
        "Seats": 80,
        "Filmed": True,
        "Day": "2027-05-03",
        "Size": "Small",
        "Own": "7",
    }
    assert second.custom_fields == {"Seats": "80%"}
    assert found.notes == [
        "The custom field “Seats” is a number; 1 of its values are not, and were kept as they stand."
    ]
