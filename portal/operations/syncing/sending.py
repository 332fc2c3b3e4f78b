"""From the page of a preview: let a worker look, and send what was shown (E8)."""

from portal.config import current_settings
from portal.errors import PortalError, Refused
from portal.models import Mapping, Run, StoredPreview, db, now
from portal.operations.history import record
from portal.operations.syncing.previewing import is_being_made, is_outdated, latest_preview
from portal.operations.syncing.queueing import start_sync
from portal.sync.running.queue import enqueue_preview
from portal.text.numbers import count

NEW_PLAN = "The programme has changed since the preview was made, so nothing was sent. Look at the new one."


class Outdated(Refused):
    """What was shown is not what would be sent now."""


def ask_preview(mapping: Mapping, actor: str) -> StoredPreview:
    """Let a worker look; one look at a time. Raises PortalError when the queue is out of reach."""
    latest = latest_preview(mapping)
    if latest is not None and is_being_made(latest):
        return latest
    asked = StoredPreview(mapping_id=mapping.id, actor=actor, asked_at=now())
    db.session.add(asked)
    db.session.commit()
    try:
        enqueue_preview(asked.id, current_settings())
    except PortalError:
        db.session.delete(asked)
        db.session.commit()
        raise
    return asked


def sync_what_was_shown(shown: StoredPreview, approved: int, actor: str, user_id: int | None) -> Run:
    """Start the sync that a preview showed; `approved` is how many records it may unpublish, as the page said (D12).

    Raises Outdated when something has changed since, Refused for another number and while a sync runs, PortalError
    when no sync can be started.
    """
    if shown.made_at is None or shown.stop is not None or is_outdated(shown):
        raise Outdated(NEW_PLAN)
    if approved not in (0, shown.withheld):
        raise Refused(
            f"The preview asks about {count(shown.withheld, 'record')}, not {approved:,}. Look at it again."
        )
    mapping = shown.mapping
    organisation_id, event_id, name = mapping.organisation_id, mapping.event_id, mapping.event.name
    # What was shown is sent: the look has pulled already (H1).
    run = start_sync(mapping, actor, user_id, unpublish_approved=approved, pull_first=False)
    if approved:
        text = f"Approved unpublishing {count(approved, 'record')} of {name} in ASP."
        record(organisation_id, actor, "unpublishing approved", text, event_id=event_id, run_id=run.id)
        db.session.commit()
    return run
