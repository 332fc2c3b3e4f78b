"""Opens a spreadsheet file, whatever its name says it is."""

from portal.errors import InvalidFile
from portal.programme.spreadsheet.opening.excel_file import read_workbook_file
from portal.programme.spreadsheet.opening.older_parts import FIRST_OF_OLDER
from portal.programme.spreadsheet.opening.table import Workbook
from portal.programme.spreadsheet.opening.text_file import read_text

FIRST_OF_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
FIRST_OF_OTHERS = {  # how a file begins, in lower case → what it is
    b"%pdf": "a PDF",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!doctype html": "a web page, which some tools call .xls",
    b"<html": "a web page, which some tools call .xls",
    b"<table": "a web page, which some tools call .xls",
    b"<?xml": "XML",
    b"{\\rtf": "a text document",
}


def read_workbook(content: bytes, encoding: str | None = None) -> Workbook:
    """The file's visible sheets; `encoding` is that of a text that does not say it, as a person told it.

    Raises InvalidFile when it is neither a workbook nor a text of cells.
    """
    if content.startswith((*FIRST_OF_ZIP, FIRST_OF_OLDER)):
        return read_workbook_file(content)
    start = content[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for first, what in FIRST_OF_OTHERS.items():
        if start.startswith(first):
            raise InvalidFile(
                f"The file is {what}. Open it in a spreadsheet program and save it as XLSX or CSV."
            )
    return read_text(content, encoding)
