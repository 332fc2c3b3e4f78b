"""Turns records into what the website shows: days, slots and cards, and the people on them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import nh3
from markupsafe import Markup

from asp_local.kinds import LOCATIONS, SESSIONS, SPEAKERS, STREAMS, Record
from asp_local.store import Store
from asp_local.validation import COLOUR, is_wall_clock, is_web_address

TONES = 6
LABELS = {
    "panel-moderator": "Moderators",
    "chairperson": "Chairs",
    "sessionboard-content": "Session material",
}
# What the sync needs for itself and an attendee never sees.
UNSHOWN = frozenset({"sessionboard_id"})
LINKS = {"Website": "Website", "LinkedInUrl": "LinkedIn", "FacebookUrl": "Facebook", "TwitterUrl": "Twitter"}


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker as the website shows them."""

    uuid: str
    name: str
    initials: str
    tone: int
    position: str
    headshot: str
    biography: Markup
    links: list[tuple[str, str]]
    sort_key: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Chip:
    """A stream's name and colour."""

    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Card:
    """A session as the website shows it."""

    uuid: str
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    session_type: str
    room: str
    chips: list[Chip]
    speakers: list[Person]
    panels: list[tuple[str, list[Person]]]
    notes: list[tuple[str, str]]
    links: list[tuple[str, str]]
    description: Markup

    def people(self) -> list[Person]:
        """Everyone on the session, once each."""
        everyone = self.speakers + [person for _, people in self.panels for person in people]
        return list({person.uuid: person for person in everyone}.values())


@dataclass(frozen=True, slots=True)
class Day:
    """A date with its sessions, by starting time; the date is None for what has no time yet."""

    date: date | None
    slots: list[tuple[str, list[Card]]]


def list_people(store: Store, site: str) -> dict[str, Person]:
    """The site's active speakers by Uuid, in the order of their names."""
    active = [each.record for each in store.inside(SPEAKERS, site) if each.record["isActive"]]
    people = sorted(map(_person, active), key=lambda person: person.sort_key)
    return {person.uuid: person for person in people}


def list_cards(store: Store, seminar: Record, people: dict[str, Person]) -> list[Card]:
    """The seminar's published sessions in the order of time, room and title."""
    rooms = {each.record["Uuid"]: each.record["Name"] for each in store.inside(LOCATIONS, seminar["Uuid"])}
    chips = {each.record["Uuid"]: _chip(each.record) for each in store.inside(STREAMS, seminar["Uuid"])}
    types = {each.get("Slug"): each.get("Type") for each in seminar["CustomFields"]}
    published = [
        each.record for each in store.inside(SESSIONS, seminar["Uuid"]) if each.record["isPublished"]
    ]
    cards = [_card(session, types, rooms, chips, people) for session in published]
    return sorted(cards, key=lambda card: (card.starts_at or datetime.max, card.room, card.title))


def list_days(cards: list[Card]) -> list[Day]:
    """Cards, already in order, by day and starting time."""
    days: defaultdict[date | None, list[Card]] = defaultdict(list)
    for card in cards:
        days[card.starts_at.date() if card.starts_at else None].append(card)
    return [
        Day(day, [(time, list(together)) for time, together in groupby(on_day, key=_starting_time)])
        for day, on_day in days.items()
    ]


def clean_html(text: str) -> Markup:
    """HTML that is safe to show; empty when there is nothing to read in it."""
    cleaned = nh3.clean(text, url_schemes={"http", "https", "mailto"})
    if not nh3.clean(cleaned, tags=set()).strip():
        return Markup("")
    return Markup(cleaned)  # noqa: S704 (it has just been cleaned)


def _starting_time(card: Card) -> str:
    return card.starts_at.strftime("%H:%M") if card.starts_at else ""


def _person(speaker: Record) -> Person:
    names = [speaker["FirstName"].strip(), speaker["LastName"].strip()]
    return Person(
        uuid=speaker["Uuid"],
        name=" ".join(filter(None, [speaker["Honorific"].strip(), *names])),
        initials="".join(_first_letter(name) for name in names).upper() or "?",
        tone=sum(speaker["Uuid"].encode()) % TONES,
        position=", ".join(filter(None, [speaker["JobTitle"].strip(), speaker["Company"].strip()])),
        headshot=speaker["Headshot"] if is_web_address(speaker["Headshot"]) else "",
        biography=clean_html(speaker["Biography"]),
        links=[(label, speaker[name]) for name, label in LINKS.items() if is_web_address(speaker[name])],
        sort_key=(names[1].casefold(), names[0].casefold()),
    )


def _first_letter(name: str) -> str:
    return next((character for character in name if character.isalnum()), "")


def _chip(stream: Record) -> Chip:
    # An editor can type anything; only a colour may reach a style attribute.
    return Chip(stream["Name"], stream["Colour"] if COLOUR.fullmatch(stream["Colour"]) else "#8a8f98")


def _card(
    session: Record,
    types: dict[Any, Any],
    rooms: dict[str, str],
    chips: dict[str, Chip],
    people: dict[str, Person],
) -> Card:
    start, end = session["StartTime"], session["EndTime"]
    panels, notes, links = _custom_values(session["CustomFields"], types, people)
    return Card(
        uuid=session["Uuid"],
        title=session["Title"],
        starts_at=datetime.fromisoformat(start) if is_wall_clock(start) else None,
        ends_at=datetime.fromisoformat(end) if is_wall_clock(end) else None,
        session_type=session["SessionType"],
        room=rooms.get(session["Location"] or "", ""),
        chips=[chips[uuid] for uuid in session["Streams"] if uuid in chips],
        speakers=[people[uuid] for uuid in session["Speakers"] if uuid in people],
        panels=panels,
        notes=notes,
        links=links,
        description=clean_html(session["Description"]),
    )


def _custom_values(
    values: Record, types: dict[Any, Any], people: dict[str, Person]
) -> tuple[list[tuple[str, list[Person]]], list[tuple[str, str]], list[tuple[str, str]]]:
    panels, notes, links = [], [], []
    for slug, value in values.items():
        if slug in UNSHOWN or not value:
            continue
        label, kind = _label(slug), types.get(slug)
        if kind == "speakerlist":
            present = [people[uuid] for uuid in value if uuid in people]
            if present:
                panels.append((label if len(present) > 1 else label.removesuffix("s"), present))
        elif kind == "url" and isinstance(value, str) and is_web_address(value):
            links.append((label, value))
        elif isinstance(value, list):
            notes.append((label, ", ".join(map(str, value))))
        elif kind == "text":
            notes.append((label, str(value)))
    return panels, notes, links


def _label(slug: str) -> str:
    words = slug.removesuffix("-checkbox").replace("-", " ").replace("_", " ")
    return LABELS.get(slug, words.capitalize())
