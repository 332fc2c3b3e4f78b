"""Files that nobody should have to bring in: broken, hostile, or something else altogether (G5)."""

import random
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

from hypothesis import strategies as some
from openpyxl import Workbook

FOLDER = Path(__file__).parents[1] / "programme" / "spreadsheets"
SAMPLES = [path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix != ".json"]
PACKAGES = [content for content in SAMPLES if content.startswith(b"PK")]
PIECES = (
    b"", b"<", b"&amp;", b"\xff", b'r="ZZ99"', b"<f>1</f>", b"9" * 30, b"</row>", b"NaN", b"\0" * 8, b"]]>",
    b't="s"', b'number-rows-repeated="99999999"', b"<c/>" * 50,
)  # fmt: skip
ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "mac_roman",
    "shift_jis",
    "utf-7",
    "cp037",
)
ODD = (
    "=1+1~=cmd|'/c calc'!A1~1.0E+05~04/05/2027~25:99~31.02.2027~٣٠:١٠~TBC~Day 2~2027-13-45T99:99~24:00~a@b; ~;;;~|~(~"
    "<@>~\u202e~0001-01-01~9999-12-31 23:59 -1400~1e999~nan~-5~[x]~Europe/Paris~Total~\ud7ff~Sat 31 Jan~9-10~\0"
).split("~")
HEADERS = (
    "ID,Title,Name,Start,End,Date,Time,Duration (h),Timezone,Speakers,Speaker 1 Email,Email,First Name,Tags,"
    "Room 1,Room 2"
).split(",")
CELLS = some.one_of(
    some.text(max_size=12), some.sampled_from([*ODD, "9" * 400, "x" * 40_000, "a,b;c|d\n" * 300])
)
XML = (
    '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><worksheet>&y;</worksheet>',
    "<worksheet>" + "<a>" * 50_000,
    "<worksheet><sheetData><row r='99999999999999999999'><c r='A1'><v>1</v></c></row></sheetData></worksheet>",
    "<worksheet><sheetData><row><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>",
    "<worksheet><dimension ref='A1:XFD1048576'/><sheetData/></worksheet>",
    "<worksheet><sheetData/><mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells></worksheet>",
    "<worksheet><sheetData><row><c t='s'><v>99999999999</v></c></row></sheetData></worksheet>",
)


@some.composite
def bad_files(draw: some.DrawFn) -> tuple[str, bytes]:
    """The name and the content of a file."""
    make = draw(some.sampled_from([_bytes, _table, _damaged, _parts, _hostile, _bomb, _formulas]))
    ending = draw(some.sampled_from(["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json"]))
    return f"programme.{ending}", make(draw)


def _bytes(draw: some.DrawFn) -> bytes:
    first = draw(
        some.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"\xff\xfe", b"{", b"%PDF"])
    )
    return first + draw(some.binary(max_size=2_000))


def _table(draw: some.DrawFn) -> bytes:
    headers = draw(some.permutations(HEADERS))
    rows = draw(some.lists(some.lists(CELLS, max_size=len(HEADERS)), max_size=8))
    sign = draw(some.sampled_from(",;\t|"))
    lines = [sign.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in (headers, *rows)]
    text = draw(some.sampled_from(["\n", "\r", "\r\n"])).join(lines)
    return text.encode(draw(some.sampled_from(ENCODINGS)), "replace")


def _damaged(draw: some.DrawFn) -> bytes:
    content = bytearray(draw(some.sampled_from(SAMPLES)))
    chance = random.Random(draw(some.integers(0, 2**32)))
    for _ in range(draw(some.integers(1, 40))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: draw(some.sampled_from([len(content), len(content) // 2]))])


def _parts(draw: some.DrawFn) -> bytes:
    """A workbook whose parts are well packed and broken inside."""
    chance = random.Random(draw(some.integers(0, 2**32)))
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(draw(some.sampled_from(PACKAGES)))) as source,
        zipfile.ZipFile(made, "w") as target,
    ):
        for entry in source.infolist():
            part = bytearray(source.read(entry))
            if chance.random() < 0.4 and part:
                place = chance.randrange(len(part))
                part[place : place + chance.randrange(30)] = chance.choice(PIECES)
            if chance.random() > 0.05:
                target.writestr(entry, bytes(part))
    return made.getvalue()


def _hostile(draw: some.DrawFn) -> bytes:
    xml = draw(some.sampled_from(XML))
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(_workbook(["Title"], ["A"]))) as source,
        zipfile.ZipFile(made, "w") as target,
    ):
        for entry in source.infolist():
            content = xml.encode() if entry.filename.endswith("sheet1.xml") else source.read(entry)
            target.writestr(entry, content)
        target.writestr("xl/vbaProject.bin", b"\0" * 100)
    return made.getvalue()


def _bomb(draw: some.DrawFn) -> bytes:
    """A part that unpacks to many megabytes."""
    part = draw(
        some.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/media/image1.png"])
    )
    return _packed_bomb(part, draw(some.sampled_from([5, 120])))


@cache
def _packed_bomb(part: str, megabytes: int) -> bytes:
    """Packed piece by piece, so that making it takes no memory."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(_workbook(["Title"], ["A"]))) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            if entry.filename != part:
                target.writestr(entry, source.read(entry))
        with target.open(part, "w") as stream:
            stream.write(b"<worksheet><sheetData>")
            for _ in range(megabytes):
                stream.write(b"<row><c><v>1</v></c></row>" * (1_000_000 // 26))
    return made.getvalue()


def _formulas(draw: some.DrawFn) -> bytes:
    rows = draw(some.lists(some.lists(some.sampled_from(ODD[:-1]), max_size=3), max_size=5))
    return _workbook(["Title", "Start", "Speakers"], *rows)


def _workbook(*rows: list[str]) -> bytes:
    made, stream = Workbook(), BytesIO()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    made.save(stream)
    return stream.getvalue()
