"""Reads the people in a cell: names, addresses, roles and titles as organisers write them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from portal.programme.spreadsheet.words import role_pattern, roles
from portal.programme.values import parse_uuid
from portal.text.matching import fold, trimmed

ADDRESS = re.compile(r"[<(\[]?\s*(?:mailto:)?([^\s<>()\[\],;|]+@[^\s<>()\[\],;|]+)\s*[>)\]]?")
ADDRESS_AT_END = re.compile(r"<([^\s<>]+@[^\s<>]+)>(?=(?:\s*\([^()]*\))*\s*$)")
IN_SQUARE = re.compile(r"\[([0-9a-fA-F-]{36})\]")
REMARK = re.compile(r"\s*(?:\(([^()]*)\)|\[([^\[\]]*)\])\s*$")
LETTERS = re.compile(r"[^\W\d_]+")
STATUS_REMARK, ROLE_REMARK = (
    "status: ",
    "role: ",
)  # how an export says who is not accepted, or has a rare role
NOT_SURE = frozenset(
    ("tbc", "tba", "tbd", "invited", "to be confirmed", "angefragt", "à confirmer", "por confirmar")
)
HONORIFICS = re.compile(
    r"((?:(?:prof(?:essor)?|profª|profa|prof\.ssa|pr|dr|drs|doctor|dra|drª|mr|mrs|ms|mx|miss|sir|dame|lord|lady|rev|hon|ir"
    r"|ing|arq|lic|mag|dipl|herr|frau|hr|fr|mme|mlle|monsieur|madame|sr|sra|srta|señor|señora|dña|doña|dott"
    r"|dott\.ssa|sig|sig\.ra|avv|arch|dhr|mevr|de heer|mevrouw)\b\.?(?:-ing\.?)?\s+)+)(?=\S)",
    re.IGNORECASE,
)
SIR = re.compile(
    r"(M\.|D\.|Dª|D\.ª)\s+(?=\w{2,}\.?(?:-\w+)?\s+\w)"
)  # Monsieur, don: before a full first name
MADAM = re.compile(r"\b(Mme|Mlle|Mmes|Dña\.?|D\.ª|Dª|Doña)\b")
DEGREE = r"Ph\.?\s?D\.?|M\.?D\.?|MBA|M\.?Sc\.?|B\.?Sc\.?|M\.?A\.?|B\.?A\.?|LL\.?M\.?|Esq\.?|FRS|OBE|CBE|CPA|PMP|CISSP"
DEGREES = re.compile(rf",\s*(?:{DEGREE})(?=\s*(?:[,;|(\n]|$))")
BULLET = re.compile(r"^\s*(?:[•·‣▪*–—-]\s*|\d{1,2}[.)]\s+)")
OF_NO_FIELD = re.compile(
    r"(?:she|he|they|her|him|them|hers|his|theirs|sie|ihr|er|ihm|elle|il|iel|ella|él)(?:\s*/\s*\w+)+"
    r"|remote|online|virtual|virtuell|hybrid|in person|vor ort|en ligne|en línea|zoom|digital"
)
DASH = re.compile(r"\s+[–—|-]\s+")
PARTICLES = frozenset(
    "van von vom zu zur de der den del della di da dos du des la le ter ten te bin ibn al el y e af av d'".split()
)
CAPITAL_PARTICLES = PARTICLES - {"e", "y", "af", "av", "bin", "ibn", "al", "bei", "te", "zu", "zur", "do"}
NOBODY = frozenset(
    "tbc|tbc.|tba|tbd|n/a|na|-|–|?|none|no speaker|various|n.n.|n. n.|nn|et al.|speaker tbc|speaker tba"
    "|to be confirmed|to be announced|to be decided|offen|noch offen|wird noch bekannt gegeben|diverse|verschiedene"
    "|à confirmer|à définir|por confirmar|por definir|varios|da confermare|da definire|vari|nog onbekend|a confirmar"
    "|a definir".split("|")
)


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


def says_sir(texts: Iterable[object]) -> bool:
    """Whether a column's cells tell ladies by a title, so that their “M.” or “D.” is a title too and no initial."""
    return any(isinstance(text, str) and MADAM.search(text) for text in texts)


def read_person(text: str, exact: bool = False, sirs: bool = False) -> Named:
    """The person in the text. “Last, First”, “Dr. First Last <address>” and “First Last (Company)” are understood.

    `exact`: as an export writes it, where brackets hold a status or a role and nothing else.
    `sirs`: “M.” and “D.” are titles.
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
        inside = trimmed(found[1] or found[2] or "")
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
        elif not OF_NO_FIELD.fullmatch(fold(inside)):
            remark = inside or remark
    if not exact:
        if found := role_before().match(rest):
            role, rest = roles()[fold(found[1])], rest[found.end() :]
        rest = DEGREES.sub("", rest)
        rest, company = _without_company(rest)
        remark = remark or company
        spellings.add(spelled(rest))
        rest = BULLET.sub("", rest).removesuffix(" et al.").removesuffix("*")
    rest = rest.strip(' ,;-–"“”')
    if found := HONORIFICS.match(rest) or (SIR.match(rest) if sirs else None):
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
def role_before() -> re.Pattern[str]:
    """Fits a role in front of a name: “Moderator: ”."""
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
    shouted = [word.isupper() and len(word.strip(".")) > 1 for word in words]
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
    while place > 1 and _is_particle(words[place - 1]):
        place -= 1
    return Named(text, " ".join(words[:place]), " ".join(words[place:]))


def _is_particle(word: str) -> bool:
    return word.lower() in PARTICLES and (word.islower() or word.lower() in CAPITAL_PARTICLES)


def is_nobody(text: str) -> bool:
    """Whether the text stands for nobody yet."""
    return fold(text) in NOBODY


def looks_like_a_name(text: str) -> bool:
    """Whether the text is written as the whole name of somebody is: two to four words that begin with a capital."""
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
