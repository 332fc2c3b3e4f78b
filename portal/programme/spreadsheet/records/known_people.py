"""Recognises the people of a spreadsheet: by UUID, by e-mail, else by name (H2)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from typing import Any

from portal.programme.content import ContactContent
from portal.programme.spreadsheet.cells.custom_values import CustomValues
from portal.programme.spreadsheet.cells.names import MOST_SHARING, bear_other_names, full_name
from portal.programme.spreadsheet.cells.remarks import spelled
from portal.programme.spreadsheet.records.equality import custom_text, same_text
from portal.programme.spreadsheet.rows.drafts import CellProblem, PersonDraft, SessionDraft
from portal.programme.spreadsheet.rows.people_rows import name_of
from portal.programme.stored import CONTACT_COLUMNS
from portal.programme.values import parse_uuid
from portal.text.matching import fold
from portal.text.numbers import count

NEW = ContactContent(source_id="")
TEXTS = tuple(name for name in CONTACT_COLUMNS if name not in ("custom_fields", "updated_at"))
SETTLED = frozenset(each.name for each in fields(ContactContent) if each.name not in ("source_id", "absent"))


class KnownPeople:
    """The event's contacts, and which of them each draft is."""

    def __init__(self, stored: Iterable[ContactContent], custom: CustomValues) -> None:
        self.custom = custom
        self.notes: list[str] = []
        self._by_uuid = {each.source_id: each for each in stored}
        self._by_email: dict[str, list[ContactContent]] = defaultdict(list)
        self._by_name: dict[str, list[ContactContent]] = defaultdict(list)
        for each in self._by_uuid.values():
            if each.email:
                self._by_email[fold(each.email)].append(each)
            if name := fold(_named(each)):
                self._by_name[name].append(each)
        self._names_at: dict[str, dict[str, None]] = defaultdict(dict)  # by address, as the file tells them
        self._ids: dict[int, str] = {}  # by the draft's identity
        self._refused: dict[int, tuple[PersonDraft, str]] = {}
        self._contents: dict[str, ContactContent] = {}

    def id_of(self, draft: PersonDraft) -> str | None:
        """The contact's UUID."""
        return self._ids.get(id(draft))

    def contents(self) -> list[ContactContent]:
        """Everybody who is known or new, in the order of the file."""
        return list(self._contents.values())

    def match(self, drafts: list[PersonDraft]) -> None:
        """Find the contact of each draft, or make one."""
        by_name = 0
        for draft in drafts:
            if email := draft.values.get("email"):
                self._names_at[fold(email)][name_of(draft)] = None
        for draft in drafts:
            fits, is_by_name = self._fitting(draft)
            if len(fits) > 1:
                lacks = "their Sessionboard ID" if draft.values.get("email") else "an e-mail address"
                self._refused[id(draft)] = draft, f"fits {len(fits)} people of the event: add {lacks}"
                continue
            by_name += is_by_name and bool(fits)
            record = fits[0] if fits else None
            key = (
                record.source_id if record else draft.uuid or parse_uuid(draft.person_id) or str(uuid.uuid4())
            )
            self._ids[id(draft)] = key
            before = self._contents.get(key)
            self._contents[key] = _content(draft, before or record or NEW, key, before is None, self.custom)
        if by_name:
            people = count(by_name, "person", "people")
            self.notes.append(f"Recognised by name alone, as the file gives no e-mail address: {people}.")

    def _fitting(self, draft: PersonDraft) -> tuple[list[ContactContent], bool]:
        """The contacts that the draft may be, and whether by the name alone."""
        for identifier in (draft.uuid, parse_uuid(draft.person_id)):
            if identifier in self._by_uuid:
                return [self._by_uuid[identifier]], False
        if draft.uuid:
            return [], False
        name = fold(name_of(draft))
        email = draft.values.get("email")
        if email:
            same = self._sharing_in_event(email, name)
            nameless = [each for each in self._by_name.get(name, []) if not each.email] if name else []
            return (same, False) if same else (nameless if len(nameless) == 1 else [], True)
        return self._by_name.get(name, []) if name else [], True

    def _sharing_in_event(self, email: str, name: str) -> list[ContactContent]:
        """The contacts with this address that somebody of this name may be: best who is called so."""
        same = self._by_email.get(fold(email), [])
        exact = [each for each in same if fold(_named(each)) == name]
        if exact or not name:
            return exact or same
        if len(same) > MOST_SHARING:
            return same
        of_file = list(self._names_at[fold(email)])[:MOST_SHARING]
        free = [each for each in same if not self._is_taken(each, name, of_file)]
        return [each for each in free if not bear_other_names(_named(each), name)] or free

    def _is_taken(self, record: ContactContent, name: str, of_file: list[str]) -> bool:
        """Whether the contact is somebody of another name, of whom the file speaks too with this address (D13)."""
        if not bear_other_names(_named(record), name):
            return False
        content = self._contents.get(record.source_id)
        taken = content is not None and bear_other_names(_named(content), name)
        return taken or any(not bear_other_names(_named(record), each) for each in of_file)

    def problems_of(self, sessions: Iterable[SessionDraft]) -> list[CellProblem]:
        """Who fits several contacts, at each place that names them."""
        found = [
            CellProblem(draft.place, text, True, None, name_of(draft))
            for draft, text in self._refused.values()
        ]
        for session in sessions:
            for mention in session.mentions:
                if id(mention.person) in self._refused and mention.place.row != self._place_of(
                    mention.person
                ):
                    text = self._refused[id(mention.person)][1]
                    found.append(
                        CellProblem(
                            mention.place, text, True, session.title, mention.named.text, cell=mention.cell
                        )
                    )
        return found

    def _place_of(self, draft: PersonDraft | None) -> int | None:
        return draft.place.row if draft else None


def _named(contact: ContactContent) -> str:
    return full_name(contact.first_name, contact.last_name)


def _content(
    draft: PersonDraft, record: ContactContent, key: str, is_first: bool, custom_values: CustomValues
) -> ContactContent:
    """What the draft says of the contact; a field of which it says nothing, or nothing new, stays as it is."""
    told = dict(draft.values)
    if not draft.has_split_name and spelled(full_name(record.first_name, record.last_name)) in draft.spelled:
        for name in ("first_name", "last_name", "honorific", "company_name"):
            if not draft.is_listed or name.endswith("_name"):
                told.pop(name, None)
    values: dict[str, Any] = {}
    for name in TEXTS:
        stored = getattr(record, name)
        if name in told and not _same(name, stored, told[name]):
            values[name] = told[name]
        else:
            values[name] = stored
    custom = {
        name: custom_values.value(name, text)
        for name, text in draft.custom_fields.items()
        if not same_text(custom_text(record.custom_fields.get(name)), text)
    }
    said = {name for name in TEXTS if values[name] != getattr(record, name)}
    absent = SETTLED - said - ({"custom_fields"} if custom else set())
    if not is_first:  # a second entry adds to the first
        absent &= record.absent
        custom = {**record.custom_fields, **custom}
    return ContactContent(source_id=key, **values, custom_fields=custom, absent=_once(absent))


@lru_cache(maxsize=1_000)
def _once(absent: frozenset[str]) -> frozenset[str]:
    """One set for all people alike."""
    return absent


def _same(name: str, stored: str | None, told: str | None) -> bool:
    return same_text(stored, told) or (name == "email" and fold(stored or "") == fold(told or ""))
