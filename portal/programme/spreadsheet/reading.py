"""Opens a spreadsheet file, whatever its name says it is."""

from portal.programme.spreadsheet.excel_file import FIRST_OF_OLDER, read_excel
from portal.programme.spreadsheet.table import Workbook
from portal.programme.spreadsheet.text_file import read_text

FIRST_OF_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def read_workbook(content: bytes) -> Workbook:
    """The file's visible sheets. Raises InvalidFile when it is neither XLSX nor a text of cells."""
    if content.startswith((*FIRST_OF_ZIP, FIRST_OF_OLDER)):
        return read_excel(content)
    return read_text(content)
