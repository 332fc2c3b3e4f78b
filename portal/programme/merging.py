"""Brings the rows of one table to what a programme says, with a fixed number of statements at any size.

SQLAlchemy Core on the session's connection: one statement for all rows of a kind, in the order given, so
that ids increase in the order of the file. Objects that the ORM holds do not notice; the caller expires them.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, RowMapping, Table, bindparam, select

from portal.models import Base, Session

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the rows: the id of each key, and which were created or changed."""

    ids: dict[str, int]
    created: set[str]
    changed: set[str]
    missing: set[str]


def table_of(model: type[Base]) -> Table:
    """The model's table."""
    return cast(Table, model.__table__)


def merge_records(
    connection: Connection,
    model: type[Base],
    event_id: int,
    wanted: Mapping[str, Values],
    absent: Mapping[str, frozenset[str]],
) -> Merged:
    """Create or update the event's sessions or contacts by their source id (H2).

    What is not wanted stays, and so do the columns of an existing row that are `absent` for its key.
    """
    table = table_of(model)
    rows = connection.execute(select(table).where(table.c.event_id == event_id)).mappings()
    existing = {row["source_id"]: row for row in rows}
    wanted = {
        key: _with_kept(existing[key], values, absent.get(key, frozenset())) if key in existing else values
        for key, values in wanted.items()
    }
    created = [key for key in wanted if key not in existing]
    changed = [key for key, values in wanted.items() if key in existing and _differs(existing[key], values)]
    if created:
        fixed = {"event_id": event_id}
        connection.execute(table.insert(), [{**fixed, "source_id": key, **wanted[key]} for key in created])
    update_rows(connection, table, {existing[key]["id"]: wanted[key] for key in changed})
    ids = {key: row["id"] for key, row in existing.items()}
    if created:
        known = select(table.c.source_id, table.c.id).where(table.c.event_id == event_id)
        ids = {row.source_id: row.id for row in connection.execute(known)}
    return Merged(ids, set(created), set(changed), existing.keys() - wanted.keys())


def _with_kept(row: RowMapping, values: Values, absent: frozenset[str]) -> Values:
    """The values, with what the row has where the source says nothing; each custom field is a field (H2)."""
    kept = {name: row[name] for name in values if name in absent}
    if values["custom_fields"] and row["custom_fields"]:
        kept["custom_fields"] = {**row["custom_fields"], **values["custom_fields"]}
    return {**values, **kept} if kept else values


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
) -> set[int]:
    """Give each session its ordered rows of `model`; returns the ids of the sessions whose rows differed."""
    table, session = table_of(model), table_of(Session)
    query = (
        select(table.c.session_id, *(table.c[name] for name in columns))
        .join(session, session.c.id == table.c.session_id)
        .where(session.c.event_id == event_id)
        .order_by(table.c.session_id, table.c.position)
    )
    existing: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for session_id, *values in connection.execute(query):
        existing[session_id].append(tuple(values))
    changed = {key for key, parts in wanted.items() if parts != existing.get(key, [])}
    outdated = [{"owner": key} for key in changed if key in existing]
    if outdated:
        connection.execute(table.delete().where(table.c.session_id == bindparam("owner")), outdated)
    rows = [
        {"session_id": key, "position": position, **dict(zip(columns, values, strict=True))}
        for key, parts in wanted.items()
        if key in changed
        for position, values in enumerate(parts)
    ]
    if rows:
        connection.execute(table.insert(), rows)
    return changed


def _differs(row: RowMapping, values: Values) -> bool:
    return any(_comparable(row[name]) != _comparable(value) for name, value in values.items())


def _comparable(value: Any) -> Any:
    # In Python 1 == True == 1.0; as custom fields they are different values.
    return json.dumps(value, sort_keys=True) if isinstance(value, dict) else value
