"""How several values, and several people, stand in one cell."""

import re
from collections.abc import Callable, Iterable

from portal.programme.spreadsheet.cells.commas import ADDRESS, COMMA, NO_COMMAS, SEPARATORS, Commas
from portal.programme.spreadsheet.cells.companies import is_company
from portal.programme.spreadsheet.cells.name_words import (
    DEGREES,
    GENERATION_BEHIND,
    HONORIFICS,
    NOBODY,
    PARTICLES,
    role_before,
    role_of_a_sentence,
)
from portal.programme.spreadsheet.cells.remarks import AT, DASH, JOB, with_jobs_in_brackets
from portal.text.matching import fold, trimmed

AND = re.compile(r"(?:\s(?:and|und|et|y|e|en|og|och|with|mit|avec|&|\+)\s|[/／])(?![^()]{0,200}\))")
ADDRESSED = re.compile(r"(\w[^<(\[@]*?)\s*[<(\[]\S+@\S+[>)\]]")  # a name, and an address in brackets
# What joins people and stands in nobody’s name, unlike “y” and “e”.
JOINED = re.compile(r"\s(?:and|und|et|og|och|with|avec|&|\+)\s|[/／]", re.IGNORECASE)
AND_BEFORE = re.compile(r"^(?:and|und|et|y|e|sowie|&)\s+(?=\S+\s)", re.IGNORECASE)  # “Ann Lee, and Bob Ray”
WHOLE_NAME = re.compile(r"[가-힣一-鿿]{3,4}")  # of a Korean or a Chinese, in one word
IN_BRACKETS = re.compile(r"\s?\([^()]*\)")


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


def split_people(
    text: str, separator: str | None, is_known: Callable[[str], bool], commas: Commas = NO_COMMAS
) -> list[str]:
    """The people of a cell, one text each; `is_known` tells whether somebody has that name, or that id.

    “Silva, Marta” is one person where other cells of the column use another sign, or where somebody has that name.
    `commas` is what the other cells say of commas.
    """
    text = role_of_a_sentence().sub("; ", text) if ":" in text else text
    text = with_jobs_in_brackets(GENERATION_BEHIND.sub(r" \1", DEGREES.sub("", text)))
    sign = next((each for each in SEPARATORS if each in text), None)
    if sign:
        whole = [each.strip(" ,") for each in map(trimmed, text.split(sign)) if each.strip(" ,")]
        parts = _with_jobs(
            [part for each in whole for part in _under_role(each)], by_capitals=sign in ("\n", "|")
        )
    elif pairs := _last_first_joined(text):
        return pairs
    elif commas.never_people and _names_one(list(map(trimmed, COMMA.split(text)))):
        parts = [text]
    else:
        parts = _between_commas(text, separator, is_known, commas)
    if commas.companies:
        parts = [_with_company(each) for each in parts]
    if sign == "\n":
        return parts
    found = []
    for part in parts:
        halves = [each for each in map(trimmed, AND.split(part)) if each and fold(each) not in NOBODY]
        names = [IN_BRACKETS.sub("", HONORIFICS.sub("", each)) for each in halves]
        several = len(halves) > 1 and (all(" " in each for each in names) or all(map(is_known, names)))
        alone = len(halves) == 1 and " " in names[0]
        found += halves if (several or alone) and not ADDRESS.search(part.partition("<")[0]) else [part]
    return found


def names_several(name: str) -> bool:
    """Whether a name that was read as one person’s joins several, as in “Ada and Bob Ray”."""
    return JOINED.search(name) is not None


def _names_one(parts: list[str]) -> bool:
    """“Ada Moor, Siemens” or “Ada Moor, Head of Data, Siemens”, where no comma divides people."""
    if len(parts) == 2:
        return not _are_people(*parts)
    return len(parts) == 3 and JOB.fullmatch(parts[1]) is not None


def _are_people(one: str, other: str) -> bool:
    """Whether the next person stands behind the comma: “Ann Lee (MIT), Bob Ray (ACME)”, “Bob Ray & Joe Fox”."""
    in_brackets = all(IN_BRACKETS.search(each) for each in (one, other))
    joined = [trimmed(each) for each in AND.split(other)]
    return in_brackets or (len(joined) > 1 and all(" " in each for each in joined))


def _last_first_joined(text: str) -> list[str]:
    """“Lee, Ann and Ray, Bob”: each half is a last name and a first name; none where it is anything else."""
    halves = [trimmed(each) for each in AND.split(text)]
    pairs = [[trimmed(each) for each in COMMA.split(half)] for half in halves]
    are_pairs = len(pairs) > 1 and all(len(pair) == 2 and all(pair) for pair in pairs)
    if (
        not are_pairs
        or ADDRESS.search(text)
        or any(is_company(first, by_capitals=True) for _, first in pairs)
    ):
        return []
    lasts = [last for last, _ in pairs]
    return halves if all(" " not in last or last.split()[0].lower() in PARTICLES for last in lasts) else []


def _with_company(text: str) -> str:
    """“Ada Moor, Siemens” with the company in brackets."""
    halves = list(map(trimmed, COMMA.split(text)))
    is_pair = len(halves) == 2 and " " in halves[0] and bool(halves[1]) and not _are_people(*halves)
    is_pair = is_pair and not ADDRESS.search(text)
    return f"{halves[0]} ({halves[1]})" if is_pair and not HONORIFICS.match(f"{halves[1]} ") else text


def _with_jobs(parts: list[str], by_capitals: bool = False) -> list[str]:
    """A job goes with the name before it, in brackets, as does the company of one word behind it.

    “Ann Lee”, “Head of Data at ACME”, “Bob Ray”, “CTO”, “Globex”.
    """
    found: list[str] = []
    is_open = False  # whether a job was the last, and its company may follow
    for part in parts:
        is_job = JOB.fullmatch(part) is not None and not HONORIFICS.match(part)
        is_firm = by_capitals and is_company(part, by_capitals) and not DASH.search(part)
        if found and " " in found[-1] and (is_job or is_firm):
            found[-1] = f"{found[-1]} ({part})"
            is_open = is_job and AT.search(part) is None
        elif is_open and (" " not in part or is_company(part, by_capitals=True)):
            found[-1] = f"{found[-1].removesuffix(')')}, {part})"
            is_open = False
        else:
            found.append(part)
            is_open = False
    return found


def _under_role(text: str) -> list[str]:
    """“Speakers: Ann Lee, Bob Ray” beside others: several names where each is a whole one."""
    found = role_before().match(text)
    names = [each for each in map(trimmed, COMMA.split(text[found.end() :])) if each] if found else []
    if found and len(names) > 1 and all(" " in each for each in names):
        return [f"{found[0]}{names[0]}", *names[1:]]
    return [text]


def _are_with_companies(halves: list[str]) -> bool:
    """Whether each is a whole name and a company: “Ann Lee, ACME Inc.” and “Bob Ray, MIT”."""
    pairs = [[trimmed(part) for part in COMMA.split(half)] for half in halves]
    return len(pairs) > 1 and all(
        len(pair) == 2 and " " in pair[0] and is_company(pair[1], by_capitals=True) for pair in pairs
    )


def _between_commas(
    text: str, separator: str | None, is_known: Callable[[str], bool], commas: Commas
) -> list[str]:
    halves = [each for each in map(trimmed, AND.split(text)) if each]
    if _are_with_companies(halves):
        return halves
    parts = [AND_BEFORE.sub("", each) for each in map(trimmed, COMMA.split(text)) if each]
    if len(parts) < 2 or all(map(is_known, parts)):
        return parts
    if ADDRESS.search(text):
        return _last_first_with_addresses(parts)
    together = _with_jobs(parts)
    if len(together) == 1 or any("," in each and each not in parts for each in together):
        return together
    if _are_of_companies(together, is_known, least=4 if together == parts else 2):
        return [f"{one} ({other})" for one, other in zip(together[::2], together[1::2], strict=True)]
    if _are_last_first(parts, [IN_BRACKETS.sub("", each) for each in parts]):
        return [f"{one}, {other}" for one, other in zip(parts[::2], parts[1::2], strict=True)]
    parts = _with_companies(parts)
    names = [IN_BRACKETS.sub("", each) for each in parts]
    if len(parts) == 2 and not commas.people:
        one, other = names
        both = " " in one and " " in other
        if is_known(f"{other} {one}") or (not both and separator is not None):
            return [text]
        if " " in one and " " not in other and not is_known(other):  # “García Márquez, Gabriel”
            return [text]
        if WHOLE_NAME.fullmatch(one) and WHOLE_NAME.fullmatch(other):
            return parts
        if " " not in one and " " not in other and not (is_known(one) or is_known(other)):
            return [text]
    return parts


def _last_first_with_addresses(parts: list[str]) -> list[str]:
    """“Moor, Ada <ada@example.org>, Ray, Bob <bob@example.org>” as two people: each second part has an address."""
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    are_pairs = len(parts) % 2 == 0 and all(
        not ADDRESS.search(last)
        and (found := ADDRESSED.fullmatch(first))
        and " " not in min(last, found[1], key=len)
        for last, first in pairs
    )
    return [f"{last}, {first}" for last, first in pairs] if are_pairs else parts


def _are_of_companies(parts: list[str], is_known: Callable[[str], bool], least: int) -> bool:
    """“Ann Lee, Siemens, Bob Ray, Bosch”: each second part is one word, behind a whole name."""
    return (
        len(parts) >= least
        and len(parts) % 2 == 0
        and all(" " in each for each in parts[::2])
        and all(" " not in each and not is_known(each) for each in parts[1::2])
    )


def _with_companies(parts: list[str]) -> list[str]:
    """A company between two commas goes with the name before it: “Ann Lee, ACME Inc., Bob Ray, MIT”."""
    found: list[str] = []
    for part in parts:
        if (
            found
            and " " in found[-1]
            and "," not in found[-1]
            and is_company(part, by_capitals=len(parts) > 2)
        ):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return found


def _are_last_first(parts: list[str], names: list[str]) -> bool:
    """“LEE, Ann (CERN), STONE, Bob (DESY)”: every second part is a last name in capitals, or of one word each."""
    if len(parts) % 2:
        return False
    lasts, firsts = names[::2], names[1::2]
    if all(each.isupper() for each in lasts) and not any(each.isupper() and len(each) > 2 for each in firsts):
        return True
    in_brackets = all(name != part for name, part in zip(firsts, parts[1::2], strict=True))
    plain = all(name == part for name, part in zip(lasts, parts[::2], strict=True))
    return len(parts) > 2 and in_brackets and plain and all(" " not in each for each in lasts)
