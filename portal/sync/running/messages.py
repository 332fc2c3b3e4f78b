"""The message that tells the admin who asked for a run how it ended (E2, E3)."""

from portal.models import Flash, RunStatus, db

CATEGORIES = {RunStatus.SUCCEEDED: "success", RunStatus.CANCELLED: "warning"}


def category_of(status: str) -> str:
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
            category=category_of(status),
            message=message,
        )
    )
