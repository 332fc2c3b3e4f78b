"""Puts the people of a file together from all the rows and cells that speak of them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from portal.programme.bounds import check_number
from portal.programme.spreadsheet.cells.names import (
    MOST_SHARING,
    bear_one_surname,
    bear_other_names,
    full_name,
    words_of,
)
from portal.programme.spreadsheet.rows.drafts import CellPlace, CellProblem, Mention, PersonDraft
from portal.text.matching import fold

NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?:E\+?\d+)?", re.IGNORECASE)
NAMES = ("first_name", "last_name")


class Directory:
    """The people of one file: by UUID, by the file's own id, by e-mail, and by name where there is nothing else."""

    def __init__(self) -> None:
        self.people: list[PersonDraft] = []
        self.problems: list[CellProblem] = []
        self._by_key: dict[tuple[str, str], PersonDraft] = {}
        # Several people may share an address; they are told apart by their names.
        self._by_email: dict[str, dict[int, PersonDraft]] = defaultdict(dict)
        self._by_name: dict[str, list[PersonDraft]] = defaultdict(list)
        self._by_word: dict[str, list[PersonDraft]] | None = None  # of the last names that are listed

    def add(self, mention: Mention) -> PersonDraft:
        """The person that the mention speaks of, by anything but the name alone; made when nobody is known by it."""
        keys = self._keys(mention)
        known = [self._by_key[key] for key in keys if key in self._by_key]
        if email := mention.named.email:
            sharing = islice(self._by_email[fold(email)].values(), MOST_SHARING)
            known += [each for each in sharing if not bear_other_names(name_of(each), mention.named.name)]
        person = next((each for each in known if not _is_another(each, mention)), None)
        if person is None:
            person = self._new(mention.place)
        elif bear_one_surname(name_of(person), mention.named.name):
            text = f"has the address of “{name_of(person)}” and was taken for the same person"
            self.problems.append(CellProblem(mention.place, text, False, None, mention.named.name))
        self._learn(person, mention, keys)
        return person

    def has_id(self, text: str) -> bool:
        return ("id", fold(text)) in self._by_key

    def find_id(self, text: str) -> tuple[PersonDraft | None, str | None]:
        """The person of that id, and what to say when it was written in another way there."""
        if found := self._by_key.get(("id", fold(text))):
            return found, None
        if NUMBER.fullmatch(text):
            number = float(text.replace(",", "."))
            for (kind, key), person in self._by_key.items():
                if kind == "id" and key.isdigit() and float(key) == number:
                    return person, f"was taken for the ID {person.person_id}"
        return None, None

    def is_known(self, name: str) -> bool:
        """Whether somebody has that name, or that id."""
        return fold(name) in self._by_name or self.has_id(name)

    def named(self, mention: Mention) -> tuple[PersonDraft | None, list[PersonDraft]]:
        """The one person of the mention's name, made when there is none; else everybody of that name."""
        name = fold(mention.named.name)
        same = self._by_name.get(name, []) or self._listed_like(mention)
        if len(same) > 1:
            return None, same
        person = same[0] if same else self._new(mention.place)
        self._learn(person, mention, [])
        return person, []

    def _listed_like(self, mention: Mention) -> list[PersonDraft]:
        """Those of a sheet of people whom “Moor A.”, “Moor Ada” or “Jorg Muller” may mean; one alone is said."""
        if self._by_word is None:
            self._by_word = defaultdict(list)
            for person in self.people:
                for word in set(words_of(person.values.get("last_name") or "")) if person.is_listed else ():
                    self._by_word[word].append(person)
        words = words_of(mention.named.name)
        near = {id(each): each for word in set(words) for each in self._by_word.get(word, ())}
        found = [each for each in near.values() if _may_be_meant(words, each.values)]
        if len(found) == 1:
            text = f"was taken for “{name_of(found[0])}”, who is listed among the people"
            self.problems.append(CellProblem(mention.place, text, False, None, mention.named.name))
        return found

    def _new(self, place: CellPlace) -> PersonDraft:
        person = PersonDraft(place)
        self.people.append(person)
        check_number(len(self.people), "people")
        return person

    def _keys(self, mention: Mention) -> list[tuple[str, str]]:
        keys = []
        if mention.named.uuid:
            keys.append(("uuid", mention.named.uuid))
        if mention.person_id:
            keys.append(("id", fold(mention.person_id)))
        if mention.named.email and mention.named.name:
            keys.append(("address and name", f"{fold(mention.named.email)} {fold(mention.named.name)}"))
        return keys

    def _learn(self, person: PersonDraft, mention: Mention, keys: list[tuple[str, str]]) -> None:
        """Fill what is not known yet; what was said first stays."""
        for key in keys:
            self._by_key.setdefault(key, person)
        if mention.named.email:
            self._by_email[fold(mention.named.email)].setdefault(id(person), person)
        person.uuid = person.uuid or mention.named.uuid
        person.person_id = person.person_id or mention.person_id
        person.is_listed |= mention.is_listed
        person.spelled |= mention.named.spellings
        told = _values(mention)
        if person.has_split_name and not mention.has_split_name:  # one cell says less than several
            told = (
                {}
                if mention.tells_status
                else {key: value for key, value in told.items() if key not in NAMES}
            )
        for name, value in told.items():
            if value is not None or name not in person.values:
                person.values[name] = person.values.get(name) or value
        for name, text in mention.custom_fields.items():
            person.custom_fields[name] = person.custom_fields.get(name) or text
        person.has_split_name |= mention.has_split_name
        name = fold(name_of(person))
        if name and not any(each is person for each in self._by_name[name]):
            self._by_name[name].append(person)


def name_of(person: PersonDraft) -> str:
    """First and last name, as far as the file tells them."""
    return full_name(person.values.get("first_name"), person.values.get("last_name"))


def _may_be_meant(words: list[str], listed: Mapping[str, Any]) -> bool:
    """Whether the words are the listed last name, and beside it first names or their initials, in any order."""
    lasts, firsts = words_of(listed.get("last_name") or ""), words_of(listed.get("first_name") or "")
    left = [word for word in words if word not in lasts]
    return (
        bool(firsts)
        and len(words) - len(left) == len(lasts)
        and all(
            any(first == word or (len(word) == 1 and first[0] == word) for first in firsts) for word in left
        )
    )


def _is_another(person: PersonDraft, mention: Mention) -> bool:
    """Whether ids tell two apart who share an address."""
    ids = ((person.uuid, mention.named.uuid), (person.person_id, mention.person_id))
    return any(one and other and fold(one) != fold(other) for one, other in ids)


def _values(mention: Mention) -> dict[str, Any]:
    named = mention.named
    said = {
        "first_name": named.first_name,
        "last_name": named.last_name,
        "email": named.email,
        "honorific": named.honorific,
        "company_name": named.company,
        "job_title": named.job_title,
    }
    return {name: value for name, value in said.items() if value is not None} | mention.values


def settle_mentions(
    directory: Directory, mentions: Iterable[tuple[Mention, str | None]]
) -> list[CellProblem]:
    """Find the person of each mention, those of a name alone last; `mentions` come with the session's title."""
    problems, nameless = [], []
    for mention, title in mentions:
        if mention.person:
            continue  # of a sheet of people
        if mention.named.uuid or mention.named.email or mention.person_id:
            mention.person = directory.add(mention)
        else:
            nameless.append((mention, title))
    for mention, title in nameless:
        mention.person, same = directory.named(mention)
        if same:
            addresses = " and ".join(
                str(each.values.get("email") or "one without an address") for each in same[:3]
            )
            text = (
                f"fits {len(same)} people of this file ({addresses}): write the address behind the name, "
                f"as {mention.named.name} <{same[0].values.get('email') or 'name@example.org'}>"
            )
            problems.append(
                CellProblem(mention.place, text, True, title, mention.named.text, cell=mention.cell)
            )
    return problems
