"""Tells files of other kinds by how they begin, so that a refusal names them and says what to do (H2)."""

from portal.errors import InvalidFile

OPENED = "Open it in a spreadsheet program and save it as XLSX or CSV."
EXPORTED = "Export the programme as XLSX or CSV from the tool that it comes from."
FIRST = {  # how a file begins, in lower case → what it is, and what to do
    b"%pdf": ("a PDF", EXPORTED),
    b"\x89png": ("a picture", EXPORTED),
    b"\xff\xd8\xff": ("a picture", EXPORTED),
    b"begin:vcalendar": ("a calendar (iCalendar)", EXPORTED),
    b"begin:vcard": ("a list of contacts (vCard)", EXPORTED),
    b"[internetshortcut]": ("a link, not what it leads to", EXPORTED),
    b"mime-version:": ("a saved web page or an e-mail", OPENED),
    b"<!doctype html": ("a web page, which some tools call .xls", OPENED),
    b"<html": ("a web page, which some tools call .xls", OPENED),
    b"<table": ("a web page, which some tools call .xls", OPENED),
    b"<?xml": ("XML", f"{OPENED[:-1]}, or export it so from the tool that it comes from."),
    b"<schedule": ("XML", EXPORTED),
    b"{\\rtf": ("a text document", EXPORTED),
}


def refuse_other_kinds(content: bytes) -> None:
    """Raises InvalidFile where the file is none that a programme is read from."""
    start = content[:100].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for first, (what, advice) in FIRST.items():
        if start.startswith(first):
            raise InvalidFile(f"The file is {what}. {advice}")
