"""What each column of a file's tables holds: as it was guessed, where no person says otherwise (H2)."""

from collections.abc import Collection, Mapping

from portal.errors import Refused
from portal.programme.spreadsheet.recognising.columns import Matching, guess_columns
from portal.programme.spreadsheet.recognising.fields import (
    CUSTOM,
    PERSON_FIELDS,
    SESSION_FIELDS,
    parse_target,
)
from portal.programme.spreadsheet.recognising.tables import Column, Tables
from portal.programme.spreadsheet.words import plain_header


def match_columns(
    tables: Tables,
    chosen: Mapping[str, str | None],
    custom_names: Mapping[str, Collection[str]] | None = None,
) -> dict[int, Matching]:
    """The guesses for each table by its place, changed by what was chosen as header → field's key.

    Raises Refused for a header that the file does not have, and for a field that does not exist.
    """
    names = custom_names or {}
    matched = {
        place: guess_columns(table, names.get(table.kind, ())) for place, table in enumerate(tables.all)
    }
    for header, key in chosen.items():
        fits = False
        for place, column in _columns_named(header, tables):
            target = parse_target(key, tables.all[place].kind) if key else None
            if target or not key:
                matched[place][column.key] = target
                fits = True
        if not fits:
            raise Refused(
                f"“{key}”, chosen for the column “{header}”, is no field. "
                f"Fields of a session: {', '.join(SESSION_FIELDS)}. Of a person: {', '.join(PERSON_FIELDS)}. "
                f"A field of your own: {CUSTOM}NAME.",
                "columns",
            )
    return matched


def _columns_named(header: str, tables: Tables) -> list[tuple[int, Column]]:
    """The columns with this header, each with its table's place; else those whose header says the same.

    Raises Refused where there are none.
    """
    columns = [(place, column) for place, table in enumerate(tables.all) for column in table.columns]
    named = [
        (place, column)
        for place, column in columns
        if header in (column.key, f"{tables.all[place].sheet.name}!{column.key}")
    ]
    alike = [each for each in columns if plain_header(each[1].key) == plain_header(header)]
    if not named and not alike:
        raise Refused(f"The file has no column “{header}”.", "columns")
    return named or alike


def described(tables: Tables, matched: Mapping[int, Matching]) -> dict[str, str | None]:
    """Header → field's key; a header of two sheets stands behind its sheet's name for the second one."""
    found: dict[str, str | None] = {}
    told: set[tuple[str, str]] = set()  # a sheet may hold several tables with one header
    for place, table in enumerate(tables.all):
        for header, target in matched[place].items():
            if (table.sheet.name, header) in told:
                continue
            told.add((table.sheet.name, header))
            name = header if header not in found else f"{table.sheet.name}!{header}"
            found[name] = target.key(alone=table.kind == "person") if target else None
    return found
