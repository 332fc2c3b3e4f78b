"""What `portal programme import` is asked for, said without all that reads spreadsheets: JSON comes in without it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options of `portal programme import` say."""

    file: Path
    slug: str
    event_id: str | None
    new_event: str | None
    timezone: str | None
    columns: Path | None
    encoding: str | None
    date_order: str | None
    year: int | None
    day: datetime | None
    number: str | None
    check: bool
    skip_bad_rows: bool
    confirm_timezone: bool
    as_json: bool

    @property
    def names_a_spreadsheet(self) -> bool:
        """Whether any option is given that says something about spreadsheets alone."""
        return bool(
            self.new_event
            or self.timezone
            or self.columns
            or self.encoding
            or self.date_order
            or self.year
            or self.day
            or self.number
            or self.skip_bad_rows
        )


def is_spreadsheet(file: Path) -> bool:
    """Whether the file's name says that it is one."""
    return file.suffix.lower() in ENDINGS
