"""H2, G5: workbooks of other kinds than XLSX are read, or refused with what to do."""

import struct
import zipfile
from datetime import time
from io import BytesIO

import pytest
from sheet_samples import FOLDER

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.opening.table import Range
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Options

TABLE = (
    '<office:document-content xmlns:office="o" xmlns:table="t"><office:body><office:spreadsheet>'
    '<table:table table:name="Plan"><table:table-row table:number-rows-repeated="{rows}">'
    '<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"/>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def package(**parts: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["older.xls", "document.ods"])
def test_an_older_workbook_and_an_open_document_are_read_like_any_other(name: str) -> None:
    read = read_workbook((FOLDER / name).read_bytes())
    draft = read_draft(read, Options(timezone="UTC"))

    assert read.sheets[0].merged == [Range(2, 1, 2, 4)]
    assert read.sheets[0].rows[2] == [time(9), "Öffnung", "Hall", "Ann Lee"]
    assert [f"{each.title} {each.starts_at:%d %H:%M}" for each in draft.sessions] == [
        "Öffnung 11 09:00",
        "Dinner 11 11:30",
    ]
    assert draft.notes == [
        "The sheet “Draft” is hidden and was left out.",
        "1 hidden row of the sheet “Plan” was left out.",
    ]


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        (1_000_000, 1, "at most 100,000 rows"),
        (1, 16_384, "at most 600 are read"),
        (100_000, 500, "at most 1,500,000 cells"),
    ],
)
def test_repeated_cells_are_counted_before_memory_is_taken(rows: int, columns: int, message: str) -> None:
    with pytest.raises(InvalidFile, match=message):
        read_workbook(package(content_xml=TABLE.format(rows=rows, columns=columns)))


def test_a_cell_in_the_last_corner_of_an_older_workbook_is_refused() -> None:
    content = (FOLDER / "older.xls").read_bytes()
    cell = struct.pack("<HHHH", 0x203, 14, 4, 0)  # a number in A5

    assert content.count(cell) == 1
    with pytest.raises(InvalidFile, match="at most 1,500,000 cells are read"):
        read_workbook(content.replace(cell, struct.pack("<HHHH", 0x203, 14, 65_535, 255)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (package(xl__workbook_bin="x"), r"binary workbook \(.xlsb\). Open it in Excel"),
        (package(Index__Document_iwa="x"), "of Apple’s Numbers. Open it there and export it"),
        (package(word__document_xml="x"), "a text document. Copy its table into a spreadsheet"),
        (b"%PDF-1.7", "is a PDF. Export the programme as XLSX or CSV from the tool that it comes from"),
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
            "is a calendar .iCalendar.. Export the programme as XLSX or CSV",
        ),
        (b"<schedule><day/></schedule>", "is XML. Export the programme as XLSX or CSV"),
        (b'\xef\xbb\xbf[\n {"title": "A"}]', "is JSON: let its name end in .json"),
        (b"\n<html><table><tr><td>Title</td></tr></table></html>", "a web page, which some tools call .xls"),
        (b'<?xml version="1.0"?><Workbook/>', "is XML. Open it in a spreadsheet program"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_what_to_do(content: bytes, message: str) -> None:
    with pytest.raises(InvalidFile, match=message):
        read_workbook(content)
