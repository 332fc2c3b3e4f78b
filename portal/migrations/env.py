"""What Alembic runs: the tables of `portal.models` against the application's database."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.errors import PortalError

database = current_app.extensions["migrate"].db


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        user_module_prefix="portal.models.base.",
    )
    with context.begin_transaction():
        context.run_migrations()


def migrate_sqlite(connection: Connection) -> None:
    """SQLite changes a table by making it anew and dropping the old one, which would delete what refers to it."""
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # without effect inside a transaction
    connection.commit()
    migrate(connection)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    connection.commit()
    connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    connection.commit()
    if broken:
        raise PortalError(f"The upgraded database refers to rows that are not there: {broken[:5]}")


with database.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        migrate_sqlite(connection)
    else:
        migrate(connection)
