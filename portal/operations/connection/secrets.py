"""The stored secrets as a whole: encrypted anew when the keys change, gone for good once erased (A3b, F4)."""

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from portal.config import current_settings
from portal.errors import PortalError
from portal.models import Connection, NoticeSettings, Organisation, Source, db
from portal.secrets import current_vault

log = logging.getLogger(__name__)

# Every column that holds something encrypted, and what that is; its row belongs to an organisation.
ENCRYPTED: dict[str, InstrumentedAttribute[Any]] = {
    "the API secret for ASP Events": Connection.secret_encrypted,
    "the access token of Sessionboard": Source.token_encrypted,
    "the address of notices": NoticeSettings.webhook_encrypted,
}


@dataclass(slots=True)
class Rotation:
    """How many secrets stand under the newest key now, and which ones, of which organisation, no key can read."""

    renewed: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate_secrets() -> Rotation:
    """Encrypt every stored secret anew under the newest key, so that the older ones can go (A3b)."""
    rotation = Rotation()
    vault = current_vault()
    for what, column in ENCRYPTED.items():
        owner = column.class_.organisation_id
        rows = db.session.execute(
            select(column.class_.id, column, Organisation.name)
            .join(Organisation, Organisation.id == owner)
            .where(column.is_not(None))
        ).all()
        for row_id, token, name in rows:
            try:
                renewed = vault.rotate(token)
            except PortalError:
                rotation.unreadable.append(f"{what} of {name}")
                continue
            # Only what was read: a pair that is being entered in this moment stands under the newest key already.
            same = (column.class_.id == row_id, column == token)
            db.session.execute(update(column.class_).where(*same).values({column.key: renewed}))
            rotation.renewed += 1
    db.session.commit()
    erase_traces()
    return rotation


def erase_traces() -> None:
    """After a secret was erased and that is committed: leave nothing of it in SQLite's log either (F4).

    The pages themselves are overwritten as they are freed, by `secure_delete`. PostgreSQL does its own cleaning.
    Where somebody reads in the log for so long that it cannot be cut off, the scheduler does it later.
    """
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    if busy:
        _left_traces().touch(mode=0o600)
        log.warning("The database's log was in use; what was erased leaves it as soon as it is not.")
    else:
        _left_traces().unlink(missing_ok=True)


def erase_left_traces() -> None:
    """Do now what `erase_traces` could not, if there is anything."""
    if _left_traces().exists():
        erase_traces()


def _left_traces() -> Path:
    """A file that says that something erased is in the log still."""
    return current_settings().instance_dir / "erased-in-log"
