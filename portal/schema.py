"""Makes and upgrades the database with the migrations that are part of the package."""

from pathlib import Path

import flask_migrate
from flask_migrate import Migrate

from portal.config import current_application
from portal.models import db
from portal.models.revision import refuse_newer, stored_revision

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade_database(revision: str = "head") -> None:
    """Bring the application's database to a revision, the newest by default; making it where there is none.

    Raises PortalError when it is of a newer version of the portal.
    """
    refuse_newer(stored_revision())
    Migrate().init_app(current_application(), db, directory=str(MIGRATIONS), render_as_batch=True)
    flask_migrate.upgrade(revision=revision)
