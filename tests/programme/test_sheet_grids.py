"""H2: timetables with rooms, tracks or days across, and tables whose headers say nothing or are not there."""

from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from sheet_samples import saved, workbook

from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Options
from portal.programme.spreadsheet.rows.slots import read_slot

Seen = tuple[str | None, str | None, str, str]


def read(content: bytes) -> Draft:
    return read_draft(read_workbook(content), Options(timezone="UTC"))


def seen(draft: Draft) -> list[Seen]:
    """Title, room, start and end of every session."""
    return [
        (
            each.title,
            each.values.get("room"),
            *(_clock(each.values.get(name)) for name in ("starts_at", "ends_at")),
        )
        for each in draft.sessions
    ]


def _clock(moment: datetime | None) -> str:
    return f"{moment:%d %H:%M}" if moment else ""


def test_rooms_across_and_times_down() -> None:
    draft = read(
        "Zeit,Saal 1,Saal 2\nDonnerstag 11.03.2027,,\n09:00-09:45,Eröffnung (Anna Schmidt),\n"
        '10:00-10:45,KI heute,"Energie\nSabine Weiß, Peter Lang"\n10:45-11:15,Pause,Pause\n'.encode()
    )

    assert seen(draft) == [
        ("Eröffnung", "Saal 1", "11 09:00", "11 09:45"),
        ("KI heute", "Saal 1", "11 10:00", "11 10:45"),
        ("Energie", "Saal 2", "11 10:00", "11 10:45"),
        ("Pause", "Saal 1", "11 10:45", "11 11:15"),
    ]
    assert [[mention.named.name for mention in each.mentions] for each in draft.sessions] == [
        ["Anna Schmidt"],
        [],
        ["Sabine Weiß", "Peter Lang"],
        [],
    ]
    assert [(each.place.row, each.place.column, each.message) for each in draft.problems] == [
        (5, "Saal 2", "stands under “Saal 1” at this time too; it was taken once")
    ]
    assert draft.notes == ["Each cell under “Saal 1”, “Saal 2” was read as a session there."]


def test_merged_cells_of_a_grid_reach_over_rooms_and_times() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Thu 11 March 2027"
    for row in (
        ["Time", "Janson", "K.1.105"],
        [time(9), "Opening", None],
        [time(10), "Talk", "Workshop"],
        [time(11), "End"],
    ):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("C3:C4")
    draft = read(saved(made))

    assert seen(draft) == [
        ("Opening", "Janson", "11 09:00", "11 10:00"),
        ("Talk", "Janson", "11 10:00", "11 11:00"),
        ("Workshop", "K.1.105", "11 10:00", ""),
        ("End", "Janson", "11 11:00", ""),
    ]
    assert "reaches over 2 columns; it was put under “Janson”" in [each.message for each in draft.problems]
    assert "has no end; the next time below was taken, 10:00" in [each.message for each in draft.problems]


def test_days_across() -> None:
    draft = read(
        workbook(
            ["Time", date(2027, 3, 11), date(2027, 3, 12)],
            ["09:00-10:00", "Registration", "Registration"],
            ["10:00-11:00", None, "Closing"],
        )
    )

    assert seen(draft) == [
        ("Registration", None, "11 09:00", "11 10:00"),
        ("Registration", None, "12 09:00", "12 10:00"),
        ("Closing", None, "12 10:00", "12 11:00"),
    ]


def test_rooms_below_days() -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (
        [None, "Thursday 11 March 2027", None, date(2027, 3, 12), None],
        ["Time", "Hall", "Room 2", "Hall", "Room 2"],
        ["09:00–10:00", "One", "Two", "Three", None],
        ["10:00–11:00", None, "Four", None, "Five"],
    ):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("D1:E1")

    assert seen(read(saved(made))) == [
        ("One", "Hall", "11 09:00", "11 10:00"),
        ("Two", "Room 2", "11 09:00", "11 10:00"),
        ("Three", "Hall", "12 09:00", "12 10:00"),
        ("Four", "Room 2", "11 10:00", "11 11:00"),
        ("Five", "Room 2", "12 10:00", "12 11:00"),
    ]


@pytest.mark.parametrize("rooms", ["Main Hall,Room B", "Auditorium,Foyer Room", "Stage,Auditorium"])
def test_rooms_may_be_called_by_the_word_for_a_room(rooms: str) -> None:
    draft = read(f"Time,{rooms}\n11 March 2027,,\n09:00-09:45,Opening,\n10:00-10:45,One,Two\n".encode())

    assert [each[:2] for each in seen(draft)] == [
        ("Opening", rooms.split(",")[0]),
        ("One", rooms.split(",")[0]),
        ("Two", rooms.split(",")[1]),
    ]


def test_japanese_halls_across() -> None:
    draft = read(
        "時間,ホールA,大会議室\n2027年3月4日（木）,,\n9:00-9:45,開会,\n10:00-10:45,講演（山田 太郎）,発表\n".encode()
    )

    assert [each[:2] for each in seen(draft)] == [
        ("開会", "ホールA"),
        ("講演", "ホールA"),
        ("発表", "大会議室"),
    ]
    assert [each.named.last_name for each in draft.sessions[1].mentions] == ["山田"]


@pytest.mark.parametrize("room", ["会場", "Room", "Saal"])
def test_the_word_for_a_room_alone_is_a_field(room: str) -> None:
    draft = read(f"Time,Title,{room}\n2027-03-11 09:00,Opening,A\n".encode())

    assert [each[:2] for each in seen(draft)] == [("Opening", "A")]


def test_one_column_of_rooms_is_no_grid() -> None:
    draft = read(b"Time,What it is,Room\n11 March 2027,,\n09:00-09:45,Opening,A\n10:00-10:45,Closing,B\n")

    assert [each[:2] for each in seen(draft)] == [("Opening", "A"), ("Closing", "B")]


def test_tracks_across_on_a_sheet_per_day() -> None:
    rows = [["Time", "Track A", "Track B"], ["09:00-10:00", "One", "Two"]]
    more = [["Time", "Track A", "Track C"], ["09:00-10:00", "Three", None]]
    draft = read(workbook(**{"11 March 2027": rows, "12 March 2027": more}))

    assert [(each.title, each.values.get("track"), _clock(each.starts_at)) for each in draft.sessions] == [
        ("One", "Track A", "11 09:00"),
        ("Two", "Track B", "11 09:00"),
        ("Three", "Track A", "12 09:00"),
    ]


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("Compilers (Bo Carlsson)", ("Compilers", "Bo Carlsson", None)),
        ("Compilers (advanced)", ("Compilers (advanced)", None, None)),
        ("Kites\nEm Fox\nBring a string!", ("Kites", "Em Fox", "Bring a string!")),
        ("Kites\n(Em Fox)", ("Kites", "Em Fox", None)),
    ],
)
def test_a_cell_of_a_grid_is_a_title_and_its_people(
    text: str, slot: tuple[str, str | None, str | None]
) -> None:
    assert read_slot(text) == slot


def test_a_table_without_a_header_is_read_by_its_cells() -> None:
    draft = read(
        b"Opening,2027-05-11 09:00,2027-05-11 09:30,Hall,Ann Lee\n"
        b"Second,2027-05-11 09:30,2027-05-11 10:15,Hall,Bo Ray\n"
    )

    assert draft.columns == {
        "Column A": "title",
        "Column B": "starts_at",
        "Column C": "ends_at",
        "Column D": None,
        "Column E": "speakers",
    }
    assert [each.place.row for each in draft.sessions] == [1, 2]
    assert draft.notes == ["No header speaks of titles: the column “Column A” was taken for that."]


def test_headers_that_nobody_knows_are_read_by_their_cells() -> None:
    draft = read(
        b"Laiks,Nosaukums,Kas\n2027-05-11 09:00,Avajaiset,Jan Nowak\n2027-05-11 10:00,Kahvi,Ewa Lis\n"
    )

    assert draft.columns == {"Laiks": "starts_at", "Nosaukums": "title", "Kas": "speakers"}


def test_a_day_above_the_times_of_a_grid_without_a_header_there() -> None:
    draft = read(
        workbook(
            [None, "Room A", "Room B"],
            ["Thursday 11 March 2027"],
            ["09:00", "Opening", "Workshop"],
            ["10:00", "Second", None],
        )
    )

    assert [each[:3] for each in seen(draft)] == [
        ("Opening", "Room A", "11 09:00"),
        ("Workshop", "Room B", "11 09:00"),
        ("Second", "Room A", "11 10:00"),
    ]


@pytest.mark.parametrize("above", [[], [["15 March 2027"]]])
def test_times_that_stand_across_are_pointed_at(above: list[list[str]]) -> None:
    draft = read(workbook(*above, ["Room", "09:00-10:00", "10:00-11:00"], ["Hall A", "Opening", "On things"]))

    assert [note.partition(" (")[0] for note in draft.notes if "across" in note] == [
        f"Row {len(above) + 1} names times across. Turn the table round"
    ]
