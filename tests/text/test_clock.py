"""The clock of a timezone: times that it shows once, twice or never."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.text.clock import describe_change, moments_at, offset_words

PARIS = ZoneInfo("Europe/Paris")


def shown(wall: str, zone: str = "Europe/Paris") -> list[str]:
    found = moments_at(datetime.fromisoformat(wall), ZoneInfo(zone))
    return [f"{each:%Y-%m-%dT%H:%M}" for each in found]


def test_an_ordinary_time_is_shown_once() -> None:
    assert shown("2026-06-15T10:00") == ["2026-06-15T08:00"]


def test_a_time_is_shown_twice_where_the_clocks_go_back() -> None:
    assert shown("2026-10-25T02:30") == ["2026-10-25T00:30", "2026-10-25T01:30"]


def test_a_time_is_never_shown_where_the_clocks_go_forward() -> None:
    assert shown("2026-03-29T02:30") == []
    assert shown("2026-03-29T03:00") == ["2026-03-29T01:00"]


def test_half_an_hour_is_a_change_too() -> None:
    assert len(shown("2026-04-05T01:45", "Australia/Lord_Howe")) == 2
    assert len(shown("2026-04-05T01:15", "Australia/Lord_Howe")) == 1


@pytest.mark.parametrize(
    "day, zone, words",
    [
        (date(2026, 10, 25), "Europe/Paris", "The clocks go back on this day: 03:00 becomes 02:00."),
        (date(2026, 3, 29), "Europe/Paris", "The clocks go forward on this day: 02:00 becomes 03:00."),
        (date(2026, 10, 24), "Europe/Paris", None),
        (date(2026, 10, 26), "Europe/Paris", None),
        (date(2026, 6, 15), "UTC", None),
    ],
)
def test_the_day_of_a_change_is_told(day: date, zone: str, words: str | None) -> None:
    assert describe_change(day, ZoneInfo(zone)) == words


def test_the_offset_tells_two_like_times_apart() -> None:
    first, second = moments_at(datetime(2026, 10, 25, 2, 30), PARIS)

    assert (offset_words(first, PARIS), offset_words(second, PARIS)) == ("GMT+02:00", "GMT+01:00")
