"""Guesses what each column of a table holds, by its header (H2)."""

import re
from collections.abc import Collection
from itertools import islice

from portal.programme.spreadsheet.cells.names import is_honorific
from portal.programme.spreadsheet.cells.plain import yes_or_no
from portal.programme.spreadsheet.recognising.cell_guesses import LOOKED_AT, guess_by_cells, guess_times
from portal.programme.spreadsheet.recognising.fields import BELOW, CUSTOM, PERSON_FIELDS, SEVERAL, Target
from portal.programme.spreadsheet.recognising.grid import grid_columns, names_a_day
from portal.programme.spreadsheet.recognising.links import link_columns
from portal.programme.spreadsheet.recognising.owners import OF_ALL, settle_owners
from portal.programme.spreadsheet.recognising.tables import Column, Table
from portal.programme.spreadsheet.words import Meaning, names_session
from portal.text.matching import fold

Matching = dict[str, Target | None]  # column's key → what it fills; None: left out
OF_PEOPLE = {
    "title": "job_title",
    "client_session_id": "person_id",
    "description": "biography",
    "sessionboard_id": "sessionboard_id",
}
LAST = 1_000  # a rank behind all others
OF_ONE_TALK = ("title", "starts_at", "ends_at", "start_time", "end_time", "time_range", "duration")
OF_A_BLOCK = re.compile(r"(?:session|block|sitzung|séance|sesión|sessione|sessie)(?![^\W\d_])", re.IGNORECASE)
OF_A_TALK = re.compile(
    r"(?:presentation|paper|talk|lecture|contribution|vortrag|beitrag|ponencia|charla|lezing)", re.IGNORECASE
)
HALVES = ("first_name", "last_name")
OF_AN_EXPORT = " (custom field)"  # ends the headers of custom fields, whatever their names mean elsewhere


def guess_columns(table: Table, custom_names: Collection[str] = ()) -> Matching:
    """What the columns of the table hold. A column that nobody knows becomes a custom field.

    `custom_names` are those that the event has: a header like one of them means it, unless it means a field.
    """
    if table.is_of_links:
        return link_columns(table)
    found = _known_custom_fields(table, custom_names)
    taken = {target for target in found.values() if target}
    options = {column.index: _options(table, column) for column in table.columns}
    _settle_names(options)
    if table.kind == "session":
        settle_owners(table.columns, options)
    by_rank = sorted(
        (
            # no session goes without a title
            (meaning.field != "title", _rank(table, column, meaning), column.index, meaning)
            for column in table.columns
            for meaning in options[column.index]
        ),
        key=lambda each: each[:3],
    )
    for *_, index, meaning in by_rank:
        if index in found:
            continue
        if meaning.kind == "left_out":
            found[index] = None
            continue
        target = Target(meaning.kind, meaning.field, meaning.role, meaning.number)
        if meaning.number and meaning.kind == "session" and target.field not in SEVERAL:
            target = target._replace(number=0)  # the first of “Room 1”, “Room 2” is the room
        if target not in taken or target.field in SEVERAL:
            taken.add(target)
            found[index] = target
    if table.kind == "session":
        if any(each.field == "title" for each in taken):
            _guess_times(table, found, taken)
        else:
            _guess_without_title(table, found, taken)
    settled = {column.key: _settled(table, column, found, taken) for column in table.columns}
    return {column.key: _by_titles(table, column, settled[column.key]) for column in table.columns}


def _by_titles(table: Table, column: Column, target: Target | None) -> Target | None:
    """A person's “Title” is an honorific where its cells say so: “Dr.”, “Prof.”."""
    if target and (target.kind, target.field) == ("person", "job_title"):
        cells = [cell for cell in islice(table.cells(column), LOOKED_AT) if isinstance(cell, str)]
        if cells and all(is_honorific(cell) for cell in cells):
            return target._replace(field="honorific")
    return target


def _known_custom_fields(table: Table, custom_names: Collection[str]) -> dict[int, Target | None]:
    """What an export marks as custom fields, and the headers that are one of the event's; by the columns' numbers."""
    own = {fold(name): name for name in custom_names}
    found: dict[int, Target | None] = {}
    for column in table.columns:
        if column.header.endswith(OF_AN_EXPORT):
            found[column.index] = Target(table.kind, f"{CUSTOM}{column.header.removesuffix(OF_AN_EXPORT)}")
        elif fold(column.header) in own and all(each.kind == "left_out" for each in column.meanings):
            found[column.index] = Target(table.kind, f"{CUSTOM}{own[fold(column.header)]}")
    return found


def _rank(table: Table, column: Column, meaning: Meaning) -> int:
    of_more = meaning.field == "title" and _names_the_event(table, column)
    of_more |= meaning.field in OF_ONE_TALK and _tells_of_the_block(table, column)
    return meaning.rank + (LAST if of_more else 0)


def _tells_of_the_block(table: Table, column: Column) -> bool:
    """Whether a “Session name” or “Session start” is that of the block, beside a “Presentation title” in each row."""
    if not OF_A_BLOCK.match(column.header):
        return False
    rows = sum(1 for _ in islice(table.cells(column), LOOKED_AT))
    return any(
        OF_A_TALK.match(each.header)
        and any(meaning.field == "title" for meaning in each.meanings)
        and sum(1 for _ in islice(table.cells(each), LOOKED_AT)) >= rows
        for each in table.columns
    )


def _names_the_event(table: Table, column: Column) -> bool:
    """Whether an “Event name” is the same in every row, beside a “Session” that has its own."""
    cells = list(islice(table.cells(column), LOOKED_AT))
    return (
        fold(column.header).startswith("event")
        and len(cells) > 1
        and len(set(cells)) == 1
        and any(
            fold(each.header).startswith("session") and each.meanings and each.meanings[0].field == "title"
            for each in table.columns
        )
    )


def _guess_times(table: Table, found: dict[int, Target | None], taken: set[Target]) -> None:
    """Where no header says when sessions begin, the cells may tell."""
    unknown = [column for column in table.columns if column.index not in found and not column.meanings]
    for index, target in guess_times(table, unknown, {each.field for each in taken}):
        found[index] = target
        taken.add(target)


def _guess_without_title(table: Table, found: dict[int, Target | None], taken: set[Target]) -> None:
    """Where no header speaks of titles, the cells tell: it is a grid, or one column looks like titles."""
    across = grid_columns(table)
    for column in across:
        taken.discard(found.get(column.index) or Target("session", BELOW))
        found[column.index] = Target("session", BELOW)
    unknown = [column for column in table.columns if column.index not in found and not column.meanings]
    fields = {each.field for each in taken if each.kind == "session"} | ({"title"} if across else set())
    if not across and not unknown:
        unknown = [column for column in table.columns if _fills(found.get(column.index), "description")]
    for index, target in guess_by_cells(table, unknown, fields):
        found[index] = target
        taken.add(target)


def _settle_names(options: dict[int, list[Meaning]]) -> None:
    """Beside a first name a “Name” is the last one, and the other way round; a “Titel” there is theirs."""
    found = {(each.role, each.number, each.field) for meanings in options.values() for each in meanings[:1]}
    titles = [index for index, meanings in options.items() if any(each.field == "title" for each in meanings)]
    for index, meanings in options.items():
        for place, each in enumerate(meanings):
            if each.kind == "person" and each.field == "name":
                for half, other in (("first_name", "last_name"), ("last_name", "first_name")):
                    if (each.role, each.number, half) in found and (
                        each.role,
                        each.number,
                        other,
                    ) not in found:
                        meanings[place] = each._replace(field=other)
        beside = [more for near in (index - 1, index + 1) for more in options.get(near, [])[:1]]
        if (
            [each.field for each in meanings] == ["title"]
            and meanings[0].rank == 0
            and len(titles) > 1
            and any(each.kind == "person" and each.field in HALVES for each in beside)
        ):
            meanings[0] = Meaning("person", "honorific", 0)


def _options(table: Table, column: Column) -> list[Meaning]:
    """The meanings that fit the kind of table."""
    meanings = list(column.meanings)
    if (
        len(meanings) > 1
        and any(each.field == "date" for each in meanings)
        and not _holds_days(table, column)
    ):
        meanings = [each for each in meanings if each.field != "date"]  # “Tag 1” of tags
    if {each.kind for each in meanings} == {
        "left_out",
        "session",
    }:  # “Internal” is a note, or says yes and no
        answers = all(yes_or_no(cell) is not None for cell in islice(table.cells(column), LOOKED_AT))
        meanings = [each for each in meanings if (each.kind == "session") is answers]
    if table.kind == "person":
        own = [each for each in meanings if each.kind == "person" and each.field in PERSON_FIELDS]
        own += [
            each._replace(kind="person", field=_of_people(column, each.field))
            for each in meanings
            if each.kind == "session" and each.field in OF_PEOPLE
        ]
        return own or [each for each in meanings if each.kind == "left_out"]
    meanings = [
        each
        for each in meanings
        if each.kind != "person" or each.field in PERSON_FIELDS or each.kind == "left_out"
    ]
    if _lists_a_person_per_row(table):
        meanings = list(map(_of_one, meanings))
        meanings.sort(key=lambda each: each.kind != "person" or each.field in ("name", "job_title"))
        if meanings and meanings[0].kind == "person":
            meanings = meanings[:1]
    elif any(each.kind == "session" for each in meanings):
        # A “Name” that is not the title's is a person's where their address stands in the same table.
        own = [each._replace(rank=each.rank + LAST) for each in meanings if each.field == "name"]
        meanings = [each for each in meanings if each.kind != "person"]
        meanings += own if _has_address(table) else []
    return meanings


def _holds_days(table: Table, column: Column) -> bool:
    cells = list(islice(table.cells(column), LOOKED_AT))
    if not cells:
        return not any(each.number for each in column.meanings)
    return any(
        not isinstance(cell, str) or any(map(str.isdigit, cell)) or names_a_day(cell) for cell in cells
    )


def _of_people(column: Column, field: str) -> str:
    """What a field of sessions is in a table of people.

    “ID” and “Title” are their own, “Session ID” and “Session” say where they take part.
    """
    names_sessions = field in ("client_session_id", "title") and names_session(column.header)
    return "sessions" if names_sessions else OF_PEOPLE[field]


def _has_address(table: Table) -> bool:
    return any(
        each.kind == "person" and each.field == "email" and not each.number
        for column in table.columns
        for each in column.meanings[:1]
    )


def _lists_a_person_per_row(table: Table) -> bool:
    return any(
        each.kind == "person" and each.field in HALVES and not each.number
        for column in table.columns
        for each in column.meanings
    )


def _of_one(meaning: Meaning) -> Meaning:
    """Beside the two names of one person “Speaker e-mail” is that person's."""
    if meaning.kind == "session" and meaning.field in OF_ALL:
        return meaning._replace(kind="person", field=OF_ALL[meaning.field])
    return meaning


def _fills(target: Target | None, field: str) -> bool:
    return target is not None and target.field == field


def _settled(
    table: Table, column: Column, found: dict[int, Target | None], taken: set[Target]
) -> Target | None:
    if column.index in found:
        return found[column.index]
    if not column.samples or not column.header:
        return None
    if column.meanings and any(
        fold(each.header) == fold(column.header) for each in table.columns if each is not column
    ):
        return None  # the same header a second time
    kind = "person" if table.kind == "person" else _kind_of_neighbour(column, found)
    target = Target(kind, f"{CUSTOM}{column.header}")
    if target in taken:
        return None
    taken.add(target)
    return target


def _kind_of_neighbour(column: Column, found: dict[int, Target | None]) -> str:
    """A column that nobody knows belongs to what stands left of it: a question about the person, or the session."""
    if names_session(column.header):
        return "session"
    left = [index for index in found if index < column.index and found[index]]
    target = found[max(left)] if left else None
    return target.kind if target and not target.number else "session"
