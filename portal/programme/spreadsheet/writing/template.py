"""A workbook to fill in, whose example row the import leaves out."""

from datetime import datetime

from portal.programme.spreadsheet.writing.exported import ExportColumn, ExportTable, Value
from portal.programme.spreadsheet.writing.files import write_excel

EXAMPLE_DAY = datetime(2027, 5, 11)
SESSIONS: tuple[tuple[str, int, Value], ...] = (
    ("Client Session ID", 18, "S-101"),
    ("Title", 46, "Example session: write over this row, or delete it"),
    ("Status", 12, "accepted"),
    ("Starts at", 18, EXAMPLE_DAY.replace(hour=9)),
    ("Ends at", 18, EXAMPLE_DAY.replace(hour=9, minute=45)),
    ("Room", 18, "Main Hall"),
    ("Format", 16, "Talk"),
    ("Track", 16, None),
    ("Level", 12, None),
    ("Language", 12, "English"),
    ("Tags", 20, "opening; keynote"),
    ("Speakers", 34, "First Last <first.last@example.invalid>"),
    ("Moderators", 24, None),
    ("Chairpersons", 24, None),
    ("Description", 50, "What it is about."),
)
PEOPLE: tuple[tuple[str, int, Value], ...] = (
    ("First name", 16, "First"),
    ("Last name", 18, "Last"),
    ("Email", 30, "first.last@example.invalid"),
    ("Job title", 24, "Write over this row, or delete it"),
    ("Honorific", 10, None),
    ("Company name", 24, None),
    ("Website", 26, None),
    ("Mobile phone", 18, None),
    ("Biography", 50, None),
    ("Headshot", 30, None),
    ("LinkedIn URL", 26, None),
)


def write_template() -> bytes:
    """The workbook: a sheet for sessions and one for people, each with one example row."""
    return write_excel([_table("Sessions", SESSIONS), _table("People", PEOPLE)])


def _table(name: str, columns: tuple[tuple[str, int, Value], ...]) -> ExportTable:
    return ExportTable(
        name,
        [ExportColumn(header, width) for header, width, _ in columns],
        [[example for _, _, example in columns]],
    )
