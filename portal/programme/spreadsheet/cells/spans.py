"""What the cells of a row say of a session's times, and what is to be said of them."""

from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Years(NamedTuple):
    """The year of days without one: as a person told it, and as the file's titles name it."""

    told: int | None = None
    of_titles: int | None = None


class Remark(NamedTuple):
    """What is to be said of the cell of one field."""

    field: str
    message: str
    is_error: bool
    is_unless_stored: bool = False  # no error where the event has it so already


class Span(NamedTuple):
    """Start and end in UTC, as far as the row tells them; `day` where it names a day and no time."""

    start: datetime | None
    end: datetime | None
    day: date | None


def moment_of(local: datetime, zone: tzinfo, field: str, remarks: list[Remark]) -> datetime:
    """The point in time; a time that the clocks skip or show twice is said."""
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if isinstance(zone, ZoneInfo):
        if moment.astimezone(zone).replace(tzinfo=None) != local:
            remarks.append(Remark(field, f"is skipped by the clocks of {zone.key} on that day", True))
        elif local.replace(tzinfo=zone, fold=1).astimezone(UTC) != moment:
            text = f"comes twice on that day, when the clocks of {zone.key} change; the first one was taken"
            remarks.append(Remark(field, text, False))
    return moment


def said(found: tuple[datetime, str | None], field: str, remarks: list[Remark]) -> datetime:
    """The time that was found; what is to be said of it goes with the others of the row."""
    moment, message = found
    if message:
        remarks.append(Remark(field, message, False))
    return moment
