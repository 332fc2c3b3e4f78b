"""What the commas of a column of people stand before: the next person, a first name, or a company."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from portal.programme.spreadsheet.cells.companies import LEGAL_FORM, is_company
from portal.programme.spreadsheet.cells.name_words import DEGREES, GENERATION_BEHIND, PARTICLES
from portal.programme.spreadsheet.cells.remarks import JOB
from portal.text.matching import trimmed

# The last ones are of East Asia and of Arabic.
SEPARATORS = ("\n", "|", ";", " • ", " · ", "；", "、", "，", "؛", "،")
# None within brackets, nor before the legal form of a company: “ACME, Inc.”
COMMA = re.compile(rf",(?![^()]{{0,200}}\))(?!\s*{LEGAL_FORM}\s*(?:[,;|\n)]|$|(?:and|&)\s))", re.IGNORECASE)
ADDRESS = re.compile(r"\S@\S")


class Commas(NamedTuple):
    """What a comma stands before in a column of people that is no list: “Ada Moor, Siemens”."""

    companies: bool = False  # the company, and no first name
    never_people: bool = False  # nor the next person
    first_names: bool = False  # the first name
    people: bool = False  # the next person, whatever their name
    is_sure: bool = True  # that a company stands there


NO_COMMAS = Commas()
LISTS_ENOUGH = 2  # cells of three whole names or more, for the commas of a column to stand between people


def commas_of(cells: Iterable[object]) -> Commas:
    """What the commas of the column tell. One “Moor, Ada” is enough to make all of them those of last names."""
    pairs, plain, within, lists = [], False, False, 0
    for text in cells:
        pieces = _pieces(text) if isinstance(text, str) and not ADDRESS.search(text) else []
        for piece in pieces:
            halves = list(map(trimmed, COMMA.split(GENERATION_BEHIND.sub("", DEGREES.sub("", piece)))))
            plain |= len(halves) == 1 and " " in piece
            lists += len(halves) > 2 and all(map(_is_whole_name, halves))
            if len(halves) == 2 and all(halves):
                pairs.append((halves[0], halves[1]))
                within |= len(pieces) > 1
    if lists >= LISTS_ENOUGH:
        return Commas(people=True)
    if any(" " not in one or one.split()[0].lower() in PARTICLES for one, _ in pairs):
        return Commas(first_names=True)
    open_ones = [other for _, other in pairs if " " not in other]
    told = within or any(is_company(other, by_capitals=True) for _, other in pairs)
    companies = within or (bool(open_ones) and (told or plain or len(open_ones) > 2))
    return Commas(companies, within, is_sure=told or len(open_ones) > 1)


def _is_whole_name(text: str) -> bool:
    return 2 <= len(text.split()) <= 4 and not is_company(text, by_capitals=True) and not JOB.fullmatch(text)


def _pieces(text: str) -> list[str]:
    sign = next((each for each in SEPARATORS if each in text), None)
    return [each for each in map(trimmed, text.split(sign) if sign else [text]) if each]


def is_ambiguous(text: str, commas: Commas) -> bool:
    """Whether “Ada Moor, Siemens” may as well be “García Márquez, Gabriel”, and nothing in the column tells."""
    halves = list(map(trimmed, COMMA.split(DEGREES.sub("", text))))
    return (
        not ((commas.companies and commas.is_sure) or commas.first_names or commas.people)
        and len(halves) == 2
        and " " in halves[0]
        and " " not in halves[1]
        and not halves[0].isupper()
        and not is_company(halves[1], by_capitals=True)
    )
