"""Imports a programme file into an organisation (H2)."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.application import settings
from portal.errors import Refused
from portal.models import Event, HistoryEntry, Link, LinkKind, Mapping, Organisation, Session, db
from portal.programme.content import ProgrammeContent
from portal.programme.reading import read_json
from portal.programme.storing import StoredProgramme, find_event, store_programme


def import_programme(
    organisation: Organisation, path: Path, actor: str, confirm_timezone: bool = False
) -> StoredProgramme:
    """Read, check and store the file; all or nothing.

    Raises InvalidFile for a file that is no programme, and Refused when the event's timezone would change
    under synced sessions and nobody has confirmed it (D18).
    """
    organisation_id = organisation.id
    content = read_json(path, settings().import_max_bytes)
    try:
        event = find_event(organisation_id, content.event_source_id)
        former_timezone = event.timezone if event else content.timezone
        if event and former_timezone != content.timezone and not confirm_timezone:
            _refuse_move_of_synced(event, content)
        stored = store_programme(organisation_id, content)
        text = _describe(stored)
        if former_timezone != content.timezone:
            text += f" Its timezone changed from {former_timezone} to {content.timezone}."
        entry = HistoryEntry(
            organisation_id=organisation_id, event_id=stored.event.id, actor=actor, kind="imported", text=text
        )
        db.session.add(entry)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    return stored


def _refuse_move_of_synced(event: Event, content: ProgrammeContent) -> None:
    # D18
    synced = _synced_times(event)
    if not synced:
        return
    before, after = ZoneInfo(event.timezone), ZoneInfo(content.timezone)
    moving = sum(_moves(times, before, after) for times in synced)
    raise Refused(
        f"The timezone of {event.name} would change from {event.timezone} to {content.timezone}. Instants stay,"
        f" wall-clock times move: {moving} of {_count(len(synced), 'synced session', 'synced sessions')} would"
        " show other times after the next sync. If that is meant, repeat the import with the confirmation"
        " (on the command line: --confirm-timezone).",
        field="confirm_timezone",
    )


def _synced_times(event: Event) -> list[tuple[datetime | None, datetime | None]]:
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


def _moves(times: tuple[datetime | None, datetime | None], before: ZoneInfo, after: ZoneInfo) -> bool:
    return any(
        each is not None and each.astimezone(before).utcoffset() != each.astimezone(after).utcoffset()
        for each in times
    )


def _describe(stored: StoredProgramme) -> str:
    sessions, contacts = stored.sessions, stored.contacts
    return (
        f"Imported {stored.event.name}: {_count(sessions.received, 'session', 'sessions')}"
        f" and {_count(contacts.received, 'person', 'people')}"
        f" ({sessions.created} and {contacts.created} new)."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
