"""What every change of a programme by hand has in common: one at a time, all or nothing, nobody's work lost (H3)."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select

from portal.errors import NotFound, Refused
from portal.models import Choice, Contact, Event, KeptChange, Organisation, Session, await_turn, db, now
from portal.operations.queries.editable import why_not_edit
from portal.programme.bounds import MOST_RECORDS
from portal.programme.custom import ShownField
from portal.programme.drafts import Draft, MergedDraft, merge_drafts
from portal.programme.edited import CLOCK, remember_told
from portal.programme.merging import PORTION
from portal.programme.values import parse_moment, parse_uuid
from portal.text.matching import fold

Record = TypeVar("Record", Session, Contact)


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a form did: the fields written, those that somebody else had changed, what to look at (labels).

    `change` is how it is undone, where there was a record before.
    """

    changed: list[str]
    taken: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    change: KeptChange | None = None


class EditedMeanwhile(Refused):
    """Somebody else has changed the same fields since the form was opened; nothing was saved (G3)."""

    def __init__(self, stored: Draft, merged: MergedDraft, by: str | None) -> None:
        super().__init__(f"{by or 'An import'} changed this while you were editing it.")
        self.stored = stored
        self.merged = merged
        self.by = by


def merge_with_stored(
    record: Session | Contact, stored: Draft, seen: Mapping[str, str], draft: Draft, theirs: Iterable[str]
) -> MergedDraft:
    """What a form has changed of a record, and what somebody else has; `seen` are the marks that the form carries.

    Raises EditedMeanwhile when both have given the same fields other values, but for those in `theirs`.
    """
    merged = merge_drafts(seen, draft, stored, theirs)
    if merged.both:
        raise EditedMeanwhile(stored, merged, record.edited_by)
    return merged


def tell_saved(
    labels: Mapping[str, str],
    merged: MergedDraft,
    custom: Mapping[str, ShownField],
    warnings: list[str],
    change: KeptChange | None,
) -> Saved:
    """What saving did, with its fields by the labels that the form has for them."""
    written, taken = (name_fields(labels, names, custom) for names in (merged.changed, merged.taken))
    return Saved(written, taken, warnings, change)


def name_fields(
    labels: Mapping[str, str], names: Container[str], custom: Mapping[str, ShownField]
) -> list[str]:
    """What these fields are called, in the order of the labels, the event's own fields last."""
    everything = {**labels, **{key: each.name for key, each in custom.items()}}
    return [label for name, label in everything.items() if name in names]


@contextmanager
def editing(event: Event) -> Iterator[None]:
    """A change of the event's programme: after any import or save in hand, committed at the end or not at all.

    Raises Refused where the event is not edited here.
    """
    if reason := why_not_edit(event):
        raise Refused(reason)
    try:
        await_turn(Organisation, event.organisation_id)
        yield
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise


def look_again(stored: Session | Contact | Choice | KeptChange) -> None:
    """Read a record anew once it is our turn. Raises NotFound where somebody has removed it meanwhile."""
    if db.session.get(type(stored), stored.id, populate_existing=True) is None:
        raise NotFound("Somebody has removed it meanwhile. Nothing was changed.")


def refuse_beyond_limit(event: Event, table: type[Session] | type[Contact], words: str) -> None:  # G5
    """Raises Refused when the event has as many sessions or people as it may."""
    number = db.session.scalar(select(func.count()).select_from(table).where(table.event_id == event.id)) or 0
    if number >= MOST_RECORDS:
        raise Refused(f"{event.name} has {number:,} {words} already, and may have no more.")


def made_before(event: Event, table: type[Record], new_id: str | None) -> Record | None:
    """The record that this form has made already, if it is sent once more; known by the UUID that it carries (H3)."""
    return db.session.scalar(
        select(table).where(table.event_id == event.id, table.source_id == parse_uuid(new_id))
    )


def refuse_another(
    name: str, typed: Mapping[str, Any], stored: Mapping[str, Any], fields: Iterable[str]
) -> None:
    """Refuse a form that has made `name` already and comes with other values now, as after a browser's Back (G3).

    Raises Refused: otherwise what was typed would be lost without a word.
    """
    if any(fold(str(typed[field])) != fold(str(stored[field])) for field in fields):
        raise Refused(f"This form has made “{name}” already. Save once more to make another one beside it.")


def stamp(record: Session | Contact, actor: str) -> None:
    """Note who has edited the record, and when; with nothing edited any more the time is its file's again (D13)."""
    moment: datetime | None = now()
    if record.edited.keys() == {CLOCK}:
        moment = parse_moment(record.edited[CLOCK]) if record.edited[CLOCK] else None
        record.edited = {}
    elif record.edited:
        remember_told(record, CLOCK, record.updated_at, moment)
    record.edited_by, record.updated_at = actor, moment


def load_records(event: Event, table: type[Record], source_ids: Iterable[str]) -> list[Record]:
    """Those of the event's sessions, or people, with these UUIDs."""
    wanted = sorted(set(source_ids))
    return [
        row
        for start in range(0, len(wanted), PORTION)
        for row in db.session.scalars(
            select(table).where(
                table.event_id == event.id, table.source_id.in_(wanted[start : start + PORTION])
            )
        )
    ]
