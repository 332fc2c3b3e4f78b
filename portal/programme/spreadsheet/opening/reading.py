"""Opens a spreadsheet file, whatever its name says it is."""

import re

from portal.errors import InvalidFile
from portal.programme.other_kinds import refuse_other_kinds
from portal.programme.spreadsheet.opening.excel_file import read_workbook_file
from portal.programme.spreadsheet.opening.older_parts import FIRST_OF_OLDER
from portal.programme.spreadsheet.opening.table import Workbook
from portal.programme.spreadsheet.opening.text_file import read_text

OF_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]\s*[{\"]")
FIRST_OF_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def read_workbook(content: bytes, encoding: str | None = None) -> Workbook:
    """The file's visible sheets; `encoding` is that of a text that does not say it, as a person told it.

    Raises InvalidFile when it is neither a workbook nor a text of cells.
    """
    if content.startswith((*FIRST_OF_ZIP, FIRST_OF_OLDER)):
        return read_workbook_file(content)
    refuse_other_kinds(content)
    if OF_JSON.match(content):
        raise InvalidFile("The file is JSON: let its name end in .json, so that it is read as that.")
    return read_text(content, encoding)
