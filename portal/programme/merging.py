"""Brings the rows of one table to what a programme says, with a fixed number of statements at any size.

SQLAlchemy Core on the session's connection: one statement for all rows of a kind, in the order given, so
that ids increase in the order of the file. Objects that the ORM holds do not notice; the caller expires them.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, bindparam, select

from portal.models import Base, Session
from portal.programme.custom import named_as
from portal.programme.edited import CUSTOM, Settled, settle_columns

Values = dict[str, Any]

PORTION = 500  # keys that one statement takes on every database
INSERTED = 5_000  # rows at a time: what a statement carries is in memory several times


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows: the id of each key, and which were created or changed.

    Of rows with fields that were edited by hand, what was settled about those (H3).
    """

    ids: dict[str, int]
    created: set[str]
    changed: set[str]
    missing: set[str]
    settled: dict[str, Settled]


def table_of(model: type[Base]) -> Table:
    """The model's table."""
    return cast(Table, model.__table__)


def merge_records(
    connection: Connection,
    model: type[Base],
    event_id: int,
    wanted: Mapping[str, Values],
    absent: Mapping[str, frozenset[str]],
    *,
    partly: bool,
    file_counts: bool,
) -> Merged:
    """Create or update the event's sessions or contacts by their source id (H2).

    What is not wanted stays, and so do the columns of an existing row that are `absent` for its key. With `partly`
    the other rows are not even read, so that `missing` is empty. With `file_counts` a field changed on both sides is
    what the file says (H3).
    """
    table = table_of(model)
    ours = table.c.event_id == event_id
    query = select(table).where(ours)
    rows = (
        _by_portions(connection, query, table.c.source_id, list(wanted))
        if partly
        else connection.execute(query).mappings().all()
    )
    existing = {row["source_id"]: row for row in rows}
    wanted, settled = _settle(existing, wanted, absent, file_counts)
    created = [key for key in wanted if key not in existing]
    rewritten = [key for key, values in wanted.items() if key in existing and _differs(existing[key], values)]
    for start in range(0, len(created), INSERTED):
        portion = created[start : start + INSERTED]
        connection.execute(
            table.insert(), [{"event_id": event_id, "source_id": key, **wanted[key]} for key in portion]
        )
    update_rows(connection, table, {existing[key]["id"]: wanted[key] for key in rewritten})
    changed = {key for key in rewritten if _differs(existing[key], _counted(wanted[key]))}
    known = select(table.c.source_id, table.c.id).where(ours)
    of_created = _by_portions(connection, known, table.c.source_id, created)
    ids = {row["source_id"]: row["id"] for row in (*of_created, *existing.values())}
    return Merged(ids, set(created), changed, existing.keys() - wanted.keys(), settled)


def _settle(
    existing: Mapping[str, RowMapping],
    wanted: Mapping[str, Values],
    absent: Mapping[str, frozenset[str]],
    file_counts: bool,
) -> tuple[dict[str, Values], dict[str, Settled]]:
    """What is to stand in each row, and what was settled about the fields that were edited by hand (H3)."""
    kept = {
        key: _with_kept(existing[key], values, absent.get(key, frozenset())) if key in existing else values
        for key, values in wanted.items()
    }
    settled = {
        key: settle_columns(existing[key], values, absent.get(key, frozenset()), file_counts)
        for key, values in kept.items()
        if key in existing and existing[key]["edited"]
    }
    edited = {key: _with_edits(existing[key], kept[key], each) for key, each in settled.items()}
    return {**kept, **edited}, settled


def _by_portions(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], keys: Sequence[Any]
) -> list[RowMapping]:
    """The query's rows that have one of the keys in this column, in portions that every database takes."""
    return [
        row
        for start in range(0, len(keys), PORTION)
        for row in connection.execute(query.where(column.in_(keys[start : start + PORTION]))).mappings()
    ]


def _with_kept(row: RowMapping, values: Values, absent: frozenset[str]) -> Values:
    """The values, with what the row has where the source says nothing; each custom field is a field (H2)."""
    kept = {name: row[name] for name in values if name in absent}
    if values["custom_fields"] and row["custom_fields"]:
        came = named_as(values["custom_fields"], row["custom_fields"])
        kept["custom_fields"] = {**row["custom_fields"], **came}
    return {**values, **kept} if kept else values


def _with_edits(row: RowMapping, values: Values, settled: Settled) -> Values:
    """The values, with what was edited by hand where the file has not changed it (H3)."""
    columns = {name: row[name] for name in settled.kept if name in values}
    custom = {
        name.removeprefix(CUSTOM): row["custom_fields"].get(name.removeprefix(CUSTOM))
        for name in settled.kept
        if name.startswith(CUSTOM)
    }
    return {**values, **columns, "custom_fields": {**values["custom_fields"], **custom}}


def update_rows(connection: Connection, table: Table, values_by_id: Mapping[int, Values]) -> None:
    """Write the values into the rows with these ids; all have the same columns."""
    if values_by_id:
        statement = table.update().where(table.c.id == bindparam("row_id"))
        connection.execute(statement, [{"row_id": key, **each} for key, each in values_by_id.items()])


def replace_parts(
    connection: Connection,
    model: type[Base],
    event_id: int,
    columns: Sequence[str],
    wanted: Mapping[int, list[tuple[Any, ...]]],
    *,
    partly: bool,
) -> set[int]:
    """Give each session its ordered rows of `model`; returns the ids of the sessions whose rows differed.

    With `partly` only the rows of these sessions are read.
    """
    table, session = table_of(model), table_of(Session)
    query = select(table.c.session_id, *(table.c[name] for name in columns)).order_by(
        table.c.session_id, table.c.position
    )
    if partly:
        rows = _by_portions(connection, query, table.c.session_id, list(wanted))
    else:
        of_event = query.join(session, session.c.id == table.c.session_id).where(
            session.c.event_id == event_id
        )
        rows = list(connection.execute(of_event).mappings())
    existing: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        existing[row["session_id"]].append(tuple(row[name] for name in columns))
    changed = {key for key, parts in wanted.items() if parts != existing.get(key, [])}
    outdated = [{"owner": key} for key in changed if key in existing]
    if outdated:
        connection.execute(table.delete().where(table.c.session_id == bindparam("owner")), outdated)
    added = [
        {"session_id": key, "position": position, **dict(zip(columns, values, strict=True))}
        for key, parts in wanted.items()
        if key in changed
        for position, values in enumerate(parts)
    ]
    if added:
        connection.execute(table.insert(), added)
    return changed


def _counted(values: Values) -> Values:
    """The values by which a record counts as changed: all but the address at which it is edited over there."""
    return {name: value for name, value in values.items() if name != "admin_url"}


def _differs(row: RowMapping, values: Values) -> bool:
    return any(_comparable(row[name]) != _comparable(value) for name, value in values.items())


def _comparable(value: Any) -> Any:
    # In Python 1 == True == 1.0; as custom fields they are different values.
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value
