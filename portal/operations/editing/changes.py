"""Keep for a while what was there before a change by hand, so that it can be undone (H3)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.models import Contact, Event, KeptChange, db, now
from portal.programme.drafts import Draft

MERGE = "merge"
OF_ITS_PLACE = {"id", "event_id", "stamp", "changed_at"}  # what a row has of the table it stands in
MOMENTS = ("updated_at", "heard_at", "removed_at")
UNDO_FOR = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)


def keep_change(event: Event, kind: str, fields: dict[str, Any], text: str, actor: str) -> KeptChange:
    """Note a change in the caller's transaction: a record's UUID → field → [before, after].

    What is older than a day goes.
    """
    db.session.execute(
        delete(KeptChange).where(KeptChange.event_id == event.id, KeptChange.made_at < now() - KEPT_FOR)
    )
    change = KeptChange(event_id=event.id, kind=kind, actor=actor, text=text, fields=fields)
    db.session.add(change)
    return change


def both_sides(before: Draft, after: Draft) -> dict[str, list[Any]]:
    """The fields in which two drafts of a record differ: before and after."""
    return {name: [value, after[name]] for name, value in before.items() if after.get(name, value) != value}


def row_of(contact: Contact) -> dict[str, Any]:
    """The whole entry of a person who is about to go, as it can be kept."""
    names = {column.key for column in Contact.__table__.columns} - OF_ITS_PLACE
    values = {name: getattr(contact, name) for name in names}
    return values | {name: values[name] and values[name].isoformat() for name in MOMENTS}


def contact_of(event: Event, row: dict[str, Any]) -> Contact:
    """The entry that was kept, to be stored again."""
    moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in MOMENTS}
    return Contact(event_id=event.id, **(row | moments))


def why_not_undo(change: KeptChange) -> str | None:
    """Why the change cannot be undone any more, or None."""
    if change.undone_at is not None:
        return "This was undone already."
    if change.made_at + UNDO_FOR < now():
        return "This was more than an hour ago and cannot be undone in one go any more. Edit the records instead."
    return None


def last_change(event: Event, kinds: Collection[str], actor: str) -> KeptChange | None:
    """The newest change of these kinds by this admin that can still be undone."""
    ours = (KeptChange.event_id == event.id, KeptChange.kind.in_(kinds), KeptChange.actor == actor)
    newest = db.session.scalar(
        select(KeptChange)
        .where(*ours, KeptChange.undone_at.is_(None))
        .order_by(KeptChange.id.desc())
        .limit(1)
    )
    return newest if newest is not None and why_not_undo(newest) is None else None
