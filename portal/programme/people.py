"""Reads the people of a programme: the contacts, and who takes part in a session."""

import math
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from portal.programme.bounds import LONGEST_HTML, LONGEST_NAME, LONGEST_TEXT, MOST_PARTS
from portal.programme.content import ContactContent, ParticipantContent
from portal.programme.entry import Entry
from portal.programme.problems import shown
from portal.programme.statuses import ACCEPTED
from portal.programme.values import MASKED, is_masked, parse_uuid

SPEAKER = "speaker"
OLDER_LISTS = {"speakers": SPEAKER, "moderators": "moderator", "chairpersons": "chairperson"}
CONTACT_KEYS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "title": "job_title",
    "honorific": "honorific",
    "company_name": "company_name",
    "website_url": "website",
    "phone_mobile": "mobile_phone",
    "about": "biography",
    "photo_url": "headshot",
    "facebook_url": "facebook_url",
    "linkedin_url": "linkedin_url",
    "twitter_url": "twitter_url",
    "custom_fields": "custom_fields",
    "updated_at": "updated_at",
    "admin_url": "admin_url",
}
LONGEST = {  # characters
    "biography": LONGEST_HTML,
    **dict.fromkeys(("first_name", "last_name", "email", "honorific", "mobile_phone"), LONGEST_NAME),
}


class People:
    """The contacts of a programme by their UUID, in the order of the file.

    `contacts` outranks the copies inside sessions (H2); a copy is read only when nobody of `contacts` has its UUID
    and somebody takes part by it. Those who are `known` already need not be there at all.
    """

    def __init__(
        self, contacts: list[Entry], sessions: list[Entry], known: Collection[str] = frozenset()
    ) -> None:
        self.contents: dict[str, ContactContent] = {}
        self._known = known
        self._places: dict[str, str] = {}
        self._copies: dict[str, Entry] = {}
        for contact in contacts:
            self._read_listed(contact)
        for session in sessions:
            for identifier, copy in _copies(session):
                self._copies.setdefault(identifier, copy)

    def has(self, identifier: str) -> bool:
        """Whether there is such a contact; somebody found only inside sessions is taken from there."""
        if identifier not in self.contents and identifier in self._copies:
            self.contents[identifier] = _read_contact(self._copies[identifier], identifier)
        return identifier in self.contents or identifier in self._known

    def _read_listed(self, contact: Entry) -> None:
        identifier = contact.uuid("id")
        if identifier in self._places:
            contact.refuse("id", f"{shown(identifier)} is the id of {self._places[identifier]} too")
            return
        content = _read_contact(contact, identifier or "")
        if identifier:
            self._places[identifier] = contact.place
            self.contents[identifier] = content


class Appearance(NamedTuple):
    """A participant as read, before anybody is looked up or left out."""

    order: float
    holder: Entry
    key: str  # where in the holder the contact's id stands
    content: ParticipantContent


def told_roles(session: Entry) -> frozenset[str] | None:
    """The roles of which the session says something; None for every one, as where it has `participants` (H2)."""
    if "participants" in session.data:
        return None
    return frozenset(role for key, role in OLDER_LISTS.items() if key in session.data)


def read_participants(session: Entry, people: People) -> tuple[ParticipantContent, ...]:
    """The session's participants in order, each once per role and status: whether one counts is for D6 to say."""
    if session.data.get("participants") is None:
        appearances = list(_from_older_lists(session))
    else:
        appearances = sorted(_from_participants(session), key=lambda each: each.order)
    kept: dict[ParticipantContent, None] = {}
    for appearance in appearances:
        if people.has(appearance.content.contact_id):
            kept.setdefault(appearance.content)
        else:
            text = f"{shown(appearance.content.contact_id)} is not among the contacts"
            appearance.holder.refuse(appearance.key, text)
    return tuple(kept)


def _from_participants(session: Entry) -> Iterator[Appearance]:
    for entry in session.entries("participants"):
        holder, key = entry, "contact_id"
        contact = entry.entry("contact")
        if entry.data.get("contact_id") is None and contact:
            holder, key = contact, "id"
        identifier = holder.uuid(key)
        status = entry.lower_name("status") or ACCEPTED
        role, order = _role(entry), _order(entry, "sort_order")
        if identifier:
            content = ParticipantContent(contact_id=identifier, role=role, status=status)
            yield Appearance(order, holder, key, content)


def _from_older_lists(session: Entry) -> Iterator[Appearance]:
    for key, role in OLDER_LISTS.items():
        appearances = []
        for entry in session.entries(key):
            identifier = entry.uuid("id")
            order = _order(entry, "order")
            if identifier:
                content = ParticipantContent(contact_id=identifier, role=role, status=ACCEPTED)
                appearances.append(Appearance(order, entry, "id", content))
        yield from sorted(appearances, key=lambda each: each.order)


def _order(entry: Entry, key: str) -> float:
    number = entry.number(key)
    return math.inf if number is None else number  # without a number: behind the others, as they stand


def _role(entry: Entry) -> str:
    role = entry.entry("participant_role")
    if role is None:
        return SPEAKER
    return role.lower_name("core_role") or role.lower_name("slug") or SPEAKER


def _copies(session: Entry) -> Iterator[tuple[str, Entry]]:
    """The contacts inside a session; what is wrong there is only said of those that are needed."""
    for place, participant in _objects(session, "participants"):
        contact = participant.get("contact")
        if isinstance(contact, dict):
            identifier = parse_uuid(contact.get("id")) or parse_uuid(participant.get("contact_id"))
            if identifier:
                yield identifier, Entry(contact, f"{place}.contact", session.problems)
    for key in OLDER_LISTS:
        for place, contact in _objects(session, key):
            identifier = parse_uuid(contact.get("id"))
            if identifier:
                yield identifier, Entry(contact, place, session.problems)


def _objects(session: Entry, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    value = session.data.get(key)
    if isinstance(value, list):
        for index, each in enumerate(value[:MOST_PARTS]):
            if isinstance(each, dict):
                yield f"{session.place}.{key}[{index}]", each


def _read_contact(entry: Entry, identifier: str) -> ContactContent:
    texts = {
        field: entry.text(key, LONGEST.get(field, LONGEST_TEXT))
        for key, field in CONTACT_KEYS.items()
        if key not in ("custom_fields", "updated_at", "admin_url")
    }
    if is_masked(texts["email"]):
        entry.refuse("email", f"{shown(texts['email'])} {MASKED}")
    return ContactContent(
        source_id=identifier,
        **texts,
        custom_fields=entry.custom_fields(),
        updated_at=entry.moment("updated_at"),
        admin_url=entry.web_address("admin_url"),
        absent=entry.absent(CONTACT_KEYS),
    )
