"""What a column's header means, by the words of `words.toml`."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from portal.text.matching import fold

SPEAKER = "speaker"
ROLES = {  # words in front of a person's field → core role
    "speaker": SPEAKER,
    "presenter": SPEAKER,
    "panelist": SPEAKER,
    "co-speaker": SPEAKER,
    "referent": SPEAKER,
    "ponente": SPEAKER,
    "orateur": SPEAKER,
    "relatore": SPEAKER,
    "spreker": SPEAKER,
    "intervenant": SPEAKER,
    "participant": SPEAKER,
    "author": "author",
    "facilitator": "facilitator",
    "otherfacilitator": "facilitator",
    "moderator": "moderator",
    "chair": "chairperson",
    "chairperson": "chairperson",
}
QUALIFIERS = re.compile(
    r"(session|proposal|submission|event|talk|programme?|presentation|seminar|schedule|vortrags?|sitzungs?)[ -]+"
)
BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
CAMEL = re.compile(r"(?<=[a-zà-ý])(?=[A-ZÀ-Ý])")
NUMBERED = re.compile(r"([^\d]*?)[ .#-]*(\d{1,2})[ .:-]*([^\d]*)")
PERSON_OF_ROLE = re.compile(
    rf"({'|'.join(sorted(map(re.escape, ROLES), key=len, reverse=True))})(?:'s|s|en|in)?[ :.-]*(.*)"
)
TITLE_WORDS = ("title", "titel", "job")  # of a person: “Speaker 2 Title”
NAME_WORDS = ("", "name", "full name", "fullname")


class Meaning(NamedTuple):
    """What a header may mean; of two columns with one meaning the lower `rank` has the better word."""

    kind: str  # session, person, left_out
    field: str
    rank: int
    role: str = SPEAKER
    number: int = 0


@cache
def _words() -> dict[str, tuple[Meaning, ...]]:
    text = files("portal.programme.spreadsheet").joinpath("words.toml").read_text(encoding="utf-8")
    found: dict[str, dict[tuple[str, str], Meaning]] = {}
    for kind, fields in tomllib.loads(text).items():
        for field, languages in fields.items():
            for words in languages.values():
                for rank, word in enumerate(map(plain_header, words.split(" | "))):
                    known = found.setdefault(word, {})
                    if (kind, field) not in known or known[kind, field].rank > rank:
                        known[kind, field] = Meaning(kind, field, rank)
    return {word: tuple(meanings.values()) for word, meanings in found.items()}


def plain_header(header: str) -> str:
    """The header as the list of words has it: lower case, single spaces, no stars, no colon, no “(optional)”."""
    text = fold(header).replace("_", " ").replace("*", " ").replace("’", "'")
    text = re.sub(r"\((optional|required|pflichtfeld|facultatif|opcional|opzionale|optioneel)\)", " ", text)
    return " ".join(text.split()).strip(" :?!")


def meanings_of(header: str) -> tuple[Meaning, ...]:
    """Everything that the header may mean, the likeliest reading first; () for a word that nobody knows."""
    plain = plain_header(header)
    if not plain or len(plain) > 80:
        return ()
    for reading in _readings(header, plain):
        if found := _words().get(reading):
            return found
    return _of_person(plain) or _of_parts(plain)


def _readings(header: str, plain: str) -> list[str]:
    readings = [plain, plain_header(CAMEL.sub(" ", header))]
    without = BRACKETS.sub(" ", plain)
    readings.append(" ".join(without.split()))
    readings += [QUALIFIERS.sub("", each, count=1) for each in tuple(readings)]
    readings += [inside[1].strip() for inside in BRACKETS.finditer(plain)]
    return readings


def _of_person(plain: str) -> tuple[Meaning, ...]:
    """“Speaker 2 First Name”, “speaker1_last”, “Chair E-mail”: one field of one person in one role."""
    numbered = NUMBERED.fullmatch(plain)
    number = int(numbered[2]) if numbered else 0
    joined = f"{numbered[1].strip()} {numbered[3].strip()}".strip() if numbered else plain
    found = PERSON_OF_ROLE.fullmatch(joined)
    if found:
        role, rest = ROLES[found[1]], found[2].strip(" -:._")
        if rest in NAME_WORDS:
            return (Meaning("person", "name", 0, role, number),)
        if rest in TITLE_WORDS:
            return (Meaning("person", "job_title", 0, role, number),)
        for meaning in _words().get(rest, ()):
            if meaning.kind == "person" and meaning.field != "sessions":
                return (meaning._replace(role=role, number=number),)
    elif numbered:
        known = _words().get(joined, ())
        return tuple(each._replace(number=number, rank=each.rank + number) for each in known)
    return ()


def _of_parts(plain: str) -> tuple[Meaning, ...]:
    """“Event Name / Talk”, “Titel, Thema”: names of one meaning beside each other."""
    parts = [
        each.strip() for each in re.split(r"\s*[/,|]\s*|\s+(?:or|oder|ou|o|of)\s+", plain) if each.strip()
    ]
    if not 2 <= len(parts) <= 4:
        return ()
    known = [_words().get(each, ()) for each in parts]
    shared = [
        each for each in known[0] if all(any(_same(each, other) for other in more) for more in known[1:])
    ]
    return tuple(shared) or known[0]


def _same(one: Meaning, other: Meaning) -> bool:
    return (one.kind, one.field) == (other.kind, other.field)
