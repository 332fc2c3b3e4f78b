"""The timezones that a cell may name: IANA's, and what Windows and its offspring call them."""

from functools import cache
from zoneinfo import ZoneInfo

from portal.programme.values import timezones
from portal.text.matching import fold

OF_WINDOWS = {
    "eastern time (us & canada)": "America/New_York",
    "eastern standard time": "America/New_York",
    "eastern time": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "central standard time": "America/Chicago",
    "central time": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "mountain standard time": "America/Denver",
    "mountain time": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "pacific standard time": "America/Los_Angeles",
    "pacific time": "America/Los_Angeles",
    "gmt standard time": "Europe/London",
    "london": "Europe/London",
    "w. europe standard time": "Europe/Berlin",
    "romance standard time": "Europe/Paris",
    "central europe standard time": "Europe/Budapest",
    "central european time": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "amsterdam": "Europe/Amsterdam",
    "berlin": "Europe/Berlin",
    "brussels": "Europe/Brussels",
    "madrid": "Europe/Madrid",
    "paris": "Europe/Paris",
    "rome": "Europe/Rome",
    "india standard time": "Asia/Kolkata",
    "singapore standard time": "Asia/Singapore",
    "tokyo standard time": "Asia/Tokyo",
    "aus eastern standard time": "Australia/Sydney",
}


@cache
def _zones() -> dict[str, str]:
    return OF_WINDOWS | {each.lower(): each for each in timezones()}


def zone_named(text: str) -> ZoneInfo | None:
    """The timezone of that name; what stands behind an offset in brackets counts too: “(GMT-05:00) Eastern Time”."""
    name = fold(text)
    found = _zones().get(name) or (_zones().get(name.partition(")")[2].strip()) if name[:1] == "(" else None)
    return ZoneInfo(found) if found else None
