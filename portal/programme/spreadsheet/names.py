"""Reads the people in a cell: names, addresses, roles and titles as organisers write them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from portal.programme.spreadsheet.words import role_pattern, roles
from portal.programme.values import parse_uuid
from portal.text.matching import fold, trimmed

SEPARATORS = ("\n", "|", ";")
AND = re.compile(r"\s+(?:and|und|et|y|e|en|&|\+)\s+|\s*/\s*")
ADDRESS = re.compile(r"[<(\[]?\s*(?:mailto:)?([^\s<>()\[\],;|]+@[^\s<>()\[\],;|]+)\s*[>)\]]?")
ADDRESS_AT_END = re.compile(r"<([^\s<>]+@[^\s<>]+)>(?=(?:\s*\([^()]*\))*\s*$)")
IN_SQUARE = re.compile(r"\[([0-9a-fA-F-]{36})\]")
REMARK = re.compile(r"\s*\(([^()]*)\)\s*$")
STATUS_REMARK, ROLE_REMARK = (
    "status: ",
    "role: ",
)  # how an export says who is not accepted, or has a rare role
NOT_SURE = frozenset(
    ("tbc", "tba", "tbd", "invited", "to be confirmed", "angefragt", "à confirmer", "por confirmar")
)
HONORIFICS = re.compile(
    r"((?:(?:prof(?:essor)?|dr|doctor|mr|mrs|ms|mx|miss|sir|dame|lord|lady|rev|hon|ir|ing|mag|dipl|herr|frau|mme|mlle|"
    r"sr|sra|dott|dott\.ssa|dhr|mevr)\b\.?(?:-ing\.?)?\s+)+)(?=\S)",
    re.IGNORECASE,
)
DASH = re.compile(r"\s+[–—|-]\s+")
PARTICLES = frozenset(
    "van von vom zu zur de der den del della di da dos du des la le ter ten te bin ibn al el y e af av d'".split()
)
NOBODY = frozenset("tbc|tbc.|tba|tbd|n/a|na|-|–|?|none|no speaker|various|n.n.|nn".split("|"))


@dataclass(frozen=True, slots=True)
class Named:
    """A person as one cell names them."""

    text: str  # as it stands there
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    honorific: str | None = None
    remark: str | None = None  # what stood in brackets: a company, mostly
    uuid: str | None = None
    status: str | None = None
    role: str | None = None
    spellings: frozenset[str] = (
        frozenset()
    )  # the whole name, with and without what was taken for something else

    @property
    def parts(self) -> list[str]:
        """All that is kept of the cell."""
        kept = (
            self.first_name,
            self.last_name,
            self.email,
            self.honorific,
            self.remark,
            self.status,
            self.role,
        )
        return [each for each in kept if each]

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name)


def full_name(first_name: str | None, last_name: str | None) -> str:
    """Both names, as they are shown and matched."""
    return " ".join(each for each in (first_name, last_name) if each)


def spelled(name: str) -> str:
    """The name as it is compared with what a cell writes."""
    return " ".join(fold(name).split())


def separator_of(cells: Iterable[object]) -> str | None:
    """What separates several values in the cells of one column; None where nothing but commas could."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    return next((sign for sign in SEPARATORS if any(sign in text for text in texts)), None)


def split_values(text: str, separator: str | None) -> list[str]:
    """The values of a cell. A comma separates only in a column that uses no other sign."""
    sign = next((each for each in SEPARATORS if each in text), None)
    if sign is None and separator is None:
        sign = ","
    parts = text.split(sign) if sign else [text]
    return list(dict.fromkeys(each for each in map(trimmed, parts) if each))


def split_people(text: str, separator: str | None, is_known: Callable[[str], bool]) -> list[str]:
    """The people of a cell, one text each; `is_known` tells whether somebody has that name.

    “Silva, Marta” is one person where other cells of the column use another sign, or where somebody has that name.
    """
    sign = next((each for each in SEPARATORS if each in text), None)
    if sign:
        parts = [each for each in map(trimmed, text.split(sign)) if each]
    else:
        parts = _between_commas(text, separator, is_known)
    if sign == "\n":
        return parts
    found = []
    for part in parts:
        halves = [each for each in map(trimmed, AND.split(part)) if each]
        several = len(halves) > 1 and (all(" " in each for each in halves) or all(map(is_known, halves)))
        found += halves if several and "@" not in part.partition("<")[0] else [part]
    return found


def _between_commas(text: str, separator: str | None, is_known: Callable[[str], bool]) -> list[str]:
    parts = [each for each in map(trimmed, text.split(",")) if each]
    if "@" in text or len(parts) < 2:
        return parts
    if len(parts) == 2:
        one, other = parts
        both = " " in one and " " in other
        if is_known(f"{other} {one}") or (not both and separator is not None):
            return [text]
        if " " in one and " " not in other and not is_known(other):  # “García Márquez, Gabriel”
            return [text]
        if " " not in one and " " not in other and not (is_known(one) or is_known(other)):
            return [text]
    return parts


def read_person(text: str, exact: bool = False) -> Named:
    """The person in the text. “Last, First”, “Dr. First Last <address>” and “First Last (Company)” are understood.

    `exact`: as an export writes it, where brackets hold a status or a role and nothing else.
    """
    rest = text
    uuid = email = remark = honorific = status = role = None
    if found := IN_SQUARE.search(rest):
        uuid = parse_uuid(found[1])
        rest = rest[: found.start()] + " " + rest[found.end() :]
    pattern = ADDRESS_AT_END if exact else ADDRESS
    if not (exact and uuid) and (found := pattern.search(rest)):
        email = found[1].lower()
        rest = rest[: found.start()] + " " + rest[found.end() :]
    rest = trimmed(rest)
    spellings = {spelled(rest)}
    while found := REMARK.search(rest):
        inside = trimmed(found[1])
        if exact and not fold(inside).startswith((STATUS_REMARK, ROLE_REMARK)):
            break
        rest = rest[: found.start()]
        spellings.add(spelled(rest))
        if fold(inside).startswith(STATUS_REMARK):
            status = fold(inside).removeprefix(STATUS_REMARK)
        elif fold(inside).startswith(ROLE_REMARK):
            role = fold(inside).removeprefix(ROLE_REMARK)
        elif fold(inside) in NOT_SURE:
            status = "pending"
        elif fold(inside) in roles():
            role = roles()[fold(inside)]
        else:
            remark = inside or remark
    if not exact:
        if found := _role_before().match(rest):
            role, rest = roles()[fold(found[1])], rest[found.end() :]
        rest, company = _without_company(rest)
        remark = remark or company
        spellings.add(spelled(rest))
    rest = rest.strip(' ,;-–"“”')
    if found := HONORIFICS.match(rest):
        honorific = trimmed(found[1])
        rest = rest[found.end() :]
    last_first = rest.split(",")
    if len(last_first) == 2 and all(map(trimmed, last_first)):
        first, last = trimmed(last_first[1]), trimmed(last_first[0])
        if found := HONORIFICS.match(first + " "):
            honorific, first = trimmed(found[1]), trimmed(first[found.end() :])
        return Named(
            text, first or None, last, email, honorific, remark, uuid, status, role, frozenset(spellings)
        )
    return replace(
        split_name(rest),
        text=text,
        email=email,
        honorific=honorific,
        remark=remark,
        uuid=uuid,
        status=status,
        role=role,
        spellings=frozenset(spellings),
    )


@cache
def _role_before() -> re.Pattern[str]:
    return re.compile(rf"({role_pattern()})\s*:\s*", re.IGNORECASE)


def _without_company(text: str) -> tuple[str, str | None]:
    """The name, and what stands behind it after a dash or a comma: “Ann Lee – ACME”, “Ann Lee, Acme Corp”."""
    if found := DASH.search(text):
        return text[: found.start()], trimmed(text[found.end() :]) or None
    name, sign, rest = text.partition(",")
    name, rest = trimmed(name), trimmed(rest)
    if sign and " " in name and rest and name.split()[0].lower() not in PARTICLES:
        is_company = " " in rest or (rest.isupper() and len(rest) > 1)
        if is_company and not HONORIFICS.match(f"{rest} "):
            return name, rest
    return text, None


def split_name(text: str) -> Named:
    """First and last name; a single word is a first name."""
    words = text.split()
    if len(words) < 2:
        return Named(text, trimmed(text) or None)
    if all(map(_is_east_asian, words)) and len(words) == 2:
        return Named(text, words[1], words[0])  # family name first
    if words[0].isupper() and len(words[0]) > 2 and not words[-1].isupper():
        return Named(text, " ".join(words[1:]), words[0])
    place = len(words) - 1
    while place > 1 and words[place - 1].lower() in PARTICLES and words[place - 1].islower():
        place -= 1
    return Named(text, " ".join(words[:place]), " ".join(words[place:]))


def is_nobody(text: str) -> bool:
    """Whether the text stands for nobody yet."""
    return fold(text) in NOBODY


def _is_east_asian(word: str) -> bool:
    return all(
        unicodedata.name(letter, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) for letter in word
    )
