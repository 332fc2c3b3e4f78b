"""What a source sends by itself outranks its lists for a while, as those may be answered from a cache (H1)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from portal.models import Contact, Session, db
from portal.programme.content import ContactContent, ProgrammeContent, SessionContent
from portal.programme.statuses import GONE


@dataclass(frozen=True, slots=True)
class Heard:
    """A record that was sent lately: when it changed, and whether it was deleted."""

    updated_at: datetime | None
    is_gone: bool


def heard_since(event_id: int, moment: datetime) -> dict[str, Heard]:
    """The event's sessions and contacts that were sent after the moment, by their UUIDs."""
    sessions = db.session.execute(
        select(Session.source_id, Session.updated_at, Session.status).where(
            Session.event_id == event_id, Session.heard_at > moment
        )
    )
    contacts = db.session.execute(
        select(Contact.source_id, Contact.updated_at, Contact.removed_at).where(
            Contact.event_id == event_id, Contact.heard_at > moment
        )
    )
    heard = {id: Heard(updated_at, status == GONE) for id, updated_at, status in sessions}
    return heard | {id: Heard(updated_at, removed is not None) for id, updated_at, removed in contacts}


def without_older(content: ProgrammeContent, heard: dict[str, Heard]) -> ProgrammeContent:
    """The content without what is older than what was heard; nothing that was heard of counts as gone."""
    if not heard:
        return content

    def is_new(record: SessionContent | ContactContent) -> bool:
        known = heard.get(record.source_id)
        return known is None or not is_older(record.updated_at, known.updated_at, known.is_gone)

    return replace(
        content,
        sessions=tuple(filter(is_new, content.sessions)),
        contacts=tuple(filter(is_new, content.contacts)),
        kept=frozenset(heard),
    )


def is_older(updated_at: datetime | None, known: datetime | None, is_gone: bool) -> bool:
    """Whether something later is known than a record with that time of change: a newer change, or that it is gone."""
    return is_gone or (updated_at is not None and known is not None and updated_at < known)
