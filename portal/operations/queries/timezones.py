"""The offsets from GMT that an event's timezone has while the event lasts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.models import Event
from portal.operations.queries.events import find_extent
from portal.programme.values import timezones


def list_timezones() -> list[str]:
    """IANA's names, in the order of the alphabet."""
    return sorted(timezones())


def find_offsets(event: Event) -> list[datetime]:
    """A moment of each offset, in order: the first start, then the minute of every change after it."""
    first, last = find_extent(event)
    start = first or datetime.now(UTC)
    zone = ZoneInfo(event.timezone)
    moments = [start]
    # A change of the clock lies on a whole quarter of an hour; an event of months is asked day by day first.
    moment, end = start, last or start
    while moment < end:
        following = min(moment + timedelta(days=1), end)
        if moment.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            moments.append(_change(moment, following, zone))
        moment = following
    return moments


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The minute in which the offset changes."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return (after + timedelta(seconds=30)).replace(second=0, microsecond=0)
