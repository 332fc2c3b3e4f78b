"""Which version of the portal the database is of."""

from sqlalchemy import inspect, text

from portal.errors import PortalError
from portal.models import SCHEMA_REVISION, db


def stored_revision() -> str | None:
    """The revision of migrations/ that the database stands at; None where it is not the portal's yet."""
    found: str | None = None
    if inspect(db.engine).has_table("alembic_version"):
        found = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        db.session.rollback()
    return found


def check_database() -> None:
    """Raises PortalError when the database is missing, or older or newer than this program."""
    found = stored_revision()
    if found is None:
        raise PortalError("There is no database yet. Make it with: portal db upgrade")
    refuse_newer(found)
    if found != SCHEMA_REVISION:
        raise PortalError("The database is of another version of the portal. Run: portal db upgrade")


def refuse_newer(found: str | None) -> None:
    """Raises PortalError when a later version of the portal has upgraded the database: there is no way back."""
    if found is not None and found > SCHEMA_REVISION:
        raise PortalError(
            f"A newer version of the portal has upgraded the database, to {found}; this one knows it up to "
            f"{SCHEMA_REVISION}. Install the newer version again, or put back a copy from before the upgrade."
        )
