"""What a column's header means, by the words of `words.toml`."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from portal.text.matching import fold
from portal.text.widths import narrow_letters

SPEAKER = "speaker"
ROLE_WORDS = {  # words that stand in front of a person's field beside those of words.toml → core role
    "co-speaker": SPEAKER,
    "otherfacilitator": "facilitator",
}
ROLES_OF_FIELDS = {
    "speakers": SPEAKER,
    "authors": "author",
    "facilitators": "facilitator",
    "moderators": "moderator",
    "chairpersons": "chairperson",
}
FIELDS_OF_ROLES = {role: field for field, role in ROLES_OF_FIELDS.items()}
# May be anything else.
NO_ROLES = frozenset(("who", "wer", "where", "panel", "podium", "podio", "nom", "leitung"))
NOUNS = (  # what a title, a room, a time … is of
    r"sessions?|proposals?|submissions?|events?|talks?|program(?:me?|s)?|presentations?|seminars?|schedule|lectures?|papers?"
    r"|workshops?|vortrags?|vortrages|vorträge|sitzungs?|sitzung|veranstaltung|beitrags?|programmpunkts?|programms"
    r"|sesión|ponencias?|charla|conferencia|propuesta|actividad|taller|intervento|sessione|proposta|presentazione"
    r"|conférence|séance|atelier|intervention|proposition|présentation|lezing|sessie|voorstel|presentatie"
    r"|palestra|sessão|apresentação|atividade|oficina|attività|activité|activiteit|panel|keynote"
)
QUALIFIERS = re.compile(rf"(?:{NOUNS}|all|main)[ -]+")
SESSION_WORD = re.compile(rf"(?<![^\W\d_])(?:{NOUNS})(?![^\W\d_])")
OF = (
    r"(?:(?:(?:of|della|dello|del|des|der|de|du|di|van|da|do)\s+|dell'|d')"
    r"(?:(?:the|la|el|los|las|de|het|il|lo|les)\s+|l')?)?"
)
GENITIVES = re.compile(rf"\s+{OF}(?:{NOUNS})(?![^\W\d_])")
NAME_OF = re.compile(rf"(?:name|nom|nombre|nome|naam)\s+{OF}(.+)")
NAME_BEHIND = re.compile(r"(.+?)[ -]?(?:names?|naam|bezeichnung)")
ASKED = re.compile(  # how a form asks for a field: “What is the title of your talk?”
    r"^(?:what is|what's|please (?:provide|enter|give|add)|enter|wie lautet|quel est|quelle est|cuál es|qual è)\s+"
    r"(?:(?:a|the|der|die|das|le|la|el|il|lo)\s+)?(?:short\s+)?"
)
YOURS = re.compile(
    r"\b(?:your|ihr|ihre[sr]?|dein|deine[sr]?|votre|vos|su|tu|(?:il |la )?tu[oa]|uw|je|seu|(?:a )?sua)\b"
)
COMPOUNDS = re.compile(r"(?:vortrags|sitzungs|veranstaltungs|beitrags|programm|session|sessie)(?=\w{3})")
BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
ZONE_BEHIND = re.compile(r"(?<=\w)\s+(?:local(?: time)?|utc|gmt|cet)$")  # “Start UTC”, “Start local time”
CAMEL = re.compile(r"(?<=[a-zà-ý])(?=[A-ZÀ-Ý])")
NUMBERED = re.compile(r"([^\d]*?)[ .#-]*(\d{1,2})[ .:-]*([^\d]*)")
TITLE_WORDS = ("title", "titel", "job")  # of a person: “Speaker 2 Title”
NAME_WORDS = ("", "name", "names", "full name", "fullname", "nom", "nombre", "nome", "naam")


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


@cache
def roles() -> dict[str, str]:
    """The word for somebody who takes part, in every language → core role."""
    found = dict(ROLE_WORDS)
    for word, meanings in _words().items():
        for meaning in meanings:
            if meaning.kind == "session" and meaning.field in ROLES_OF_FIELDS and word not in NO_ROLES:
                found.setdefault(word, ROLES_OF_FIELDS[meaning.field])
    return found


@cache
def role_pattern() -> str:
    """A pattern that fits any of those words, the longest first."""
    return "|".join(sorted(map(re.escape, roles()), key=len, reverse=True))


@cache
def _person_of_role() -> re.Pattern[str]:
    return re.compile(rf"({role_pattern()})(?:'s|s|e?n|in)?(?:$|[ :.-]+)(.*)")


@cache
def _role_behind() -> re.Pattern[str]:
    genitive = (
        r"(?:\s(?:of|du|de la|de l'|de los|de|del|des|della|dell'|dei|der|van de|van|do|da|dos)(?:\s?the)?)?"
    )
    return re.compile(rf"(.+?){genitive}\s?\b({role_pattern()})(?:s|e?n|in)?")


def plain_header(header: str) -> str:
    """The header as the list of words has it: lower case, single spaces, no stars, no colon, no “(optional)”.

    The dotted and the dotless i of Turkish count as one, since capitals in other languages' lower case mix them up.
    """
    text = fold(narrow_letters(header)).replace("_", " ").replace("*", " ").replace("’", "'")
    text = text.replace("i\N{COMBINING DOT ABOVE}", "i").replace("ı", "i")
    text = re.sub(r"(?<=\w)\((?:s|e|en|es)\)", r"s", text)
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
    if found := _of_person(plain) or _of_parts(plain):
        return found
    asked = " ".join(YOURS.sub(" ", ASKED.sub("", plain)).split())
    if asked != plain:  # “your name” is no session's
        found = meanings_of(asked)
        return tuple(each for each in found if each.kind == "person") or found
    named = NAME_OF.fullmatch(plain) or NAME_BEHIND.fullmatch(plain)
    return tuple(each for each in meanings_of(named[1]) if each.kind == "session") if named else ()


def _readings(header: str, plain: str) -> list[str]:
    readings = [plain, plain_header(CAMEL.sub(" ", header))]
    if (named := NAME_OF.fullmatch(plain)) and re.fullmatch(NOUNS, named[1]):
        readings.append("title")
    without = BRACKETS.sub(" ", plain)
    readings += [" ".join(without.split()), ZONE_BEHIND.sub("", plain)]
    readings += [QUALIFIERS.sub("", each, count=1) for each in tuple(readings)]
    readings += [inside[1].strip() for inside in BRACKETS.finditer(plain)]
    readings += [GENITIVES.sub("", each, count=1) for each in (plain, " ".join(without.split()))]
    readings.append(COMPOUNDS.sub("", plain, count=1))
    return readings


def _of_person(plain: str) -> tuple[Meaning, ...]:
    """“Speaker 2 First Name”, “speaker1_last”, “E-mail of the chair”: one field of one person in one role."""
    numbered = NUMBERED.fullmatch(plain)
    number = int(numbered[2]) if numbered else 0
    joined = f"{numbered[1].strip()} {numbered[3].strip()}".strip() if numbered else plain
    if found := _person_of_role().fullmatch(joined):
        word, rest = found.groups()
    elif found := _role_behind().fullmatch(joined):
        rest, word = found.groups()
    if found:
        role, rest = roles()[word], rest.strip(" -:._")
        if rest in NAME_WORDS and not number and role in FIELDS_OF_ROLES:
            return (Meaning("session", FIELDS_OF_ROLES[role], 0), Meaning("person", "name", 0, role))
        if rest in NAME_WORDS:
            # of “Chair 1” and “Chair 1 name” the first holds something else, as an ID
            return (Meaning("person", "name", 0 if rest else 1, role, number),)
        if rest in TITLE_WORDS:
            return (Meaning("person", "job_title", 0, role, number),)
        for meaning in _words().get(rest, ()):
            if meaning.kind == "person" and meaning.field != "sessions":
                return (meaning._replace(role=role, number=number),)
    elif numbered:
        known = _words().get(joined, ())
        return tuple(each._replace(number=number, rank=each.rank + number) for each in known)
    return ()


def names_session(header: str) -> bool:
    """Whether the header has the word for a session in it."""
    return SESSION_WORD.search(plain_header(header)) is not None


def is_of_role(header: str) -> bool:
    """Whether the header names a field of somebody in a role: “Speaker 2 E-mail”."""
    return any(each.kind == "person" for each in _of_person(plain_header(header)))


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
