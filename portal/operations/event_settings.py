"""A mapping's own settings: what is sent, what is unpublished, and the words an admin gives (D9, D10, D12, E13)."""

from dataclasses import dataclass, fields

from portal.models import Mapping, db
from portal.operations.history import record
from portal.operations.timezones import confirm_timezone

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


def save_event_settings(mapping: Mapping, wanted: EventSettings, confirmed: str | None, actor: str) -> None:
    """Store the switches, and for which timezone an admin confirmed that ASP, which tells none, has it (D10)."""
    changed = []
    for each in fields(EventSettings):
        value = getattr(wanted, each.name)
        if getattr(mapping, each.name) != value:
            setattr(mapping, each.name, value)
            changed.append(f"{SENTENCES[each.name]}: {'on' if value else 'off'}")
    if timezone := confirm_timezone(mapping, confirmed):
        changed.append(timezone)
    if changed:
        text = f"Changed the settings of {mapping.event.name}: {'; '.join(changed)}."
        record(mapping.organisation_id, actor, "settings changed", text, event_id=mapping.event_id)
    db.session.commit()
