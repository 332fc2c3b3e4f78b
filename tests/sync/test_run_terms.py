"""What ASP's answers come to when an offer is made of them."""

import pytest

from portal.sync.running.terms import known_timezone


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("Europe/Paris", "Europe/Paris"),
        (" europe/paris\u200b", "Europe/Paris"),
        ("US/Eastern", "US/Eastern"),
        ("Romance Standard Time", None),
        ("+01:00", None),
        ("../etc/passwd", None),
        ("Europe", None),
        ("", None),
        (None, None),
    ],
)
def test_d10_timezone_that_asp_tells_is_known_by_its_name_alone(told: str | None, known: str | None) -> None:
    assert known_timezone(told) == known
