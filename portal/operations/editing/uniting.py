"""Make one person of two entries, and say before what becomes of their records in ASP (H3, D9, D13)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.errors import Refused
from portal.models import Category, Contact, Event, KeptChange, LinkKind, db
from portal.operations.editing.changes import MERGE, both_sides, keep_change, row_of
from portal.operations.editing.custom_fields import custom_fields_of
from portal.operations.editing.people import check_person, write_person
from portal.operations.editing.removing import is_linked, sessions_of
from portal.operations.editing.saving import editing, look_again, stamp
from portal.operations.editing.session_fields import write_fields
from portal.operations.history import record
from portal.operations.queries.drafts import draft_of_person, draft_of_session
from portal.operations.syncing.runs import active_run
from portal.programme.drafts import Draft, mark
from portal.programme.edited import CUSTOM, remember_told
from portal.programme.statuses import category_of, told_categories
from portal.sync.running.terms import mapping_of
from portal.text.numbers import count

RUN_IN_HAND = "A sync of this event is running. Wait until it has ended, then make them one."
People = list[list[str]]  # of a session's draft: UUID, role, status


@dataclass(frozen=True, slots=True)
class United:
    """The entry that goes on, and how it is undone."""

    stays: Contact
    change: KeptChange


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries of one person: the one whose values count, and the other one.

    `stays` is the entry that goes on, with its UUID and its record in ASP; `goes` is taken off all sessions.
    """

    first: Contact
    second: Contact
    first_draft: Draft
    second_draft: Draft
    both_linked: bool
    stays: Contact
    goes: Contact

    @property
    def mark(self) -> str:
        """A short mark of what is to become one: another one once somebody has changed it."""
        sessions = sorted(
            [each.source_id, draft_of_session(each, ("people",))["people"]] for each in sessions_of(self.goes)
        )
        return mark([self.first_draft, self.second_draft, sessions, self.stays.source_id, self.both_linked])

    @property
    def differing(self) -> list[str]:
        """The fields of which both have a value, and not the same."""
        return [
            name
            for name, value in self.first_draft.items()
            if value and self.second_draft.get(name) and self.second_draft[name] != value
        ]

    @property
    def added(self) -> Draft:
        """What the first lacks and the second has."""
        return {
            name: value
            for name, value in self.second_draft.items()
            if value and not self.first_draft.get(name)
        }


def pair_up(first: Contact, second: Contact) -> Pair:
    """The two as they are now. One that is in ASP goes on, else the first: so no record there is left or made."""
    event = db.session.get_one(Event, first.event_id)
    if first.id == second.id or second.event_id != event.id:
        raise Refused("Choose somebody else of this event.")
    linked = [is_linked(event, LinkKind.SPEAKER, each.source_id) for each in (first, second)]
    stays, goes = (second, first) if linked == [False, True] else (first, second)
    return Pair(first, second, draft_of_person(first), draft_of_person(second), all(linked), stays, goes)


def what_becomes_of_both(pair: Pair) -> list[str]:
    """What making them one does, in sentences."""
    event = db.session.get_one(Event, pair.stays.event_id)
    number = len(sessions_of(pair.goes))
    told = [f"On {count(number, 'session')} one entry takes the other’s place."] if number else []
    if pair.both_linked:
        mapping = mapping_of(event)
        told.append(
            "Both have a record in ASP, where nothing is ever deleted. The record with the e-mail that you keep goes "
            "on; the other one is on no session after the next sync, "
            + (
                "which unpublishes it."
                if mapping and mapping.unpublish_speakers
                else "and stays on the website until you remove it in ASP by hand."
            )
            + " Its entry stays among the people of the event."
        )
    elif is_linked(event, LinkKind.SPEAKER, pair.stays.source_id):
        told.append(
            f"“{pair.stays.name}” has a record in ASP. It goes on, and the next sync writes into it what you keep; "
            "no second one is made."
        )
    else:
        told.append("Neither was sent to ASP yet. The next sync makes one record.")
    if event.source == "file" and not pair.both_linked:
        told.append("A later file that still has both brings the other entry back, on no session.")
    told.append(
        "For an hour you can undo it: both come back, with their values and on their sessions, as far as nobody has "
        "changed those since. What a sync has written in ASP meanwhile is put right by the next one."
    )
    return told


def unite(pair: Pair, seen: str, theirs: Collection[str], actor: str) -> United:
    """Make them one; `seen` is the mark of what was shown, `theirs` the fields of which the second's value counts.

    What it changes is kept, so that it can be undone for an hour. Raises Refused, InvalidFields.
    """
    event = db.session.get_one(Event, pair.first.event_id)
    if active_run(event) is not None:
        raise Refused(RUN_IN_HAND)
    with editing(event):
        for each in (pair.first, pair.second):
            look_again(each)
        now = pair_up(pair.first, pair.second)
        if now.mark != seen:
            raise Refused("One of them was changed meanwhile. Look at both once more, then make them one.")
        if now.both_linked and "email" in theirs:  # the record that ASP knows by this address goes on
            now = replace(now, stays=now.second, goes=now.first)
        names = f"“{now.first.name}” and “{now.second.name}”"
        _write_values(now, theirs)
        sessions = _take_place(event, now, actor)
        stamp(now.stays, actor)
        db.session.flush()
        before = now.first_draft if now.stays is now.first else now.second_draft
        kept = {
            "speaker": {now.stays.source_id: both_sides(before, draft_of_person(now.stays))},
            "session": sessions,
            "gone": None if now.both_linked else row_of(now.goes),
        }
        if not now.both_linked:
            db.session.delete(now.goes)
        change = keep_change(event, MERGE, kept, names, actor)
        text = f"Made one person of {names} of {event.name}: {now.stays.name}."
        record(
            event.organisation_id,
            actor,
            "people united",
            text,
            event_id=event.id,
            contact_id=now.stays.source_id,
        )
    return United(now.stays, change)


def _take_place(event: Event, pair: Pair, actor: str) -> dict[str, Any]:
    """Put one in the other's place on their sessions; returns what was and what is, as a kept change has it."""
    counts, changed = _accepted_statuses(event), {}
    for session in sessions_of(pair.goes):
        people = draft_of_session(session, ("people",))["people"]
        instead = replaced(people, pair.goes.source_id, pair.stays.source_id, counts)
        write_fields(event, session, {"people": instead}, actor)
        stamp(session, actor)
        changed[session.source_id] = {"people": [people, instead]}
    return changed


def _write_values(pair: Pair, theirs: Collection[str]) -> None:
    """Give the entry that goes on the first one's values, what that lacks, and what was chosen of the second."""
    custom = custom_fields_of("speaker", pair.first) | custom_fields_of("speaker", pair.second)
    chosen = {name: pair.second_draft[name] for name in pair.differing if name in theirs}
    values = {**pair.first_draft, **pair.added, **chosen}
    before = pair.first_draft if pair.stays is pair.first else pair.second_draft
    changed = {name: value for name, value in values.items() if value != before.get(name, "")}
    check_person(values, changed, custom)
    write_person(pair.stays, changed, custom)
    _keep_unshown(pair)


def _keep_unshown(pair: Pair) -> None:
    """Keep the other entry's custom values that no form shows, as lists."""
    own: Mapping[str, object] = pair.stays.custom_fields or {}
    for name, value in (pair.goes.custom_fields or {}).items():
        if name not in own and isinstance(value, list | dict):
            remember_told(pair.stays, CUSTOM + name, None, value)
            pair.stays.custom_fields = {**(pair.stays.custom_fields or {}), name: value}


def _accepted_statuses(event: Event) -> Callable[[str], bool]:
    """Says of a status of the event whether it counts as accepted (D6)."""
    told = told_categories(event.id)
    return lambda status: category_of(status, told) is Category.ACCEPTED


def replaced(people: People, before: str, after: str, is_accepted: Callable[[str], bool]) -> People:
    """A session's people with one in another's place; once in each role, as accepted where either was (D6)."""
    found: dict[str, str] = {}  # role → the status that counts
    kept: People = []
    for key, role, status in people:
        if key not in (before, after):
            kept.append([key, role, status])
            continue
        if role not in found:
            kept.append([after, role, status])
        if role not in found or is_accepted(status):
            found[role] = status
    return [[key, role, found[role] if key == after else status] for key, role, status in kept]
