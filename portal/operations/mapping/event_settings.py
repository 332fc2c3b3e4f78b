"""A mapping's own settings: what is sent, unpublished or recreated, and when it rests (A6, D9, E8, E13)."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.errors import Refused
from portal.models import Mapping, db, now
from portal.operations.editing.timezones import confirm_timezone
from portal.operations.history import record
from portal.operations.syncing.website import checked_agenda_address, look_from_now_on
from portal.programme.drafts import Draft
from portal.text.clock import day_words

SENTENCES = {
    "unpublish_sessions": "Unpublish sessions that are no longer accepted",
    "unpublish_speakers": "Unpublish speakers that are no longer accepted",
    "send_moderators": "Send moderators",
    "send_chairpersons": "Send chairpersons",
    "send_content": "Send content files",
    "recreate_deleted": "Recreate records that were deleted in ASP",
    "people_first": "Sync people before their sessions are ready",
    "prepare_only": "Continuous sync only prepares",
    "paused": "Pause continuous sync of this event",
}
SETTINGS_CHANGED = "settings changed"  # in History
NOT_ASKED = ""  # about the timezone: what is stored stays


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSettings:
    """The window's third step; `paused_until` is the last day of a pause, None where it has none."""

    unpublish_sessions: bool
    unpublish_speakers: bool
    send_moderators: bool
    send_chairpersons: bool
    send_content: bool
    recreate_deleted: bool
    people_first: bool
    prepare_only: bool
    paused: bool
    paused_until: date | None = None
    agenda_address: str | None = None  # where everybody can see the agenda on the website


def current_event_settings(mapping: Mapping) -> EventSettings:
    """As they count now: a pause whose last day has passed is none any more."""
    values = {each.name: getattr(mapping, each.name) for each in fields(EventSettings)}
    if not is_paused(mapping, now()):
        values |= {"paused": False, "paused_until": None}
    return EventSettings(**values)


def settings_draft(settings: EventSettings) -> Draft:
    """The settings as plain values, as their form carries marks of them."""
    until, address = settings.paused_until, settings.agenda_address
    return asdict(settings) | {
        "paused_until": until.isoformat() if until else "",
        "agenda_address": address or "",
    }


def settings_of(draft: Draft) -> EventSettings:
    """The settings that a draft holds; what else it holds is left aside."""
    until = draft["paused_until"]
    values = {each.name: draft[each.name] for each in fields(EventSettings)}
    return EventSettings(**values | {"paused_until": date.fromisoformat(until) if until else None})


def is_paused(mapping: Mapping, moment: datetime) -> bool:  # A6
    """Whether continuous sync rests by hand at that moment; the last day counts, in the event's timezone."""
    if not mapping.paused:
        return False
    return mapping.paused_until is None or _day(mapping, moment) <= mapping.paused_until


def save_event_settings(
    mapping: Mapping, wanted: EventSettings, actor: str, confirmed: str | None = NOT_ASKED
) -> bool:
    """Store the settings, and for which timezone an admin confirmed that ASP, which tells none, has it (D10).

    Returns whether anything has changed.

    Raises Refused for a pause that would be over already, an unusable address of the agenda, and a timezone
    confirmed that the event no longer has; nothing is stored then.
    """
    until = wanted.paused_until
    if wanted.paused and until is not None and until < _day(mapping, now()):
        raise Refused(f"{day_words(until)} has passed already. Enter today or a later day.", "paused_until")
    address = checked_agenda_address(wanted.agenda_address or "")
    timezone = "" if confirmed == NOT_ASKED else confirm_timezone(mapping, confirmed)
    moved = _set_address(mapping, address)
    changed = [*([timezone] if timezone else []), *_apply(mapping, wanted), *([moved] if moved else [])]
    if changed:
        text = f"Changed the settings of {mapping.event.name}: {'; '.join(changed)}."
        record(mapping.organisation_id, actor, SETTINGS_CHANGED, text, event_id=mapping.event_id)
    db.session.commit()
    return bool(changed)


def resume(mapping: Mapping, actor: str) -> None:
    """End a pause that was made by hand (A6)."""
    if mapping.paused:
        mapping.paused, mapping.paused_until = False, None
        text = f"Resumed continuous sync of {mapping.event.name}."
        record(mapping.organisation_id, actor, SETTINGS_CHANGED, text, event_id=mapping.event_id)
        db.session.commit()


def _apply(mapping: Mapping, wanted: EventSettings) -> list[str]:
    """Set what differs; returns it in words."""
    before = current_event_settings(mapping)
    changed = [
        f"{sentence}: {'on' if getattr(wanted, name) else 'off'}"
        for name, sentence in SENTENCES.items()
        if getattr(wanted, name) != getattr(before, name)
    ]
    for name in SENTENCES:
        setattr(mapping, name, getattr(wanted, name))
    mapping.paused_until = wanted.paused_until if wanted.paused else None
    if mapping.paused_until != before.paused_until and mapping.paused:
        until = day_words(mapping.paused_until) if mapping.paused_until else "somebody resumes it"
        changed.append(f"paused until {until}")
    if not mapping.prepare_only:
        mapping.changes_waiting = None
    return changed


def _set_address(mapping: Mapping, address: str | None) -> str | None:
    """Set where the website shows the agenda, and have it looked at; returns the change in words."""
    if address == mapping.agenda_address:
        return None
    mapping.agenda_address = address
    if address is None:
        return "nobody looks at the website"
    look_from_now_on(mapping)
    return f"the agenda is looked for at {address}"


def _day(mapping: Mapping, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(mapping.event.timezone)).date()
