"""A mapping's own settings: what is sent, what is unpublished, and the words an admin gives (D9, D10, D12, E13)."""

from dataclasses import dataclass, fields

from sqlalchemy import func, select

from portal.errors import PortalError, Refused
from portal.models import Mapping, Run, RunStatus, db, now
from portal.operations.history import record
from portal.operations.queueing import start_sync

SENTENCES = {
    "unpublish_sessions": "Unpublish sessions that are no longer accepted",
    "unpublish_speakers": "Unpublish speakers that are no longer accepted",
    "send_moderators": "Send moderators",
    "send_chairpersons": "Send chairpersons",
    "send_content": "Send content files",
    "recreate_deleted": "Make again what was deleted in ASP",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSettings:
    """The switches of the window's third step."""

    unpublish_sessions: bool
    unpublish_speakers: bool
    send_moderators: bool
    send_chairpersons: bool
    send_content: bool
    recreate_deleted: bool


def save_event_settings(mapping: Mapping, wanted: EventSettings, confirm_timezone: bool, actor: str) -> None:
    """Store the switches, and the word on the timezone where ASP tells none (D10)."""
    changed = []
    for each in fields(EventSettings):
        value = getattr(wanted, each.name)
        if getattr(mapping, each.name) != value:
            setattr(mapping, each.name, value)
            changed.append(f"{SENTENCES[each.name]}: {'on' if value else 'off'}")
    if confirm_timezone != (mapping.timezone_confirmed_at is not None):
        mapping.timezone_confirmed_at = now() if confirm_timezone else None
        changed.append(f"timezone {'confirmed' if confirm_timezone else 'no longer confirmed'}")
    if changed:
        text = f"Changed the settings of {mapping.event.name}: {'; '.join(changed)}."
        record(mapping.organisation_id, actor, "settings changed", text, event_id=mapping.event_id)
    db.session.commit()


def asks_for_approval(run: Run) -> bool:
    """Whether the run stopped to ask (D12), and no later run of its event has answered since."""
    if run.status != RunStatus.FAILED or not run.unpublishes:
        return False
    if run.mapping is None or run.mapping.removed_at is not None:
        return False
    return run.id == db.session.scalar(select(func.max(Run.id)).where(Run.event_id == run.event_id))


def approve_unpublishing(run: Run, actor: str, user_id: int | None) -> Run:
    """Give the word that a stopped run asked for, and sync again (D12); as many records and no more.

    Raises Refused when the run asks for none, PortalError when no sync can be started: the word is taken back then.
    """
    mapping = run.mapping
    if mapping is None or not asks_for_approval(run):
        raise Refused("This run asks for no approval any more.")
    mapping.unpublish_approved = run.unpublishes
    records = f"{run.unpublishes:,} record{'' if run.unpublishes == 1 else 's'}"
    text = f"Approved unpublishing {records} of {mapping.event.name} in ASP."
    record(mapping.organisation_id, actor, "unpublishing approved", text, event_id=mapping.event_id)
    db.session.commit()
    try:
        return start_sync(mapping, actor, user_id)
    except PortalError:
        mapping.unpublish_approved = 0  # or it would count for a later run that nobody was asked about
        db.session.commit()
        raise
