"""What counts as a point in time, a colour, a timezone."""

from datetime import UTC, datetime

import pytest

from portal.programme.values import flaw_of_tree, parse_colour, parse_moment, parse_uuid, timezones


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-10-30T09:30:00.000Z", datetime(2027, 10, 30, 9, 30, tzinfo=UTC)),
        ("2027-10-30t09:30:00z", datetime(2027, 10, 30, 9, 30, tzinfo=UTC)),
        ("2027-10-30 09:30", datetime(2027, 10, 30, 9, 30, tzinfo=UTC)),
        ("2027-10-30T09:30:00", datetime(2027, 10, 30, 9, 30, tzinfo=UTC)),
        ("2027-10-30T09:30:00+02:00", datetime(2027, 10, 30, 7, 30, tzinfo=UTC)),
        ("2027-10-30T09:30:00-0530", datetime(2027, 10, 30, 15, 0, tzinfo=UTC)),
        ("2027-10-30T09:30:00.123456789Z", datetime(2027, 10, 30, 9, 30, 0, 123456, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2200-12-31T23:59:59Z", datetime(2200, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1970-01-01T00:00:00+01:00", None),
        ("1969-12-31T23:59:59Z", None),
        ("2201-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("2027-10-30", None),
        ("2027-02-30T09:30:00Z", None),
        ("2027-10-30T25:30:00Z", None),
        ("2027-10-30T09:30:00+25:00", None),
        ("2027-W43-6T09:30", None),
        ("20271030T093000Z", None),
        ("٢٠٢٧-10-30T09:30:00Z", None),
        ("tomorrow", None),
    ],
)
def test_parse_moment(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#8C564B", "#8c564b"),
        (" #Abc ", "#aabbcc"),
        ("#abcd", None),
        ("8C564b", "#8c564b"),
        ("aBc", "#aabbcc"),
        ("##8c564b", None),
        ("red", None),
        ("#12345g", None),
        ("", None),
        (None, None),
        (123456, None),
        (["#8c564b"], None),
    ],
)
def test_parse_colour(value, colour):
    assert parse_colour(value) == colour


@pytest.mark.parametrize(
    ("value", "uuid"),
    [
        ("095CDE1A-81de-54c6-b1bd-0f8826e4cdaf", "095cde1a-81de-54c6-b1bd-0f8826e4cdaf"),
        ("095cde1a81de54c6b1bd0f8826e4cdaf", None),
        ("{095cde1a-81de-54c6-b1bd-0f8826e4cdaf}", None),
        ("095cde1a-81de-54c6-b1bd-0f8826e4cdaf0", None),
        ("095cde1a-81de-54c6-b1bd-0f8826e4cdag", None),
        (None, None),
        (17, None),
    ],
)
def test_parse_uuid(value, uuid):
    assert parse_uuid(value) == uuid


def test_timezones_are_those_of_iana():
    names = {"Europe/Paris", "UTC", "Etc/GMT+5", "../x", "/etc/localtime", "Factory", "posixrules", "Europe"}

    assert timezones() & names == {"Europe/Paris", "UTC", "Etc/GMT+5"}


@pytest.mark.parametrize(
    ("tree", "flaw"),
    [
        ({"a": [1, 2.5, None, True, "é"]}, None),
        ({"a": [{"b": "\ud800"}]}, "has half a surrogate pair in it, which is no character"),
        ({"a\0": 1}, "has a NUL character in it"),
        ([float("inf")], "has a number that is too large"),
    ],
)
def test_flaw_of_tree(tree, flaw):
    assert flaw_of_tree(tree) == flaw


def test_flaw_of_tree_stands_any_depth():
    tree = []
    for _ in range(50_000):
        tree = [tree]

    assert flaw_of_tree(tree) == "is nested too deep"
