"""What counts as changed in ASP, and what is only written down otherwise there (I3)."""

from typing import Any

import pytest
from plan_samples import make_existing, make_link

from portal.sync.planning.drift import Drifted, DriftState, find_drift

PUSHED = {
    "Title": "One",
    "Description": "<p>One<br>two</p>",
    "StartTime": "2027-06-15T09:00:00",
    "Location": "L1",
    "Streams": ["T1", "T2"],
    "Speakers": ["S1", "S2"],
    "Capacity": 100,
}


def drift(there: dict[str, Any], **link: Any) -> list[Drifted]:
    linked = make_link("key", "ASP-1", pushed=PUSHED, **link)
    return list(find_drift("session", [linked], [make_existing("ASP-1", **PUSHED | there)], {"Streams"}))


@pytest.mark.parametrize(
    ("slug", "there"),
    [
        ("Title", "Another"),
        ("Title", ""),
        ("Title", None),
        ("Description", "<p>One<br>three</p>"),
        ("Description", None),
        ("StartTime", "2027-06-15T10:00:00"),
        ("Location", None),
        ("Location", "L2"),
        ("Streams", ["T1"]),
        ("Streams", ["T1", "T1"]),
        ("Streams", []),
        ("Speakers", ["S2", "S1"]),  # their order is that on the website
        ("Speakers", ["S1", "S2", "S3"]),
        ("Capacity", 101),
    ],
)
def test_i3_what_an_editor_changed_or_emptied_is_told_with_both_values(slug: str, there: Any) -> None:
    assert drift({slug: there}) == [
        Drifted("session", "key", "ASP-1", DriftState.CHANGED, {slug: (PUSHED[slug], there)})
    ]
    assert drift({slug: there}, kept=frozenset({slug})) == []


@pytest.mark.parametrize(
    ("slug", "there"),
    [
        ("Description", "<p>One<br />\r\ntwo</p>\r\n"),
        ("Streams", ["T2", "T1"]),
        ("Capacity", "100"),
        ("Title", "One\r\n"),
        ("NeverPushed", "An editor's"),
    ],
)
def test_i3_what_asp_writes_down_otherwise_is_no_change(slug: str, there: Any) -> None:
    assert drift({slug: there}) == []


@pytest.mark.parametrize("empty", ["", None, []])
@pytest.mark.parametrize("pushed", ["", None, []])
def test_i3_nothing_is_nothing_however_it_is_written(pushed: Any, empty: Any) -> None:
    link = make_link("key", "ASP-1", pushed={"Field": pushed})

    assert list(find_drift("session", [link], [make_existing("ASP-1", Field=empty)])) == []


def test_i3_a_record_that_is_not_there_was_deleted() -> None:
    others = [make_existing("ASP-2", **PUSHED)]

    assert list(find_drift("speaker", [make_link("key", "ASP-1", pushed=PUSHED)], others)) == [
        Drifted("speaker", "key", "ASP-1", DriftState.DELETED)
    ]
