"""Change an event's timezone (D18), and confirm that a silent ASP event has it (D10)."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.errors import Refused
from portal.models import Event, Link, LinkKind, Mapping, Session, db
from portal.operations.history import record
from portal.operations.queries.drafts import why_not_edit
from portal.programme.values import timezones
from portal.text.counting import count


def change_timezone(event: Event, timezone: str, confirmed: bool, actor: str) -> None:
    """Moments stay, times by the clock change. Raises Refused until it is confirmed where something was synced."""
    timezone = timezone.strip()
    if timezone not in timezones():
        raise Refused(f"“{timezone}” is no timezone. Choose one from the list.", "timezone")
    if timezone == event.timezone:
        return
    if reason := why_not_edit(event):  # H1
        raise Refused(reason, "timezone")
    if not confirmed and (question := question_of_move(event, timezone)):
        raise Refused(question, "confirm_timezone")
    text = f"Changed the timezone of {event.name} from {event.timezone} to {timezone}."
    event.timezone = timezone
    record(event.organisation_id, actor, "timezone changed", text, event_id=event.id)
    db.session.commit()


def question_of_move(event: Event, timezone: str) -> str | None:
    """What would move if the timezone changed, with the number, to be confirmed; None when nothing was synced."""
    synced = synced_times(event)
    if not synced:
        return None
    before, after = ZoneInfo(event.timezone), ZoneInfo(timezone)
    moving = sum(_moves(times, before, after) for times in synced)
    sessions = count(len(synced), "synced session")
    return (
        f"The timezone of {event.name} would change from {event.timezone} to {timezone}. The sessions stay at the "
        f"same moments, their times by the clock change: {moving:,} of {sessions} would show other times after the "
        "next sync. If that is meant, confirm it."
    )


def synced_times(event: Event) -> list[tuple[datetime | None, datetime | None]]:
    """Start and end of each of the event's sessions that has a link.

    Another event of the organisation may have the same UUIDs (I1); its links are those of its own site.
    """
    own_site = db.session.scalar(select(Mapping.site_uuid).where(Mapping.event_id == event.id))
    foreign_sites = select(Mapping.site_uuid).where(
        Mapping.organisation_id == event.organisation_id, Mapping.event_id != event.id
    )
    links = select(Link.key).where(
        Link.organisation_id == event.organisation_id,
        Link.kind == LinkKind.SESSION,
        Link.site_uuid == own_site if own_site else Link.site_uuid.not_in(foreign_sites),
    )
    query = select(Session.starts_at, Session.ends_at).where(
        Session.event_id == event.id, Session.source_id.in_(links)
    )
    return [(starts_at, ends_at) for starts_at, ends_at in db.session.execute(query)]


def _moves(times: Iterable[datetime | None], before: ZoneInfo, after: ZoneInfo) -> bool:
    return any(
        each is not None and each.astimezone(before).utcoffset() != each.astimezone(after).utcoffset()
        for each in times
    )


def confirm_timezone(mapping: Mapping, timezone: str | None) -> str:
    """Keep for which timezone an admin has looked the ASP event up (D10); None takes the word back.

    Returns what has changed in words, "" when nothing has; the caller commits. Raises Refused when the event has
    another timezone by now than the one that the word was given for.
    """
    if timezone is not None and timezone != mapping.event.timezone:
        raise Refused(
            f"The event’s timezone is {mapping.event.timezone} by now. Look again whether that is the ASP event’s.",
            "confirm_timezone",
        )
    if timezone == mapping.timezone_confirmed_for:
        return ""
    former, mapping.timezone_confirmed_for = mapping.timezone_confirmed_for, timezone
    return f"timezone {timezone} confirmed" if timezone else f"timezone {former} no longer confirmed"


def asks_for_timezone(mapping: Mapping) -> bool:
    """Whether a sync waits until somebody has looked the ASP event's timezone up (D10), as far as is remembered."""
    told = mapping.offer.get("site_timezone")
    return not told and mapping.timezone_confirmed_for != mapping.event.timezone
