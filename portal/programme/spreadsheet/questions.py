"""What a spreadsheet leaves open, and what a person answers; apart, as not all who ask read spreadsheets."""

from enum import StrEnum


class DateOrder(StrEnum):
    """How a date of three numbers is read."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Question(StrEnum):
    """What a file leaves open, and a person has to say."""

    ORDER = "order"  # some date can be read in two ways
    YEAR = "year"  # some day has no year, and nothing tells it
    DAY = "day"  # some time has no day, and nothing tells it
