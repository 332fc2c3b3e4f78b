"""An application with empty tables, and an organisation in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from tables import leave_tables, make_tables

from portal.config import Settings
from portal.core import create_core
from portal.models import Organisation, db


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = create_core(Settings(instance_dir=tmp_path / "instance", import_max_bytes=10_000_000))
    with app.app_context():
        make_tables()
        yield app
        db.session.remove()
        leave_tables()
        db.engine.dispose()


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    return add_organisation("one")


@pytest.fixture
def other_organisation(app: Flask) -> Organisation:
    return add_organisation("two")


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement sent to the database, one entry for all rows of an executemany."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_others):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def add_organisation(slug: str) -> Organisation:
    organisation = Organisation(name=slug.title(), slug=slug)
    db.session.add(organisation)
    db.session.commit()
    return organisation
