"""Change an event's timezone (D18), and confirm that a silent ASP event has it (D10)."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.errors import Refused
from portal.models import Event, Link, LinkKind, Mapping, Session, db, now
from portal.operations.history import record
from portal.operations.queries.editable import why_not_edit
from portal.programme.content import ProgrammeContent, SessionContent
from portal.programme.statuses import accepted_among, told_categories
from portal.programme.values import timezones
from portal.text.numbers import count


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


def question_of_move(event: Event, timezone: str, content: ProgrammeContent | None = None) -> str | None:
    """What would move if the timezone changed, with the number, to be confirmed; None when nothing was synced.

    `content` comes in together with the timezone, and may bring other times. What has ended, lacks a time or is not
    accepted moves nowhere: no sync sends it (D5, D6, D7).
    """
    synced = _synced_sessions(event)
    if not synced:
        return None
    before, after = ZoneInfo(event.timezone), ZoneInfo(timezone)
    told = {each.source_id: each for each in content.sessions} if content else {}
    coming = [_with_told(times, told.get(source_id)) for source_id, times in synced.items()]
    accepted = accepted_among({each.status for each in coming}, told_categories(event.id))
    moment = now()
    moving = sum(
        times.status in accepted
        and times.lie_ahead(moment)
        and times.by_the_clock(after) != former.by_the_clock(before)
        for times, former in zip(coming, synced.values(), strict=True)
    )
    stay = all(
        (times.starts_at, times.ends_at) == (former.starts_at, former.ends_at)
        for times, former in zip(coming, synced.values(), strict=True)
    )
    how = (
        "The sessions stay at the same moments, their times by the clock change:"
        if stay
        else "The times of sessions come in changed as well. By the clock,"
    )
    sessions = count(len(synced), "synced session")
    return (
        f"The timezone of {event.name} would change from {event.timezone} to {timezone}. {how} {moving:,} of "
        f"{sessions} would show other times after the next sync. If that is meant, confirm it."
    )


class _Times(NamedTuple):
    """What of a session decides whether it moves."""

    status: str
    starts_at: datetime | None
    ends_at: datetime | None

    def lie_ahead(self, moment: datetime) -> bool:
        return self.starts_at is not None and self.ends_at is not None and self.ends_at > moment

    def by_the_clock(self, zone: ZoneInfo) -> list[datetime | None]:
        return [
            each and each.astimezone(zone).replace(tzinfo=None) for each in (self.starts_at, self.ends_at)
        ]


def _with_told(stored: _Times, told: SessionContent | None) -> _Times:
    """A session's times after the import (H2): what is absent stays."""
    if told is None:
        return stored
    names = [name for name in _Times._fields if name not in told.absent]
    return stored._replace(**{name: getattr(told, name) for name in names})


def _synced_sessions(event: Event) -> dict[str, _Times]:
    """The event's sessions that have a link, by their UUID.

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
    query = select(Session.source_id, Session.status, Session.starts_at, Session.ends_at).where(
        Session.event_id == event.id, Session.source_id.in_(links)
    )
    return {
        row.source_id: _Times(row.status, row.starts_at, row.ends_at) for row in db.session.execute(query)
    }


def confirm_timezone(mapping: Mapping, timezone: str | None) -> str:
    """Keep for which timezone an admin has looked the ASP event up (D10); None takes that back.

    Returns what has changed in words, "" when nothing has; the caller commits. Raises Refused when the event has
    another timezone by now than the one that was looked up.
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
