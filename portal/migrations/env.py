"""What Alembic runs: the tables of `portal.models` against the application's database."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.errors import PortalError

database = current_app.extensions["migrate"].db

ONE_AT_A_TIME = 4_211_707_236  # the name of a lock on PostgreSQL, by chance


def migrate(connection: Connection) -> None:
    """Within the transaction that is under way: all is upgraded or nothing, whenever the process ends."""
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        user_module_prefix="portal.models.base.",
    )
    context.run_migrations()


def migrate_sqlite(connection: Connection) -> None:
    """SQLite changes a table by making it anew and dropping the old one, which would delete what refers to it."""
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # without effect inside a transaction
    connection.commit()
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # who comes meanwhile waits, and finds it done
    migrate(connection)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise PortalError(f"The upgraded database would refer to rows that are not there: {broken[:5]}")
    connection.commit()
    connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    connection.commit()


with database.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        migrate_sqlite(connection)
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        migrate(connection)
        connection.commit()
