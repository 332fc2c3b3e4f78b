"""A mapping's own settings: what is sent, what is unpublished, and the words an admin gives (D9, D10, D12, E13)."""

from dataclasses import dataclass, fields

from portal.errors import Refused
from portal.models import Mapping, Run, db, now
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


def approve_unpublishing(run: Run, actor: str, user_id: int | None) -> Run:
    """Give the word that a stopped run asked for, and sync again (D12); as many records and no more.

    Raises Refused when the run asks for none.
    """
    mapping = run.mapping
    if mapping is None or mapping.removed_at is not None or not run.unpublishes:
        raise Refused("This run asks for no approval.")
    mapping.unpublish_approved = run.unpublishes
    text = f"Approved that {run.unpublishes} records of {mapping.event.name} are unpublished in ASP."
    record(mapping.organisation_id, actor, "unpublishing approved", text, event_id=mapping.event_id)
    db.session.commit()
    return start_sync(mapping, actor, user_id)
