"""The core that every process stands on: settings, store and vault, with no page loaded.

Workers and commands run in it as it is; `portal.application` puts the pages on top.
"""

import logging
from functools import partial

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from portal.cache import Cache
from portal.config import Settings
from portal.errors import PortalError
from portal.models import db
from portal.secrets import Vault, load_keys
from portal.text.control_characters import as_one_entry


def create_core(settings: Settings | None = None) -> Flask:
    """The application without its pages, its instance folder and key in place.

    Raises PortalError for a bad setting.
    """
    settings = settings or Settings.from_environment()
    try:
        settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys = load_keys(settings)
    except OSError as problem:
        raise PortalError(
            f"PORTAL_INSTANCE_DIR cannot be used: {problem.strerror}: {problem.filename}"
        ) from problem
    _begin_log(settings.log_level.upper())

    app = Flask("portal", instance_path=str(settings.instance_dir.resolve()))
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    # A connection that the server closed meanwhile (a restart of PostgreSQL) is noticed before it is used (E14b).
    # An error names its statement alone: the values are hashes and addresses, and errors are logged.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_pre_ping": True,
        "hide_parameters": True,
        "max_overflow": settings.web_threads,  # a thread never waits for a connection to the database
    }
    app.extensions["portal_settings"] = settings
    app.extensions["portal_vault"] = Vault(keys)
    app.extensions["portal_cache"] = Cache()
    if not settings.database_url:
        (settings.instance_dir / "portal.sqlite3").touch(mode=0o600)
    try:
        db.init_app(app)
    except (ImportError, SQLAlchemyError) as problem:
        raise PortalError(f"PORTAL_DATABASE_URL cannot be used: {problem}") from problem
    with app.app_context():
        event.listen(db.engine, "handle_error", _leave_out_values)
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _set_sqlite_pragmas)
        else:
            event.listen(db.engine, "connect", partial(_end_silent_transactions, settings.heartbeat_timeout))
            event.listen(db.engine, "handle_error", _as_one_error, retval=True)
    return app


class Entries(logging.Formatter):
    """An entry of the log; no name that it tells of makes another one, or steers the terminal that shows it."""

    def format(self, record: logging.LogRecord) -> str:
        return as_one_entry(super().format(record))


def _begin_log(level: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Entries("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    # Its DEBUG names whole addresses, and that of a notice's webhook is a secret (G4).
    logging.getLogger("urllib3").setLevel(logging.INFO)


def _leave_out_values(context: ExceptionContext) -> None:
    """Leave out the row or the key that PostgreSQL adds to an error: SQLAlchemy hides only its own values."""
    detail = getattr(getattr(context.original_exception, "diag", None), "message_detail", None)
    for problem in (context.original_exception, context.sqlalchemy_exception):
        if detail and problem is not None:
            problem.args = tuple(
                each.replace(detail, "(left out)") if isinstance(each, str) else each for each in problem.args
            )


def _as_one_error(context: ExceptionContext) -> OperationalError | None:
    """Make one kind of error of all the ways in which the server may have ended the connection."""
    if not context.is_disconnect or isinstance(context.sqlalchemy_exception, OperationalError):
        return None
    return OperationalError(context.statement, None, context.original_exception, hide_parameters=True)


def _end_silent_transactions(
    seconds: float, connection: DBAPIConnection, _record: ConnectionPoolEntry
) -> None:
    # Others wait for what a transaction has changed. If a process stands still in the middle of one (a paused
    # machine), PostgreSQL ends it when the process counts as dead anyway (E14b); awake again, it finds that out.
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = {round(1000 * seconds)}")
    cursor.close()
    connection.commit()


def _set_sqlite_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # Web, worker and scheduler share the file: readers must not block the writer, and a short wait beats an error.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=20000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # an erased secret is overwritten where it stood (F4)
    cursor.close()
