"""The sessions that lack a Client Session ID, and the IDs that they would get by a pattern (H3)."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from portal.models import Event, Session, db
from portal.programme.numbering import Pattern, numbered, suggest
from portal.programme.statuses import accepted_among, told_categories


@dataclass(frozen=True, slots=True)
class Numbered:
    """A session that lacks an ID, with the one that it would get."""

    source_id: str
    title: str | None
    status: str
    starts_at: datetime | None
    client_id: str


def list_numbered(
    event: Event, pattern: Pattern, start: int, accepted_only: bool, among: Collection[str]
) -> list[Numbered]:
    """Those without an ID in the order of the programme, each with its ID; of those `among`, where any are named."""
    rows = db.session.execute(
        select(Session.source_id, Session.title, Session.status, Session.starts_at)
        .where(
            Session.event_id == event.id,
            or_(Session.client_session_id.is_(None), func.trim(Session.client_session_id) == ""),
        )
        .order_by(Session.starts_at.is_(None), Session.starts_at, Session.title, Session.id)
    ).all()
    named = frozenset(among)
    accepted = accepted_among({row.status for row in rows}, told_categories(event.id))
    wanted = [
        row
        for row in rows
        if (not named or row.source_id in named) and (not accepted_only or row.status in accepted)
    ]
    ids = numbered(pattern, start, len(wanted), _existing(event))
    return [Numbered(*row, client_id) for row, client_id in zip(wanted, ids, strict=True)]


def suggest_pattern(event: Event) -> tuple[Pattern, int]:
    """The pattern that the event's IDs follow, and the next number."""
    return suggest(_existing(event))


def mark_of_numbering(rows: list[Numbered]) -> str:
    """What was shown, for the answer to be given to that and nothing else."""
    told = "\n".join(f"{row.source_id} {row.client_id}" for row in rows)
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def _existing(event: Event) -> list[str]:
    query = select(Session.client_session_id).where(
        Session.event_id == event.id, Session.client_session_id.is_not(None)
    )
    return [each.strip() for each in db.session.scalars(query) if each and each.strip()]
