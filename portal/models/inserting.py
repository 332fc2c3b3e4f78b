"""INSERT that says what becomes of a row that is there already, as SQLite and PostgreSQL both can."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from portal.models.base import db


def insert_or_keep(table: Any, rows: list[dict[str, Any]]) -> None:
    """In the caller's transaction; a row that is there already stays as it is."""
    db.session.execute(_insert(table).on_conflict_do_nothing(), rows)


def insert_or_change(
    table: Any, rows: list[dict[str, Any]], keys: Iterable[str], changed: Iterable[str]
) -> None:
    """In the caller's transaction; a row that is there already, by its `keys`, gets the new values of `changed`."""
    statement = _insert(table)
    values = {name: statement.excluded[name] for name in changed}
    db.session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values), rows)


def _insert(table: Any) -> Any:
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(table)
