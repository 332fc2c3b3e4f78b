"""What the database is asked while something is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from portal.models import db


@contextmanager
def statements_sent() -> Iterator[list[str]]:
    """The SQL statements that are sent meanwhile; needs an application's context when it begins."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        seen.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count_queries(app: Flask, ask: Callable[[], object]) -> int:
    """How many are sent by `ask`, which has a context of its own."""
    with app.app_context(), statements_sent() as seen:
        ask()
    return len(seen)
