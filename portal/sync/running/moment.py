"""Reads several things as they stood at one moment (E14b)."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.models import db


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is as the database stood at the first read, whatever others commit meanwhile.

    Commits what the caller had begun, and leaves no transaction open. Nothing may be written inside. Without it each
    statement sees a moment of its own: Python's sqlite3 begins no transaction to read, and PostgreSQL's transactions
    are READ COMMITTED.
    """
    session = db.session()
    session.commit()
    try:
        if db.engine.dialect.name == "sqlite":
            session.connection().exec_driver_sql("BEGIN")
        else:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield
        session.expire_on_commit = False  # what was read here need not be read again by the page
        session.commit()
    finally:
        session.expire_on_commit = True
        session.rollback()
