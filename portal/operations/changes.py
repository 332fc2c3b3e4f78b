"""Keep for a while what was there before a change by hand, so that it can be undone (H3)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.models import Event, KeptChange, db, now
from portal.programme.drafts import Draft

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


def why_not_undo(change: KeptChange) -> str | None:
    """Why the change cannot be undone any more, or None."""
    if change.undone_at is not None:
        return "This was undone already."
    if change.made_at + UNDO_FOR < now():
        return "This was more than an hour ago and cannot be undone in one go any more. Edit the records instead."
    return None


def last_change(event: Event, kind: str, actor: str) -> KeptChange | None:
    """The newest change of sessions, or of people, by this admin that can still be undone."""
    ours = (KeptChange.event_id == event.id, KeptChange.kind == kind, KeptChange.actor == actor)
    newest = db.session.scalar(
        select(KeptChange)
        .where(*ours, KeptChange.undone_at.is_(None))
        .order_by(KeptChange.id.desc())
        .limit(1)
    )
    return newest if newest is not None and why_not_undo(newest) is None else None
