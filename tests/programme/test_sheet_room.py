"""G5: a few bytes of a workbook may stand for gigabytes; they are counted before anything is made of them."""

import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from sheet_samples import FOLDER, workbook

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.older_texts import lengths_of_texts
from portal.programme.spreadsheet.opening.reading import read_workbook

TABLE = (
    '<table:table table:name="{name}"><table:table-row table:number-rows-repeated="{rows}"><table:table-cell '
    'table:number-columns-repeated="{columns}" office:value-type="string">{cell}</table:table-cell>'
    "</table:table-row></table:table>"
)
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>'
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}'
    "</worksheet>"
)


def with_parts(package: bytes, /, **parts: str) -> bytes:
    """The workbook with other parts in place of those of the same names, in which “__” stands for “/”."""
    replaced = {f"{name.replace('__', '/')}.xml": part for name, part in parts.items()}
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(package)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in replaced:
                target.writestr(name, source.read(name))
        for name, part in replaced.items():
            target.writestr(name, part)
    return made.getvalue()


def document(*tables: str) -> bytes:
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = f"<office:document-content {NAMESPACES}>{body}</office:document-content>"
    return with_parts((FOLDER / "document.ods").read_bytes(), content=content)


def excel(cells: str, after: str = "", names: tuple[str, ...] = ("Plan",), text: str = "x") -> bytes:
    """A workbook whose sheets are all the same part."""
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId1"/>' for number, name in enumerate(names, 1)
    )
    return with_parts(
        workbook(["Title"], ["A"]),
        xl__workbook=WORKBOOK.format(sheets),
        xl__worksheets__sheet1=SHEET.format(cells, after),
        xl__sharedStrings=f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>',
    )


def small_bombs() -> Iterator[tuple[str, bytes, str]]:
    """What it is, the file, how it is refused."""
    full = {"rows": 2_400, "columns": 600, "cell": "<text:p>x</text:p>"}
    tables = [TABLE.format(name=f"Day {number}", **full) for number in range(16)]
    long = f"<text:p>{'x' * 60_000}</text:p>"
    spaces = '<text:p><text:s text:c="900000"/>x</text:p>'
    hidden = '<table:table-row table:visibility="collapse" table:number-rows-repeated="999"/>' * 3_000
    row = "<row>" + '<c t="s"><v>+00</v></c>' * 100 + "</row>"
    cells, characters = "more than 2,000,000 cells together", "more than 50,000,000 characters together"
    yield "full tables of one cell", document(*tables), cells
    yield "hidden rows", document(f'<table:table table:name="Day">{hidden}</table:table>'), cells
    yield (
        "a text in each row",
        document(TABLE.format(name="Day", rows=1_000, columns=1, cell=long)),
        characters,
    )
    yield "spaces", document(TABLE.format(name="Day", rows=60, columns=1, cell=spaces)), characters
    yield "a long text", excel(row, text="x" * 1_000_001), "cell of the workbook holds more than 1,000,000"
    yield "a text in each cell", excel(row * 10, text="x" * 60_000), characters
    yield "a part of two sheets", excel(row, names=("Plan", "Draft")), "two of its sheets are the same part"
    yield "a sheet twice", excel(row, names=("Plan", "Plan")), "two of its sheets have the same name"
    over = "<mergeCells>" + '<mergeCell ref="A1:A30000"/>' * 70 + "</mergeCells>"
    low = '<row r="30000"><c r="A30000"><v>1</v></c></row>'
    yield "merged cells", excel(low, over), "merged cells lie over each other"
    yield "separators", b"Title,Start\n" + b"," * 5_000_001, "far more cells in it than any programme"


@pytest.mark.parametrize(
    ("content", "message"), [pytest.param(*each, id=name) for name, *each in small_bombs()]
)
def test_g5_file_that_becomes_gigabytes_is_refused_before_it_does(content: bytes, message: str) -> None:
    with pytest.raises(InvalidFile, match=message):
        read_workbook(content)


def test_g5_merged_cell_does_not_hide_how_far_down_a_sheet_goes(monkeypatch) -> None:
    monkeypatch.setattr("portal.programme.spreadsheet.opening.bounds.MOST_IN_ALL", 1_000)
    low, merged = (
        '<row r="100"><c r="T100"><v>1</v></c></row>',
        '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
    )

    with pytest.raises(InvalidFile, match="more than 1,000 cells together"):
        read_workbook(excel(low, merged))


def test_g5_text_that_many_cells_of_an_older_workbook_name_counts_as_often(monkeypatch) -> None:
    monkeypatch.setattr("portal.programme.spreadsheet.opening.bounds.MOST_CHARACTERS", 60)

    with pytest.raises(InvalidFile, match="more than 60 characters together"):
        read_workbook((FOLDER / "older.xls").read_bytes())


def test_texts_of_an_older_workbook_go_on_from_record_to_record() -> None:
    plain = struct.pack("<HB", 4, 0) + b"Ti"
    rest = b"\1" + "tl".encode("utf-16-le")  # wide from here on
    rich = struct.pack("<HBHI", 3, 0x0D, 1, 5) + "Rüm".encode("utf-16-le") + b"runs" + b"sound"
    records = [struct.pack("<II", 9, 3) + plain, rest + rich, b"", struct.pack("<HB", 0, 0)]

    assert list(lengths_of_texts(records)) == [4, 3, 0]
    with pytest.raises(struct.error):
        list(lengths_of_texts([*records[:2]]))


@pytest.mark.parametrize("name", ["document.ods", "older.xls", "o01-sessionize-flattened.xlsx"])
def test_g5_what_is_real_has_room(name: str) -> None:
    assert read_workbook((FOLDER / name).read_bytes()).sheets


def test_cells_that_are_repeated_empty_to_the_last_column_take_no_room() -> None:
    row = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
    )

    sheets = read_workbook(document(f'<table:table table:name="Day">{row * 1_000}</table:table>')).sheets

    assert (len(sheets[0].rows), sheets[0].rows[-1]) == (1_000, ["x"])
