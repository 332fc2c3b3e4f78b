"""H2: several tables in one sheet, below and beside each other."""

from typing import Any

import pytest
from sheet_samples import workbook

from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import CellPlace, Draft, Options


def read(content: bytes | str, **options: Any) -> Draft:
    content = content.encode() if isinstance(content, str) else content
    return read_draft(read_workbook(content), Options(timezone="UTC", **options))


def seen(draft: Draft) -> list[tuple[str | None, Any, str]]:
    return [
        (each.title, each.values.get("room"), f"{each.starts_at:%d %H:%M}" if each.starts_at else "")
        for each in draft.sessions
    ]


def test_a_timetable_for_each_day_below_the_other_with_rooms_of_its_own() -> None:
    draft = read(
        "Thursday 11 March 2027,,\nTime,Room A,Room B\n9:00,One,Two\n10:00,Three,\n\n"
        "Friday 12 March 2027,,\nTime,Room C,Room D\n9:30,Four,Five\n"
    )

    assert seen(draft) == [
        ("One", "Room A", "11 09:00"),
        ("Two", "Room B", "11 09:00"),
        ("Three", "Room A", "11 10:00"),
        ("Four", "Room C", "12 09:30"),
        ("Five", "Room D", "12 09:30"),
    ]
    assert list(draft.columns) == ["Time", "Room A", "Room B", "Room C", "Room D"]


def test_a_table_whose_columns_stand_in_another_order_than_those_of_the_one_above() -> None:
    draft = read(
        "11 March 2027,,\nTime,Title,Room\n9:00,One,Hall\n\n12 March 2027,,\nTime,Room,Title\n9:00,Hall,Two\n"
    )

    assert seen(draft) == [("One", "Hall", "11 09:00"), ("Two", "Hall", "12 09:00")]


BESIDE = [
    ["Thursday 11 March 2027", None, None, None, "Friday 12 March 2027"],
    ["Time", "Room A", "Room B", None, "Time", "Room A", "Room B"],
    ["09:00-10:00", "One", "Two", None, "09:30-10:30", "Three", None],
    ["10:00-11:00", "Four", None, None, "11:00-12:00", None, "Five"],
]


def test_timetables_beside_each_other_have_their_own_times() -> None:
    draft = read(workbook(*BESIDE))

    assert seen(draft) == [
        ("One", "Room A", "11 09:00"),
        ("Two", "Room B", "11 09:00"),
        ("Four", "Room A", "11 10:00"),
        ("Three", "Room A", "12 09:30"),
        ("Five", "Room B", "12 11:00"),
    ]


def test_what_is_typed_in_place_of_a_cell_counts_for_its_own_table_alone() -> None:
    draft = read(workbook(*BESIDE), fixes={CellPlace("Sheet", 3, "Time (2)"): "14:00-15:00"})

    assert [when for _, _, when in seen(draft) if when[3:] in ("09:00", "14:00")] == [
        "11 09:00",
        "11 09:00",
        "12 14:00",
    ]


def test_lists_beside_each_other() -> None:
    draft = read(
        "Title,Date,Start,Room,,Title,Date,Start,Room\nOne,2027-03-11,9:00,A,,Two,2027-03-12,10:00,B\n"
    )

    assert seen(draft) == [("One", "A", "11 09:00"), ("Two", "B", "12 10:00")]


def test_people_below_the_sessions() -> None:
    draft = read(
        "Title,Date,Start,Speakers\nOpening,2027-03-11,9:00,Ada Moor\n\n"
        "Name,Email,Company\nAda Moor,ada@example.org,Siemens\n"
    )

    assert seen(draft) == [("Opening", None, "11 09:00")]
    assert [each.values["email"] for each in draft.people] == ["ada@example.org"]


@pytest.mark.parametrize("times", ["Time,Room A,Room B,Time", "Time,Room A,Room B,Zeit"])
def test_times_that_stand_on_both_sides_of_a_timetable_are_of_one(times: str) -> None:
    draft = read(f"11 March 2027\n{times}\n9:00-10:00,One,Two,9:00-10:00\n10:00-11:00,Three,,10:00-11:00\n")

    assert [each[0] for each in seen(draft)] == ["One", "Two", "Three"]
