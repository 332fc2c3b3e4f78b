"""The tables that tests work on, and an application that they use one after the other.

Making either costs more than most tests do themselves.
"""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import Connection, create_mock_engine, text
from sqlalchemy.dialects import postgresql

from portal.cache import Cache
from portal.extensions import limiter
from portal.models import db

# The schema on PostgreSQL, but for a test that took its tables away, has left them, or gave them a trigger.
OWN = """
SELECT current_schema() WHERE to_regclass('organisation') IS NOT NULL
AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = current_schema()::regnamespace)
"""

_empty: list[bytes] = []  # a SQLite file with the tables and no row, once one was made
_compiled: dict[str, tuple[Any, Any]] = {}  # dialects by their names, with what was compiled for them
_left: list[str] = []  # schemas on PostgreSQL that tests of this process are done with


def make_tables() -> None:
    """The tables, in a database that nobody has opened yet; needs an application's context."""
    share_statements()
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            if connection.scalar(text("SELECT to_regclass('organisation')")) is None:
                connection.exec_driver_sql(_taking_over(connection) if _left else _making())
        return
    file = Path(db.engine.url.database or "")
    if not _empty:
        db.create_all()
        with db.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.engine.dispose()  # to close a file that SQLite has open would take its locks away
        _empty.append(file.read_bytes())
    elif not file.stat().st_size:
        file.write_bytes(_empty[0])


def share_statements() -> None:
    """Compiles each statement once in a process: each engine by itself was a fifth of what tests of syncs took."""
    engine: Any = db.engine
    own = engine.dialect, engine._compiled_cache
    engine.dialect, engine._compiled_cache = _compiled.setdefault(engine.dialect.name, own)


def leave_tables() -> None:
    """The test is done with its tables and the next one may have them; until then nobody finds them by their name."""
    if db.engine.dialect.name != "postgresql":
        return
    with db.engine.begin() as connection:
        own = connection.scalar(text(OWN))
        if own is not None:
            left = f"left_{uuid4().hex}"
            connection.exec_driver_sql(
                f"DROP TABLE IF EXISTS alembic_version; ALTER SCHEMA {own} RENAME TO {left}"
            )
            _left.append(left)


def empty_tables() -> None:
    """Rows go, and ids begin at one again."""
    tables = list(reversed(db.metadata.sorted_tables))
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.exec_driver_sql(_emptying())
            return
        for table in tables:
            connection.execute(table.delete())
        connection.execute(text("DELETE FROM sqlite_sequence"))


def _taking_over(connection: Connection) -> str:
    """What puts tables that were left where the connection looks for its own: making them takes ten times as long."""
    own, left = connection.scalar(text("SELECT current_schema()")), _left.pop()
    return f"DROP SCHEMA {own}; ALTER SCHEMA {left} RENAME TO {own}; {_emptying()}"


@cache
def _making() -> str:
    """What makes the tables on PostgreSQL, to be sent at once: asking for each first takes as long as making it."""
    statements: list[str] = []
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    engine = create_mock_engine(
        "postgresql+psycopg://", lambda made, *_, **__: statements.append(str(made.compile(dialect=dialect)))
    )
    db.metadata.create_all(engine, checkfirst=False)
    return ";".join(statements)


@cache
def _emptying() -> str:
    """What empties them there. TRUNCATE makes every table's files anew, which takes ten times as long."""
    deleting = [f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables)]
    counting = [
        f"SELECT setval('{table.name}_{table.autoincrement_column.name}_seq', 1, false)"
        for table in db.metadata.sorted_tables
        if table.autoincrement_column is not None
    ]
    return ";".join(deleting + counting)


class KeptApp:
    """An application, and how it stood before any test had it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            make_tables()
        self._config: dict[str, Any] = dict(app.config)
        self._extensions: dict[str, Any] = dict(app.extensions)
        self._limits: dict[str, Any] = dict(vars(limiter))  # it serves the application that it met last

    def as_new(self) -> Flask:
        """The application with empty tables, and nothing left of what a test changed on it."""
        self.app.config.clear()
        self.app.config.update(self._config)
        self.app.extensions.clear()
        self.app.extensions.update(self._extensions, portal_cache=Cache())
        vars(limiter).update(self._limits)
        limiter.reset()
        with self.app.app_context():
            empty_tables()
        return self.app
