"""What two admins who edit one mapping at once have written: nobody's work is lost without a word (G3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.errors import Refused
from portal.models import HistoryEntry, Mapping, await_turn, db
from portal.programme.drafts import marks_of, merge_drafts

Rows = list[tuple[str, str]]  # of a mapper: a field's key, and the slug that it fills
NONE = ""  # in place of a field's key: no row fills the slug
SOMEBODY = "Somebody else"


@dataclass(frozen=True, slots=True)
class MergedRows:
    """A reader's rows of a mapper with what somebody else has changed meanwhile.

    `taken` are the slugs whose rows are somebody else's; `clashes` says of rows that both have changed, by their
    number from 0, what the other one did.
    """

    rows: Rows
    taken: list[str] = field(default_factory=list)
    clashes: dict[int, str] = field(default_factory=dict)


def hold_mapping(mapping: Mapping) -> None:
    """Make others who save this mapping wait, and see what they saved. Raises Refused when it is gone."""
    if not await_turn(Mapping, mapping.id):
        db.session.rollback()
        raise Refused("The mapping was removed meanwhile. Nothing was changed.")
    db.session.expire(mapping)


def who_changed(mapping: Mapping, kind: str) -> str:
    """Who made the newest entry of this kind in the History of the mapping's event."""
    newest = (
        select(HistoryEntry.actor)
        .where(HistoryEntry.event_id == mapping.event_id, HistoryEntry.kind == kind)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
    return db.session.scalar(newest) or SOMEBODY


def merge_rows(seen: Iterable[tuple[str, str]], mine: Rows, stored: Rows) -> MergedRows:
    """Bring together the rows of a form, which was opened with the rows `seen`, and those that are stored by now.

    A slug whose row only one side has changed is theirs who changed it; where both have changed it, the reader's
    stands in the result and is one of its clashes.
    """
    before, wanted, now = ({slug: key for key, slug in rows} for rows in (seen, mine, stored))
    slugs = list(dict.fromkeys([*wanted, *now]))
    merged = merge_drafts(
        marks_of({slug: before.get(slug, NONE) for slug in slugs}),
        {slug: wanted.get(slug, NONE) for slug in slugs},
        {slug: now.get(slug, NONE) for slug in slugs},
    )
    result = MergedRows([])
    for slug in slugs:
        yours, theirs = wanted.get(slug, NONE), now.get(slug, NONE)
        key = yours if slug in merged.changed else theirs
        if slug in merged.both:
            key = yours or theirs  # a row that was removed here and changed there comes back to be looked at
            result.clashes[len(result.rows)] = _clash(yours, theirs)
        elif slug in merged.taken:
            result.taken.append(slug)
        if key != NONE:
            result.rows.append((key, slug))
    return result


def _clash(yours: str, theirs: str) -> str:
    if theirs == NONE:
        return "Somebody else removed this row meanwhile. Save once more to keep it, or remove it too."
    if yours == NONE:
        return "Somebody else changed this row while you removed it. Save once more to keep it, or remove it again."
    return (
        "Somebody else chose another field for it meanwhile. Save once more to have the one that you chose."
    )
