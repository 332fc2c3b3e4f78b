"""G5: whatever a file holds, it is read or refused in words, quickly, and nothing else happens."""

import random
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sheet_samples import NAMES, sample, workbook

from portal.errors import InvalidFile, Refused
from portal.programme.spreadsheet.cells.dates import read_range, read_when
from portal.programme.spreadsheet.cells.days import Unreadable
from portal.programme.spreadsheet.cells.durations import read_duration
from portal.programme.spreadsheet.cells.names import read_person
from portal.programme.spreadsheet.cells.several import split_people
from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.records.identity import identify
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Options
from portal.programme.stored import no_event

MODERATE = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
HEADERS = (
    "ID,Title,Name,Start,End,Date,Time,Duration,Timezone,Speakers,Speaker 1 Email,Email,First Name,Tags,Public"
).split(",")
ODD = (
    "=1+1~1.0E+05~04/05/2027~25:99~09:00 - 08:00~31.02.2027~٣٠:١٠~²~TBC~Day 2~2027-13-45T99:99~24:00~00:00 +99:99~"
    "a@b; ~;;;~|~,~(~Dr.~<@>~\u202e~0001-01-01~9999-12-31 23:59 -1400~1 Std.~1e999~nan~-5~[x]~'=~Europe/Paris~Total"
).split("~")
CELLS = some.one_of(some.text(max_size=12), some.sampled_from([*ODD, "9" * 400]))


def read_all(content: bytes) -> None:
    """Read it as far as an import would, or see it refused in words."""
    options = Options(timezone="Europe/Paris")
    try:
        draft = read_draft(read_workbook(content), options)
        found = identify(draft, no_event("Forum", "Europe/Paris"), options)
    except (InvalidFile, Refused) as refusal:
        assert str(refusal).endswith((".", "?"))
        return
    for problem in found.problems:
        assert problem.as_json()["row"] >= 1


@MODERATE
@given(some.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    read_all(content)


@MODERATE
@given(some.lists(some.lists(CELLS, max_size=len(HEADERS)), max_size=6), some.permutations(HEADERS))
def test_any_cells_under_known_headers(rows: list[list[str]], headers: list[str]) -> None:
    lines = [headers, *rows]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    read_all("\n".join(quoted).encode("utf-8", "replace"))


@MODERATE
@given(some.sampled_from(NAMES), some.integers(0, 2**32), some.integers(1, 40))
def test_a_sample_with_broken_bytes(name: str, seed: int, number: int) -> None:
    content = bytearray(sample(name[:3]))
    chance = random.Random(seed)
    for _ in range(number):
        content[chance.randrange(len(content))] = chance.randrange(256)
    read_all(bytes(content))


@MODERATE
@given(some.sampled_from([name for name in NAMES if name.endswith("xlsx")]), some.integers(0, 2**32))
def test_a_workbook_whose_parts_are_broken(name: str, seed: int) -> None:
    chance = random.Random(seed)
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(sample(name[:3]))) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            part = bytearray(source.read(entry))
            if chance.random() < 0.4 and part:
                place = chance.randrange(len(part))
                part[place : place + chance.randrange(30)] = chance.choice(
                    [b"", b"<", b"&amp;", b"\xff", b'r="ZZ99"', b"<f>1</f>", b"9" * 30, b"</row>", b"NaN"]
                )
            if chance.random() > 0.05:
                target.writestr(entry, bytes(part))
    read_all(made.getvalue())


@MODERATE
@given(CELLS)
def test_any_text_as_date_duration_or_person(text: str) -> None:
    for read in (lambda: read_when(text, None), lambda: read_range(text, None), lambda: read_duration(text)):
        try:
            read()
        except Unreadable as problem:
            assert str(problem)
    for part in split_people(text, None, lambda name: False):
        read_person(part), read_person(part, exact=True)


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><worksheet>&y;</worksheet>',
        "<worksheet>" + "<a>" * 100_000,
        "<worksheet><sheetData><row r='99999999999999999999'><c r='A1'><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c r='AAAAAAAAAA1'><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c r='A0'><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c r='1'><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><dimension ref='A1:XFD1048576'/><sheetData/></worksheet>",
        "<worksheet><sheetData/><mergeCells><mergeCell ref='A1:ZZZZZZ99999999'/></mergeCells></worksheet>",
        "<worksheet><sheetData><row><c t='s'><v>99999999999</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row><c s='-1'><v>1e400</v></c></row></sheetData></worksheet>",
    ],
)
def test_a_workbook_with_hostile_xml_is_refused_or_read(xml: str) -> None:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(["Title"], ["A"]))) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            content = xml.encode() if entry.filename.endswith("sheet1.xml") else source.read(entry)
            target.writestr(entry, content)
    read_all(made.getvalue())


FAR = "<worksheet><sheetData><row r='150000'><c r='A150000'><v>1</v></c></row></sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"


def with_two_sheets(place: str, instead: dict[str, tuple[str, str]] | None = None) -> bytes:
    """A small workbook with a second, far too large sheet at this place; `instead` changes texts of its parts."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(["Title"], ["A"]))) as source, zipfile.ZipFile(made, "w") as target:
        target.writestr(place, FAR)
        for entry in source.infolist():
            text = source.read(entry).decode()
            old, new = (instead or {}).get(entry.filename, ("", ""))
            assert old in text
            target.writestr(entry, text.replace(old, new))
    return made.getvalue()


RELATION = '<Relationship Id="far" Type="http://x/relationships/worksheet" Target="{}"/></Relationships>'


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(with_two_sheets(f"/{SHEET}"), id="one name with a slash before it"),
        pytest.param(with_two_sheets(SHEET.upper()), id="one name in other letters"),
        pytest.param(with_two_sheets(SHEET.replace("/", "\\")), id="one name with other slashes"),
        pytest.param(
            with_two_sheets(
                "other/worksheets/sheet1.xml", {"_rels/.rels": ("xl/workbook", "other/workbook")}
            ),
            id="another workbook",
        ),
        pytest.param(
            with_two_sheets(
                "xl/far.xml",
                {
                    "xl/_rels/workbook.xml.rels": ("</Relationships>", RELATION.format("far.xml")),
                    "xl/workbook.xml": ("<sheets>", '<sheets><sheet name="Sheet" sheetId="9" r:id="far"/>'),
                },
            ),
            id="two sheets of one name",
        ),
        pytest.param(with_two_sheets("xl/media/image1.png"), id="a sheet that is called a picture"),
    ],
)
def test_g5_no_sheet_is_read_that_was_not_looked_into_before(hostile: bytes) -> None:
    with pytest.raises(InvalidFile, match=r"two of its parts have the same name|at most 100,000 rows"):
        read_workbook(hostile)


def test_g5_sheet_that_goes_on_behind_its_end_is_refused() -> None:
    made, shown = BytesIO(), b"<worksheet></worksheet>"
    with zipfile.ZipFile(BytesIO(workbook(["Title"], ["A"]))) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.infolist():
            if entry.filename == SHEET:
                target.writestr(SHEET, shown + FAR.encode())
                target.filelist[-1].file_size, target.filelist[-1].CRC = len(shown), zlib.crc32(shown)
            else:
                target.writestr(entry, source.read(entry))

    with pytest.raises(InvalidFile, match=r"cannot be unpacked|is not XML"):
        read_workbook(made.getvalue())
