"""What becomes of records that are gone in their source: they count as no longer accepted (H1, D9, D12)."""

from collections.abc import Collection, Iterator

from sqlalchemy import delete, select, update

from portal.models import Contact, Participant, Session, db, now
from portal.programme.merging import PORTION
from portal.programme.statuses import GONE


def remove_sessions(event_id: int, source_ids: Collection[str]) -> int:
    """Mark these sessions as deleted, in the caller's transaction; returns how many were not yet."""
    removed = 0
    for portion in _portions(source_ids):
        marked = db.session.execute(
            update(Session)
            .where(Session.event_id == event_id, Session.source_id.in_(portion), Session.status != GONE)
            .values(status=GONE)
            .returning(Session.id)
            .execution_options(synchronize_session=False)
        )
        removed += len(marked.all())
    return removed


def remove_contacts(event_id: int, source_ids: Collection[str]) -> int:
    """Take these people off all sessions and mark them as gone, as above."""
    removed = 0
    for portion in _portions(source_ids):
        theirs = select(Contact.id).where(Contact.event_id == event_id, Contact.source_id.in_(portion))
        db.session.execute(
            delete(Participant)
            .where(Participant.contact_id.in_(theirs))
            .execution_options(synchronize_session=False)
        )
        marked = db.session.execute(
            update(Contact)
            .where(Contact.id.in_(theirs), Contact.removed_at.is_(None))
            .values(removed_at=now())
            .returning(Contact.id)
            .execution_options(synchronize_session=False)
        )
        removed += len(marked.all())
    return removed


def _portions(source_ids: Collection[str]) -> Iterator[list[str]]:
    found = sorted(source_ids)
    for start in range(0, len(found), PORTION):
        yield found[start : start + PORTION]
