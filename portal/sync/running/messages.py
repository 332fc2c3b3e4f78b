"""The message that tells the admin who asked for a run how it ended (E2, E3)."""

import logging

from sqlalchemy.exc import OperationalError

from portal.models import Flash, RunStatus, db
from portal.sync.pushing.ledger import what_failed

log = logging.getLogger(__name__)

DATABASE_AWAY = (
    "The portal could not use its own database. What was written stays in ASP and the next sync finds it. If this "
    "comes again, see that the database runs and that its disk has room."
)
CATEGORIES = {RunStatus.SUCCEEDED: "success", RunStatus.CANCELLED: "warning"}


def database_away(run_id: int, problem: OperationalError) -> str:
    """What an admin is told when the database ended a run, by a restart or a full disk; its own words are logged."""
    log.error("Run %s ended because the database could not be used: %s", run_id, what_failed(problem))
    return DATABASE_AWAY


def flash_category(status: str) -> str:
    """How good the news is: success, warning or error."""
    return {str(each): category for each, category in CATEGORIES.items()}.get(status, "error")


def leave_message(
    user_id: int | None, organisation_id: int, run_id: int, status: RunStatus, message: str
) -> None:
    """Add it to the caller's transaction, the one that closes the run; continuous sync has nobody to tell."""
    if user_id is None:
        return
    db.session.add(
        Flash(
            user_id=user_id,
            organisation_id=organisation_id,
            run_id=run_id,
            category=flash_category(status),
            message=message,
        )
    )
