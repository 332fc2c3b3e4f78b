"""The timezones that a cell, a header or a title may name: IANA's, Windows', offsets, and letters as “CET”."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
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
    "w. europe standard time": "Europe/Berlin",
    "romance standard time": "Europe/Paris",
    "central europe standard time": "Europe/Budapest",
    "central european time": "Europe/Berlin",
    "central european summer time": "Europe/Berlin",
    "greenwich mean time": "Etc/GMT",
    "british summer time": "Europe/London",
    "eastern daylight time": "America/New_York",
    "pacific daylight time": "America/Los_Angeles",
    "india standard time": "Asia/Kolkata",
    "singapore standard time": "Asia/Singapore",
    "tokyo standard time": "Asia/Tokyo",
    "aus eastern standard time": "Australia/Sydney",
}

LONGEST_SENTENCE = 300  # characters
WITH_TOWNS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")
OFFSETS_OF_LETTERS = {  # in hours, in winter and in summer, wherever in the world the letters are used
    each: offsets
    for letters, offsets in {
        "cet cest mez mesz hnec": (1, 2), "wet west": (0, 1), "bst": (0, 1, 6), "eet eest": (2, 3), "msk": (3,),
        "est edt et": (-5, -4, 10, 11), "cst cdt ct": (-6, -5, 8), "mst mdt mt": (-7, -6), "pst pdt pt": (-8, -7),
        "brt": (-3,), "ist": (5.5, 1, 0, 2, 3), "gst": (4,), "sgt hkt awst": (8,), "jst kst": (9,),
        "aest aedt aet": (10, 11), "nzst nzdt": (12, 13),
    }.items()
    for each in letters.split()
}  # fmt: skip
OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?|z|utc|gmt")
IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
LETTERS = "|".join(OFFSETS_OF_LETTERS).upper()
BARE = re.compile(
    rf"(?<!\w)((?:UTC|GMT)(?:\s?[+-]\d{{1,2}}(?::?\d{{2}})?)?|{LETTERS}|[A-Z][A-Za-z]+/[A-Z]\w+)(?!\w)"
)
OF_TIMES = re.compile(
    r"\b(?:times?|zeiten|uhrzeiten|zeitangaben|heures|horaires|horas|horarios|orari|tijden)\b"
)


@cache
def _towns() -> dict[str, str]:
    """The towns by which IANA calls its zones: “lisbon”."""
    return {
        each.rpartition("/")[2].replace("_", " ").lower(): each
        for each in sorted(timezones())
        if each.startswith(WITH_TOWNS)
    }


@cache
def _zones() -> dict[str, str]:
    return _towns() | OF_WINDOWS | {each.lower(): each for each in timezones()}


def zone_named(text: str) -> ZoneInfo | None:
    """The timezone of that name; what stands behind an offset in brackets counts too: “(GMT-05:00) Eastern Time”."""
    name = fold(text)
    found = _zones().get(name) or (_zones().get(name.partition(")")[2].strip()) if name[:1] == "(" else None)
    return ZoneInfo(found) if found else None


def zone_of_offset(found: re.Match[str]) -> tzinfo | None:
    """The zone of an offset that `OFFSET` found; None for one that no country has."""
    if not found[1]:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset > timedelta(hours=15):
        return None
    return timezone(-offset if found[1] == "-" else offset)


def zone_of_header(header: str) -> tzinfo | str | None:
    """The zone of the times in the column, as “Start (UTC)” names it, or its letters, as “Start (CET)” does."""
    inside = [told for each in IN_BRACKETS.finditer(header) if (told := _told(each[1]))]
    found = inside or [told for each in BARE.finditer(header) if (told := _told(each[1]))]
    return found[0] if len(found) == 1 else None


def zone_of_titles(texts: Iterable[str]) -> tzinfo | str | None:
    """The one zone of “All times in UTC” or “Times are Eastern Time (ET)” above a table, or its letters."""
    found = {
        told
        for text in texts
        if OF_TIMES.search(fold(text))
        for name in [each[1] for each in BARE.finditer(text)] + _named_in(text)
        if (told := _told(name))
    }
    zones = [each for each in found if isinstance(each, tzinfo)]
    if len(zones) == 1 and all(fits_letters(zones[0], each) for each in found if isinstance(each, str)):
        return zones[0]
    return found.pop() if len(found) == 1 else None


def _named_in(text: str) -> list[str]:
    """The zones that a sentence calls by their names, or by a town: “Eastern Time”, “Lisbon time”."""
    return [
        next(filter(None, each.groups())) for each in _sentences().finditer(fold(text[:LONGEST_SENTENCE]))
    ]


@cache
def _sentences() -> re.Pattern[str]:
    names = "|".join(re.escape(each) for each in OF_WINDOWS if each.endswith(" time"))
    towns = "|".join(map(re.escape, _towns()))
    return re.compile(
        rf"\b({names})\b|\b({towns}) (?:local )?time\b|\b(?:heure|hora|ora|horário) (?:de|di) ({towns})\b"
    )


def _told(text: str) -> tzinfo | str | None:
    plain = fold(text)
    if plain in OFFSETS_OF_LETTERS:
        return plain
    if found := OFFSET.fullmatch(plain):
        return zone_of_offset(found)
    return zone_named(text)


def fits_letters(zone: tzinfo, letters: str) -> bool:
    """Whether the letters may name this zone, be it in winter or in summer."""
    offsets = {zone.utcoffset(datetime(2027, month, 1)) for month in (1, 7)}
    return offsets <= {timedelta(hours=each) for each in OFFSETS_OF_LETTERS[letters]}
