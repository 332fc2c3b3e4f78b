"""What cannot be true of a timetable. Pure: it looks at times, rooms and people, and knows no database."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.text.matching import fold

NEVER = datetime.max.replace(tzinfo=UTC)


class Clash(StrEnum):
    """The kinds of conflicts, in the order in which a page tells of them."""

    END = "end"
    OUTSIDE = "outside"
    ROOM = "room"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Slot:
    """A session as a timetable knows it; `people` are the ids of those who take part. Times are aware."""

    id: str
    starts_at: datetime | None
    ends_at: datetime | None
    room: str | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One session that cannot take place as it stands.

    `other` is the session that is in its way, `about` the room's name or the person's id that both need.
    """

    kind: Clash
    id: str
    other: str | None = None
    about: str | None = None


def find_conflicts(
    slots: Iterable[Slot], zone: ZoneInfo, first_day: date | None, last_day: date | None
) -> list[Conflict]:
    """The conflicts by kind and time; a session that begins where several go on is told of once for each room and
    each person, with the one that ends last."""
    in_order = sorted(slots, key=lambda each: (each.starts_at or NEVER, each.ends_at or NEVER, each.id))
    placed = [each for each in in_order if _takes_place(each)]
    return [
        *(Conflict(Clash.END, each.id) for each in in_order if _ends_too_soon(each)),
        *(
            Conflict(Clash.OUTSIDE, each.id)
            for each in in_order
            if _is_outside(each, zone, first_day, last_day)
        ),
        *_taken_twice(Clash.ROOM, placed, _room_of),
        *_taken_twice(Clash.PERSON, placed, lambda slot: {person: person for person in slot.people}),
    ]


def _room_of(slot: Slot) -> dict[str, str]:
    return {fold(slot.room): slot.room} if slot.room else {}


def _takes_place(slot: Slot) -> bool:
    """Whether it has a time of its own that another session can overlap."""
    return slot.starts_at is not None and slot.ends_at is not None and slot.starts_at < slot.ends_at


def _ends_too_soon(slot: Slot) -> bool:
    return slot.starts_at is not None and slot.ends_at is not None and slot.ends_at <= slot.starts_at


def _is_outside(slot: Slot, zone: ZoneInfo, first_day: date | None, last_day: date | None) -> bool:
    """Whether a part of it lies on another day than the event's; an end at midnight does not reach the next."""
    times = [slot.starts_at] if slot.starts_at else []
    if slot.starts_at and slot.ends_at and slot.ends_at > slot.starts_at:
        times.append(slot.ends_at - timedelta(microseconds=1))
    days = [each.astimezone(zone).date() for each in times]
    return any(
        (first_day is not None and day < first_day) or (last_day is not None and day > last_day)
        for day in days
    )


def _taken_twice(
    kind: Clash, placed: list[Slot], needs: Callable[[Slot], dict[str, str]]
) -> Iterator[Conflict]:
    """One conflict for each session that begins while another one has the room or the person."""
    busy: dict[str, Slot] = {}
    for slot in placed:
        for key, about in needs(slot).items():
            before = busy.get(key)
            if before is None:
                busy[key] = slot
                continue
            if _end(before) > _start(slot):
                yield Conflict(kind, slot.id, before.id, about)
            if _end(slot) > _end(before):
                busy[key] = slot


def _start(slot: Slot) -> datetime:
    return slot.starts_at or NEVER


def _end(slot: Slot) -> datetime:
    return slot.ends_at or NEVER


def shared_numbers(numbers: Iterable[tuple[str, str | None]]) -> dict[str, int]:  # D17
    """How many others have the same client session ID, by the id of each session that is not alone with it."""
    same: dict[str, list[str]] = defaultdict(list)
    for id, number in numbers:
        if number and number.strip():
            same[number.strip()].append(id)
    return {id: len(ids) - 1 for ids in same.values() if len(ids) > 1 for id in ids}
