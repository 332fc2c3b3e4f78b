"""What cannot be true of a timetable."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.programme.conflicts import Clash, Conflict, Slot, find_conflicts, shared_numbers

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2027, 1, 30)


def at(hour: int, minute: int = 0, day: int = 30) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=PARIS)


def slot(
    id: str, start: datetime | None, end: datetime | None, room: str | None = None, *people: str
) -> Slot:
    return Slot(id, start, end, room, people)


def conflicts(*slots: Slot, first: date | None = None, last: date | None = None) -> list[Conflict]:
    return find_conflicts(slots, PARIS, first, last)


def test_a_room_is_taken_twice() -> None:
    found = conflicts(slot("b", at(10, 30), at(11, 30), "Hall"), slot("a", at(10), at(11), "Hall"))

    assert found == [Conflict(Clash.ROOM, "b", "a", "Hall")]


@pytest.mark.parametrize(
    ("start", "end", "room"),
    [
        (at(11), at(12), "Hall"),  # one ends as the other begins
        (at(9), at(10), "Hall"),
        (at(10, 15), at(10, 45), "Attic"),
        (at(10, 15), at(10, 45), None),
        (at(10, 15), None, "Hall"),
        (at(10, day=31), at(11, day=31), "Hall"),
    ],
)
def test_a_room_is_free_otherwise(start: datetime, end: datetime | None, room: str | None) -> None:
    assert conflicts(slot("a", at(10), at(11), "Hall"), slot("b", start, end, room)) == []


def test_a_room_is_known_by_its_name_case_and_outer_spaces_aside() -> None:
    found = conflicts(slot("a", at(10), at(11), "Hall A"), slot("b", at(10), at(11), " hall a"))

    assert [each.kind for each in found] == [Clash.ROOM]


def test_a_person_is_in_two_places_at_once_but_once_in_two_roles_of_one_session() -> None:
    first = slot("a", at(10), at(11), "Hall", "ada", "ada", "bob")
    found = conflicts(first, slot("b", at(10, 55), at(12), "Attic", "ada"))

    assert found == [Conflict(Clash.PERSON, "b", "a", "ada")]


def test_of_several_that_go_on_the_one_that_ends_last_is_named() -> None:
    found = conflicts(
        slot("a", at(9), at(17), "Hall"),
        slot("b", at(10), at(11), "Hall"),
        slot("c", at(16), at(18), "Hall"),
        slot("d", at(17, 30), at(19), "Hall"),
    )

    assert [(each.id, each.other) for each in found] == [("b", "a"), ("c", "a"), ("d", "c")]


def test_an_end_before_a_start_is_a_conflict_and_nothing_overlaps_it() -> None:
    found = conflicts(
        slot("a", at(11), at(10), "Hall"),
        slot("b", at(10), at(10), "Hall"),
        slot("c", at(9), at(12), "Hall"),
    )

    assert found == [Conflict(Clash.END, "b"), Conflict(Clash.END, "a")]


@pytest.mark.parametrize(
    ("start", "end", "outside"),
    [
        (at(0), at(1), False),
        (at(23), at(0, day=31), False),
        (at(23), at(0, 1, day=31), True),
        (at(23, day=29), at(1), True),
        (at(10, day=31), None, True),
        (None, None, False),
        (datetime(2027, 1, 29, 23, 30, tzinfo=UTC), datetime(2027, 1, 30, 1, tzinfo=UTC), False),
    ],
)
def test_a_session_lies_outside_the_event_s_days(
    start: datetime | None, end: datetime | None, outside: bool
) -> None:
    found = conflicts(slot("a", start, end), first=DAY, last=DAY)

    assert found == ([Conflict(Clash.OUTSIDE, "a")] if outside else [])


def test_an_event_without_days_has_no_outside() -> None:
    far = slot("a", at(10), at(11))

    assert conflicts(far) == []
    assert conflicts(far, first=DAY) == []
    assert conflicts(far, last=DAY - timedelta(days=1)) == [Conflict(Clash.OUTSIDE, "a")]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), max_size=12))
def test_a_conflict_is_found_exactly_when_two_overlap(times: list[tuple[int, int]]) -> None:
    begin = at(8)
    slots = [
        slot(str(n), begin + timedelta(minutes=5 * s), begin + timedelta(minutes=5 * (s + d)), "Hall")
        for n, (s, d) in enumerate(times)
    ]

    overlapping = {
        max(one, two, key=lambda each: (each.starts_at, each.ends_at, each.id)).id
        for one in slots
        for two in slots
        if one is not two and one.starts_at < two.ends_at and two.starts_at < one.ends_at
    }

    assert {each.id for each in conflicts(*slots)} == overlapping


def test_d17_sessions_that_share_a_client_session_id_are_counted() -> None:
    numbers = [("a", "C1"), ("b", " C1 "), ("c", "C2"), ("d", None), ("e", ""), ("f", ""), ("g", "C1")]

    assert shared_numbers(numbers) == {"a": 2, "b": 2, "g": 2}
