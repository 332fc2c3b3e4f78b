"""Reads the people in a cell: names, addresses, roles and titles as organisers write them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from portal.programme.spreadsheet.cells.east_asian import AROUND_NAMES
from portal.programme.spreadsheet.cells.name_words import (
    CAPITAL_PARTICLES,
    GENERATION,
    HONORIFICS,
    MADAM,
    NOBODY,
    PARTICLES,
    SIR,
    role_before,
    role_told,
)
from portal.programme.spreadsheet.cells.remarks import spelled, take_remarks
from portal.programme.values import parse_uuid
from portal.text.matching import fold, trimmed

ADDRESS = re.compile(r"[<(\[]?\s*(?:mailto:)?([^\s<>()\[\],;|]+@[^\s<>()\[\],;|]+)\s*[>)\]]?")
PLAIN_ADDRESS = re.compile(r"[^\s<>()\[\],;|:@]+@[^\s<>()\[\],;|@]+")
ADDRESS_AT_END = re.compile(r"<([^\s<>]+@[^\s<>]+)>(?=(?:\s*\([^()]*\))*\s*$)")
IN_SQUARE = re.compile(r"\[([0-9a-fA-F-]{36})\]")
MOST_SHARING = 20  # people of one address who are told apart by sight; further ones only by the exact name
LETTERS = re.compile(r"[^\W\d_]+")
MOST_WORDS = 6
LONGEST_NAMED = 1_000  # characters with all that stands around a name; no more is looked at
AND_OTHERS = re.compile(
    r"(?:,?\s+(?:et al\.?|u\.\s?a\.|and others|und andere|et autres|y otros|e altri)|,\s*others)$",
    re.IGNORECASE,
)
FOOTNOTES = (
    re.compile(  # the mark of an affiliation behind a whole name, and the full stop of a list of names
        r"\s?[*†‡§¹²³⁰⁴-⁹]+$|(?<=\s\w\w)\d{1,2}$|(?<=\w\w\w)\d{1,2}$|(?<=\w\w\w)\.$"
    )
)
AROUND_A_NAME = re.compile(r"[:(\[–—|-]")
QUOTED = re.compile(r"[\"“”„][^\"“”„]*[\"“”]")
BULLET = re.compile(r"^\s*(?:[•·‣▪*–—-]\s*|\d{1,2}[.)]\s+)")


@dataclass(frozen=True, slots=True)
class Named:
    """A person as one cell names them."""

    text: str  # as it stands there
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    honorific: str | None = None
    company: str | None = None  # what stood in brackets or behind a dash
    job_title: str | None = None
    uuid: str | None = None
    status: str | None = None
    role: str | None = None
    # The whole name, with and without what was taken for something else.
    spellings: frozenset[str] = frozenset()

    @property
    def parts(self) -> list[str]:
        """All that is kept of the cell."""
        kept = (
            self.first_name,
            self.last_name,
            self.email,
            self.honorific,
            self.company,
            self.job_title,
            self.status,
            self.role,
        )
        return [each for each in kept if each]

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)

    @property
    def is_long(self) -> bool:
        """Whether hardly anybody bears a name of so many words."""
        return len(self.name.split()) > MOST_WORDS


def full_name(first_name: str | None, last_name: str | None) -> str:
    """Both names, as they are shown and matched."""
    return " ".join(each for each in (first_name, last_name) if each)


def bear_other_names(one: str, other: str) -> bool:
    """Whether these are two people, not two spellings of one: whole names that have no word in common.

    Names of other alphabets may be written in Latin letters elsewhere, so of them nothing is said.
    """
    words, others = _words_of(one), _words_of(other)
    if min(len(words), len(others)) < 2 or not all(word.isascii() for word in words | others):
        return False
    return not _share_a_word(words, others)


def bear_one_surname(one: str, other: str) -> bool:
    """Whether the last word alone is the same: “Ada Moor” and “Ben Moor” may be two, “Bob” and “Robert” are one."""
    (first, _, last), (other_first, _, other_last) = fold(one).rpartition(" "), fold(other).rpartition(" ")
    words, others = _words_of(first), _words_of(other_first)
    return bool(words and others) and last == other_last and not _share_a_word(words, others)


def _share_a_word(words: frozenset[str], others: frozenset[str]) -> bool:
    return any(word.startswith(each) or each.startswith(word) for word in words for each in others)


@lru_cache(maxsize=10_000)
def _words_of(name: str) -> frozenset[str]:
    """Its words without accents, initials aside."""
    return frozenset(word for word in words_of(name) if len(word) > 1)


def words_of(name: str) -> list[str]:
    """The words and initials of a name in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", fold(name))
    return LETTERS.findall("".join(each for each in plain if not unicodedata.combining(each)))


def says_sir(texts: Iterable[object]) -> bool:
    """Whether a column's cells tell ladies by a title, so that their “M.” or “D.” is a title too and no initial."""
    return any(isinstance(text, str) and MADAM.search(text) for text in texts)


def addresses_in(text: str) -> set[str]:
    """The addresses that stand in the text."""
    return set(PLAIN_ADDRESS.findall(text.lower()))


def address_in(text: str) -> str | None:
    """The e-mail address in the text, which often is nothing else."""
    return text.lower().rstrip(".") if PLAIN_ADDRESS.fullmatch(text) else read_person(text).email


@lru_cache(maxsize=10_000)
def read_person(text: str, exact: bool = False, sirs: bool = False) -> Named:
    """The person in the text. “Last, First”, “Dr. First Last <address>” and “First Last (Company)” are understood.

    `exact`: as an export writes it, where brackets hold a status or a role and nothing else.
    `sirs`: “M.” and “D.” are titles.
    """
    if len(text) > LONGEST_NAMED:
        return Named(text, text)
    rest = text if exact else text.translate(AROUND_NAMES)
    uuid = email = honorific = None
    if found := IN_SQUARE.search(rest):
        uuid = parse_uuid(found[1])
        rest = rest[: found.start()] + " " + rest[found.end() :]
    pattern = ADDRESS_AT_END if exact else ADDRESS
    if not (exact and uuid) and (found := pattern.search(rest)):
        email = found[1].lower().rstrip(".")
        rest = rest[: found.start()] + " " + rest[found.end() :]
    whole = rest = trimmed(rest)
    role = None
    if not exact:
        if found := role_before().match(rest):
            role, rest = role_told(found), rest[found.end() :]
        rest = AND_OTHERS.sub("", rest)
    rest, behind = take_remarks(rest, exact)
    if not exact:
        behind.role = role or behind.role
        behind.spellings |= {spelled(whole), spelled(rest)}
        rest = BULLET.sub("", rest)
        rest = FOOTNOTES.sub("", rest) if " " in rest else rest
    rest = rest.strip(" ,;-–")
    if QUOTED.fullmatch(rest):
        rest = rest[1:-1].strip()
    if found := HONORIFICS.match(rest) or (SIR.match(rest) if sirs else None):
        honorific = trimmed(found[1])
        rest = rest[found.end() :]
    named = _split_name(rest)
    last_first = [trimmed(each) for each in rest.split(",")]
    if len(last_first) == 2 and all(last_first):
        last, first = last_first
        if found := HONORIFICS.match(first + " "):
            honorific, first = trimmed(found[1]), trimmed(first[found.end() :])
        named = Named(text, first or None, last)
    return replace(
        named,
        text=text,
        email=email,
        honorific=honorific,
        company=behind.company,
        job_title=behind.job_title,
        uuid=uuid,
        status=behind.status,
        role=behind.role,
        spellings=frozenset(behind.spellings),
    )


def _split_name(text: str) -> Named:
    """First and last name; a single word is a first name."""
    words = text.split()
    if len(words) < 2:
        return Named(text, trimmed(text) or None)
    if all(map(_is_east_asian, words)) and len(words) == 2:
        return Named(text, words[1], words[0])  # family name first
    shouted = [word.isupper() and len(word) > 1 and "." not in word for word in words]  # and no initials
    if shouted[0] and not shouted[-1]:  # “LE GOFF Élodie”
        place = shouted.index(False)
        if any(len(word) > 2 for word in words[:place]):
            return Named(text, " ".join(words[place:]), " ".join(words[:place]))
    if shouted[-1] and not shouted[0]:  # “Élodie LE GOFF”
        place = len(words) - shouted[::-1].index(False)
        if any(len(word) > 2 for word in words[place:]):
            while place > 1 and words[place - 1].lower() in PARTICLES:
                place -= 1
            return Named(text, " ".join(words[:place]), " ".join(words[place:]))
    place = len(words) - 1
    if place > 1 and words[-1].lower() in GENERATION:
        place -= 1
    while place > 1 and _is_particle(words[place - 1]):
        place -= 1
    return Named(text, " ".join(words[:place]), " ".join(words[place:]))


def _is_particle(word: str) -> bool:
    return word.lower() in PARTICLES and (word.islower() or word.lower() in CAPITAL_PARTICLES)


def is_nobody(text: str) -> bool:
    """Whether the text stands for nobody yet, whatever is said of them: “Moderator: TBC”, “TBC (ACME)”."""
    if fold(text) in NOBODY:
        return True
    if not AROUND_A_NAME.search(text):
        return False  # most are names alone, and are read once
    named = read_person(text)
    return not (named.email or named.uuid) and fold(named.name) in NOBODY


def is_honorific(text: str) -> bool:
    """Whether the text is a title before names and nothing else: “Dr.”, “Prof. Dr.”."""
    found = HONORIFICS.match(f"{text} X")
    return found is not None and found.end() == len(text) + 1


def looks_like_a_name(text: str) -> bool:
    """Whether the text is written as the whole name of somebody is: two to four words that begin with a capital."""
    if len(text) > LONGEST_NAMED:
        return False
    found = read_person(text)
    words = found.name.split()
    return (
        2 <= len(words) <= 4
        and all(word[0].isupper() or word.lower() in PARTICLES or _is_east_asian(word) for word in words)
        and not any(letter.isdigit() or letter in "!?:…" for letter in found.name)
    )


def _is_east_asian(word: str) -> bool:
    return all(
        unicodedata.name(letter, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) for letter in word
    )


def fitting_addresses(names: list[str], addresses: list[str]) -> list[str | None]:
    """The address that each name is spelled in; None for those that none fits."""
    found: list[str | None] = []
    left = list(addresses)
    for name in names:
        words = [each for each in map(fold, LETTERS.findall(name)) if len(each) > 1]
        fits = [each for each in left if words and all(word in each for word in words)]
        fits = fits or [each for each in left if words and words[-1] in each.partition("@")[0]]
        found.append(fits[0] if len(fits) == 1 else None)
        if found[-1]:
            left.remove(found[-1])
    return found
