"""The words for how a run ended, and the message with them for the admin who asked for it (E2, E3)."""

import logging

from sqlalchemy.exc import OperationalError

from portal.models import Flash, RunStatus, db
from portal.sync.pushing.ledger import what_failed
from portal.text.numbers import count

log = logging.getLogger(__name__)

DATABASE_AWAY = (
    "The portal could not use its own database. What was written stays in ASP and the next sync finds it. If this "
    "comes again, see that the database runs and that its disk has room."
)
CATEGORIES = {RunStatus.SUCCEEDED: "success", RunStatus.CANCELLED: "warning"}


def conclude(
    counts: dict[str, dict[str, int]], withheld: int = 0, support_contact: str = "", frozen: int = 0
) -> tuple[RunStatus, str]:
    """How a run that went through ended, and the words for it (E2, E10).

    `withheld` records wait for an approval (D12). Of the skipped sessions, `frozen` can never be sent again (F3):
    the numbers of what was tried do not show them.
    """
    sessions, speakers = counts["sessions"], counts["speakers"]
    besides = _told_of_frozen(frozen) + _told_of_withheld(withheld)
    if sessions["failed"] or speakers["failed"]:
        whom = f" If that does not help, ask {support_contact}." if support_contact else ""
        return RunStatus.PARTIAL, (
            f"Sync finished with problems: {sessions['synced']:,} of "
            f"{count(sessions['attempted'], 'session')} and {speakers['synced']:,} of "
            f"{count(speakers['attempted'], 'speaker')} were synced. "
            f"Check that your sessions have all the required fields.{whom}{besides}"
        )
    synced = f"{count(sessions['synced'], 'session')}, {count(speakers['synced'], 'speaker')}"
    nothing = not sessions["synced"] and not speakers["synced"]
    if withheld:
        what = "nothing was changed" if nothing else f"your data has been synced to ASP Events ({synced})"
        return RunStatus.PARTIAL, f"Sync finished: {what}.{besides}"
    if nothing:
        skipped = sessions["skipped"]
        why = f"{count(skipped, 'session')} skipped; the run says why" if skipped else "there are no sessions"
        return RunStatus.SUCCEEDED, f"Sync finished: nothing could be synced ({why})."
    return RunStatus.SUCCEEDED, (
        f"Sync complete: your data has been synced to ASP Events ({synced}). "
        f"The website can take up to 15 minutes to show changes.{besides}"
    )


def _told_of_frozen(number: int) -> str:
    if not number:
        return ""
    were = "was left out: it was" if number == 1 else "were left out: they were"
    return (
        f" {count(number, 'more session')} {were} synced before ASP Events was disconnected, and cannot be synced to "
        f"this ASP event again."
    )


def _told_of_withheld(number: int) -> str:
    if not number:
        return ""
    return (
        f" {count(number, 'record stays', 'records stay')} published although "
        f"{'it is' if number == 1 else 'they are'} no longer accepted: to unpublish so much at once needs an "
        f"admin’s approval in the preview."
    )


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
