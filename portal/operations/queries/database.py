"""Whether the database has the tables that this version of the portal works with."""

from sqlalchemy.exc import SQLAlchemyError

from portal.models import SCHEMA_REVISION, db
from portal.models.revision import stored_revision


def schema_is_current() -> bool:
    """False also where there is no database, or it cannot be asked."""
    db.session.rollback()  # a statement may just have failed on this connection
    try:
        return stored_revision() == SCHEMA_REVISION
    except SQLAlchemyError:
        db.session.rollback()
        return False


def abandon_transaction() -> None:
    """Leave a failed transaction behind, so that the error's page can be made."""
    db.session.rollback()
