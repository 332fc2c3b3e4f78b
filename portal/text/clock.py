"""What the clock of a timezone shows: wall-clock times as moments, and the nights when clocks change."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moments_at(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments, in UTC and in order, at which the clock shows this naive time.

    None where the clocks jump over it, two where they go back over it.
    """
    found: list[datetime] = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
        if shown == wall and moment not in found:
            found.append(moment)
    return found


def describe_change(day: date, zone: ZoneInfo) -> str | None:
    """What the clocks do on that day, in a sentence; None on a day on which they do nothing."""
    start = datetime.combine(day, time(), UTC) - timedelta(days=1)
    for minute in range(0, 3 * 24 * 60, 15):  # a change lies on a whole quarter of an hour
        before = (start + timedelta(minutes=minute - 1)).astimezone(zone)
        after = (start + timedelta(minutes=minute)).astimezone(zone)
        if before.utcoffset() == after.utcoffset() or after.date() != day:
            continue
        reached = before.replace(tzinfo=None, fold=0) + timedelta(minutes=1)
        way = "forward" if after.replace(tzinfo=None, fold=0) > reached else "back"
        return f"The clocks go {way} on this day: {reached:%H:%M} becomes {after:%H:%M}."
    return None


def describe_changes(days: Iterable[date], zone: ZoneInfo) -> str | None:
    """What the clocks do on the first of these days on which they do anything."""
    return next((words for day in dict.fromkeys(days) if (words := describe_change(day, zone))), None)


def offset_words(moment: datetime, zone: ZoneInfo) -> str:
    """GMT+02:00, as the zone has it at that moment."""
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    hour, minute = divmod(abs(minutes), 60)
    return f"GMT{'-' if minutes < 0 else '+'}{hour:02}:{minute:02}"


def day_words(day: date) -> str:
    """30 October 2027."""
    return f"{day.day} {day:%B %Y}"


def clock_words(moment: datetime, zone: ZoneInfo) -> str:
    """30 October 2027, 09:50, as the zone's clock shows it; with the offset where it shows that time twice."""
    shown = moment.astimezone(zone)
    twice = len(moments_at(shown.replace(tzinfo=None, fold=0, second=0, microsecond=0), zone)) > 1
    return f"{day_words(shown)}, {shown:%H:%M}" + (f" ({offset_words(moment, zone)})" if twice else "")
