"""H2: a spreadsheet is read whatever wrote it: encodings, separators, ends of lines, hidden parts, formulas."""

import zipfile
from datetime import date, datetime, time
from io import BytesIO

import pytest
from openpyxl import Workbook as Made
from sheet_samples import NAMES, expected, sample, saved, workbook

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.opening.table import Sheet
from portal.programme.spreadsheet.recognising.finding import find_tables
from portal.programme.spreadsheet.recognising.header import find_header
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Options


def rows(content: bytes) -> list[list[object]]:
    return read_workbook(content).sheets[0].rows


@pytest.mark.parametrize("name", NAMES)
def test_the_header_is_found_where_it_stands(name: str) -> None:
    told = expected(name[:3])
    sheets = {sheet.name: find_header(sheet) for sheet in read_workbook(sample(name[:3])).sheets}

    header = told.get("header", {})
    assert sheets[header.get("sheet", next(iter(sheets)))] == header.get("row", 1)
    if people := told.get("people_header"):
        assert sheets[people["sheet"]] == people["row"]


@pytest.mark.parametrize(
    ("encoding", "ends"),
    [
        ("utf-8", "\n"),
        ("utf-8-sig", "\r\n"),
        ("utf-16", "\r\n"),
        ("utf-16-le", "\n"),
        ("cp1252", "\r\n"),
        ("mac_roman", "\r"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_text_is_read_in_each_encoding(encoding: str, ends: str, separator: str) -> None:
    lines = [["Titel", "Raum", "Beschreibung"], ["„Brücken“ – naïve", "Großer Saal", "Café für 5 Äpfel"]]
    text = ends.join(separator.join(line) for line in lines) + ends

    assert rows(text.encode(encoding)) == lines


def test_line_breaks_and_quotes_inside_a_cell_stay() -> None:
    text = 'Title,Description\r\n"A 12"" record","one\r\n\r\ntwo, three"\r\nLone " quote,x\r\n'

    assert rows(text.encode())[1:] == [['A 12" record', "one\n\ntwo, three"], ['Lone " quote', "x"]]


def test_a_blank_line_counts_as_a_row() -> None:
    assert rows(b"Title,Room\n\nA,B\n") == [["Title", "Room"], [], ["A", "B"]]


def test_excels_own_line_names_the_separator() -> None:
    assert rows(b"sep=;\r\nTitle;Room\r\nA, B;C\r\n") == [["Title", "Room"], ["A, B", "C"]]


def test_a_quotation_mark_that_is_never_closed_is_noticed() -> None:
    assert read_workbook(b'Title,Room\nA,B\n"C,D\nE,F\n').unclosed_quote == 3


def test_values_of_a_workbook_keep_their_kind() -> None:
    assert rows(sample("o11"))[2][2:6] == [
        datetime(2027, 4, 22, 9, 15),
        time(9, 15),
        date(2027, 4, 22),
        time(10, 0),
    ]


def test_numbers_that_are_shown_with_leading_zeros_were_ids() -> None:
    speakers = read_workbook(sample("o10")).sheets[1]

    assert [row[0] for row in speakers.rows[1:]] == ["003", "007", "012", 100000]


def test_a_formula_without_a_stored_value_is_noticed() -> None:
    assert read_workbook(sample("o10")).sheets[0].uncalculated == {(6, 5)}


def test_whatever_a_formula_without_a_stored_value_was_to_say_is_said_to_be_missing() -> None:
    content = workbook(
        ["Title", "Start", "Speaker", "Note"],
        ["Talk", datetime(2027, 3, 11, 9), "=Speakers!A2", None],
        ["=Old!A3", None, None, "=1"],
        Speakers=[["Name", "Email"], ["=B2", "a@example.org"]],
    )
    draft = read_draft(read_workbook(content), Options(timezone="UTC"))

    assert [tuple(each.place) for each in draft.problems if "never calculated" in each.message] == [
        ("Speakers", 2, "Name"),
        ("Sheet", 2, "Speaker"),
        ("Sheet", 3, "Title"),
    ]


def test_an_error_in_place_of_a_value_is_no_empty_cell() -> None:
    made = Made()
    sheet = made.active
    assert sheet is not None
    for row in (["Title", "Room"], ["A", "#N/A"], ["#REF!", "B"]):
        sheet.append(row)

    assert (sheet["B2"].data_type, rows(saved(made))[1:]) == ("e", [["A", "#N/A"], ["#REF!", "B"]])


def test_hidden_rows_columns_and_sheets_are_told_apart() -> None:
    made = Made()
    sheet = made.active
    assert sheet is not None
    for row in (["Title", "Room"], ["A", "B"], ["Old", "C"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    made.create_sheet("Draft").sheet_state = "hidden"

    read = read_workbook(saved(made))

    assert (read.sheets[0].hidden_rows, read.hidden_sheets) == ({3}, ["Draft"])
    assert find_tables(read).notes == [
        "The sheet “Draft” is hidden and was left out.",
        "1 hidden row of the sheet “Sheet” was left out.",
        "Hidden columns of the sheet “Sheet” were read all the same: “Room”.",
    ]


def test_a_table_below_and_beside_nothing_keeps_its_row_numbers() -> None:
    made = Made()
    sheet = made.active
    assert sheet is not None
    sheet["C5"], sheet["D5"], sheet["C6"] = "Title", "Room", "A"

    assert rows(saved(made)) == [[], [], [], [], [None, None, "Title", "Room"], [None, None, "A"]]


def test_a_cell_in_the_last_corner_is_refused_before_memory_is_taken() -> None:
    made = Made()
    sheet = made.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "Title", "x"

    with pytest.raises(InvalidFile, match="at most 100,000 rows"):
        read_workbook(saved(made))


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    stream = BytesIO(workbook(["Title"], ["A"]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * 120_000_000)

    with pytest.raises(InvalidFile, match="unpacks to more than 100 MB"):
        read_workbook(stream.getvalue())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04 broken", "no workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "no workbook that can be read"),
        (b"\xff\xfe\x00\x00\x00\x00\x00", "NUL|no text|is not text"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(InvalidFile, match=message):
        read_workbook(content)


def test_a_header_that_nobody_knows_is_the_first_full_row() -> None:
    sheet = Sheet("", [["Forum"], [], ["Foo", "Bar", "Baz"], ["a", "b", "c"]])

    assert find_header(sheet) == 3
