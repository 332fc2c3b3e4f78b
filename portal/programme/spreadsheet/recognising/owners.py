"""Whom a column describes, where several columns name people: “Speaker | E-mail | Moderator | E-mail”."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from portal.programme.spreadsheet.recognising.tables import Column
from portal.programme.spreadsheet.words import ROLES_OF_FIELDS, SPEAKER, Meaning, is_of_role
from portal.text.matching import fold

NAMES = ("name", "first_name")
OF_ALL = {"speaker_emails": "email", "speaker_companies": "company_name"}
LEFT_OUT = Meaning("left_out", "organisers", 0)
Options = dict[int, list[Meaning]]


class Naming(NamedTuple):
    """A column that names people; its number where the same header comes again for the next person."""

    place: int  # of the column
    number: int
    meaning: Meaning


def settle_owners(columns: Sequence[Column], options: Options) -> None:
    """Change the meanings of columns that describe somebody, so that nothing of theirs comes to somebody else.

    Of the same header for the second person, the third … each gets its number.
    """
    namings = list(_namings(columns, options))
    numbered = [each for each in namings if each.number]
    is_numbered = False
    for group in _descriptions(columns, options):
        owners = [_left_of(namings, column) for column in group]
        if len(group) == 1 and not numbered:
            owners = owners if _is_of_no_speaker(namings, group[0]) else [None]
        elif len(group) > 1 and len({each.place for each in owners if each}) < len(group):
            owners = list(numbered) if len(numbered) == len(group) else [None] * len(group)
        for column, owner in zip(group, owners, strict=True):
            if owner:
                is_numbered |= owner.number > 0 and len(group) > 1
                found = _description(options[column.index])
                options[column.index] = [
                    each._replace(role=owner.meaning.role, number=owner.number) for each in [found] if each
                ]
    for naming in numbered:
        if is_numbered:
            options[naming.place] = [naming.meaning._replace(number=naming.number)]
    if numbered and not is_numbered:
        _forget(columns, options)


def _forget(columns: Sequence[Column], options: Options) -> None:
    """Several columns name people of one role, and nobody knows whose the one address is."""
    for group in _descriptions(columns, options, of_numbers=True):
        for column in group:
            options[column.index] = [LEFT_OUT]


def _namings(columns: Sequence[Column], options: Options) -> Iterator[Naming]:
    headers = [fold(each.header) for each in columns]
    titles = {
        header for header, each in zip(headers, columns, strict=True) if _means_title(options[each.index])
    }
    for place, column in enumerate(columns):
        header = headers[place]
        if titles == {header}:
            continue  # “Name” is what the session is called
        if meaning := _name(options[column.index]):
            number = headers[: place + 1].count(header) if headers.count(header) > 1 else 0
            yield Naming(column.index, number, meaning)


def _name(meanings: list[Meaning]) -> Meaning | None:
    """The meaning by which a column names people."""
    for each in meanings:
        if each.kind == "person" and each.field in NAMES and not each.number:
            return each
        if each.kind == "session" and each.field in ROLES_OF_FIELDS:
            return Meaning("person", "name", each.rank, ROLES_OF_FIELDS[each.field])
    return None


def _descriptions(
    columns: Sequence[Column], options: Options, of_numbers: bool = False
) -> Iterator[list[Column]]:
    """The columns that tell more of somebody, by their headers."""
    found: dict[str, list[Column]] = {}
    for column in columns:
        first = _description(options[column.index])
        if first and first.field not in NAMES and (of_numbers or not first.number):
            found.setdefault(fold(column.header), []).append(column)
    yield from (
        group for group in found.values() if len(group) > 1 or not _tells_of_all(options[group[0].index])
    )


def _description(meanings: list[Meaning]) -> Meaning | None:
    """The meaning by which a column tells more of somebody."""
    for first in meanings[:1]:
        if first.kind == "person":
            return first
        if _tells_of_all(meanings):
            return Meaning("person", OF_ALL[first.field], first.rank)
    return None


def _tells_of_all(meanings: list[Meaning]) -> bool:
    """Whether a column is that of all speakers' addresses or companies, where it comes once."""
    return any(each.kind == "session" and each.field in OF_ALL for each in meanings[:1])


def _left_of(namings: list[Naming], column: Column) -> Naming | None:
    return next((each for each in reversed(namings) if each.place < column.index), None)


def _is_of_no_speaker(namings: list[Naming], column: Column) -> bool:
    """Whether those named on its left are moderators, chairpersons or authors alone, and its header says nothing."""
    return not is_of_role(column.header) and all(
        each.meaning.role != SPEAKER for each in namings if each.place < column.index
    )


def _means_title(meanings: list[Meaning]) -> bool:
    return any(each.kind == "session" and each.field == "title" for each in meanings)
