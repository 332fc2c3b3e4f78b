"""Reads numbers in columns of times that have lost, or never had, the format of a date or a time."""

import re
from datetime import datetime, time, timedelta

from portal.programme.spreadsheet.cells.dates import When
from portal.programme.spreadsheet.cells.days import ISO, Unreadable, day_in_words, take_day
from portal.programme.spreadsheet.opening.table import Cell

SERIALS = (20_000, 80_000)  # the numbers that workbooks keep for days of our time
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?|0[.,]\d{3,}")
OF_CLOCK = range(100, 2_400)  # 930 for half past nine


def serial_number(cell: Cell) -> Cell:
    """The number that a text holds as a workbook keeps days and times of day: “46457”, “0,375”."""
    return float(cell.replace(",", ".")) if isinstance(cell, str) and SERIAL.fullmatch(cell) else cell


def read_number(cell: float, from_1904: bool, is_of_days: bool) -> tuple[When, str | None]:
    """What the number says, and how it was read, in words.

    `is_of_days`: its column holds days, so that it is no time of day. Raises Unreadable.
    """
    if 0 <= cell < 1:
        seconds = round(cell * 86_400)
        return _clock(seconds // 3600 % 24, seconds // 60 % 60)
    if SERIALS[0] <= cell <= SERIALS[1]:
        moment = (EPOCH_1904 if from_1904 else EPOCH) + timedelta(minutes=round(cell * 1440))
        clock = moment.time() if moment.time() != time(0) else None
        text = f"is a number without a date format; it was read as {day_in_words(moment.date())}"
        return When(moment.date(), clock), text
    if isinstance(cell, int):
        if ISO.fullmatch(str(cell)):  # 20270311
            return When(take_day(str(cell), None, None).day), None
        if cell in OF_CLOCK and cell % 100 < 60 and not is_of_days:
            return _clock(cell // 100, cell % 100)
    raise Unreadable("is a number, not a date or a time")


def _clock(hour: int, minute: int) -> tuple[When, str]:
    clock = time(hour, minute)
    return When(clock=clock), f"is a number without a time format; it was read as {clock:%H:%M}"
