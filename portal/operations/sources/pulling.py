"""Pull an event's programme from its source: all or nothing (H1)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from portal.errors import InvalidFile, Refused
from portal.models import (
    Choice,
    Contact,
    Event,
    Organisation,
    PulledEvent,
    Session,
    Source,
    await_turn,
    db,
    now,
)
from portal.operations.editing.timezones import question_of_move
from portal.operations.history import record
from portal.operations.sources.connecting import mark_token_rejected, open_source, require_source
from portal.programme.hearing import heard_since, without_older
from portal.programme.sources.errors import EventGone, TokenRejected, UnexpectedAnswer, not_taken_in
from portal.programme.sources.source import AlreadyStored, Cursor, ProgrammeSource, Pulled
from portal.programme.statuses import GONE
from portal.programme.storing import StoredProgramme, event_of_source, store_programme
from portal.programme.tallying import Tally

READ_WHOLE_EVERY = timedelta(days=1)  # what changed without a time of change is seen then


@dataclass(frozen=True, slots=True)
class PulledProgramme:
    """The event, what pulling did to it, and how many requests that took."""

    stored: StoredProgramme
    requests: int

    @property
    def event(self) -> Event:
        return self.stored.event

    @property
    def changed(self) -> int:
        """How many records have changed."""
        tallies = (self.stored.sessions, self.stored.contacts)
        return sum(each.created + each.updated + each.removed for each in tallies)

    def as_json(self) -> dict[str, Any]:
        """The object that the command line prints."""
        return {
            "event": self.stored.identifier,
            "sessions": _with_removed(self.stored.sessions),
            "contacts": _with_removed(self.stored.contacts),
            "requests": self.requests,
        }


def pull_programme(
    organisation: Organisation,
    source_id: str,
    actor: str | None,
    *,
    full: bool = False,
    confirm_timezone: bool = False,
    between: Callable[[], None] = lambda: None,
) -> PulledProgramme:
    """Bring the event up to what the source has under this id; one that is new here is taken in.

    Only what has changed is asked for, or everything with `full`. Without an `actor` nobody asked, and History stays
    silent (G2). `between` is called before every request; what it raises ends the pull. Raises Refused, for a
    timezone that nobody has confirmed too (D18), and SourceError; nothing is changed then.
    """
    organisation_id = organisation.id
    source = require_source(organisation_id)
    own_id = source.id
    event = event_of_source(organisation_id, source_id)
    began = now()
    opened = open_source(source, between)
    try:
        pulled = _pull(opened, source_id, event, whole=full or (event is not None and _is_due(event, began)))
    except TokenRejected:
        mark_token_rejected(own_id, now())
        raise
    finally:
        opened.close()
    try:
        stored = _store(organisation_id, own_id, opened, pulled, began, confirm_timezone)
        if actor is not None:
            text = _describe(stored, opened.name)
            record(organisation_id, actor, "pulled", text, event_id=stored.event.id)
        db.session.commit()
    except InvalidFile as problem:  # there is no file that somebody could look at
        db.session.rollback()
        raise not_taken_in(opened.name, problem) from problem
    except Exception:
        db.session.rollback()
        raise
    return PulledProgramme(stored, opened.requests)


def _pull(opened: ProgrammeSource, source_id: str, event: Event | None, *, whole: bool) -> Pulled:
    """What the source has of the event with this id, which is stored as `event` if it is known here."""
    known = _known(event, opened) if event is not None else None
    db.session.rollback()  # no transaction stays open while the source is asked
    try:
        pulled = opened.pull(source_id, known, whole=whole)
    except EventGone as problem:
        if event is not None and event.source != opened.kind:
            raise Refused(f"{event.name} does not come from {opened.name}. {problem}") from problem
        raise
    _refuse_another(known, pulled, opened.name)
    return pulled


def _is_due(event: Event, moment: datetime) -> bool:
    """Whether everything is to be read once more."""
    last = db.session.get(PulledEvent, event.id)
    return last is not None and last.read_whole_at < moment - READ_WHOLE_EVERY


def _known(event: Event, opened: ProgrammeSource) -> AlreadyStored | None:
    """What is stored of the event; None when it was not pulled from this source before."""
    last = db.session.get(PulledEvent, event.id)
    if event.source != opened.kind or last is None:
        return None
    sessions = select(Session.source_id).where(Session.event_id == event.id, Session.status != GONE)
    contacts = select(Contact.source_id).where(Contact.event_id == event.id)
    return AlreadyStored(
        sessions=frozenset(db.session.scalars(sessions)),
        contacts=frozenset(db.session.scalars(contacts.where(Contact.removed_at.is_(None)))),
        people=frozenset(db.session.scalars(contacts)),
        sessions_after=last.sessions_after,
        contacts_after=last.contacts_after,
        more_sessions=last.more_sessions,
        more_contacts=last.more_contacts,
    )


def _refuse_another(known: AlreadyStored | None, pulled: Pulled, source_name: str) -> None:
    """Raise UnexpectedAnswer for an event that only has the same number, as one of another region may have (I1)."""
    if known is None or not known.sessions or not pulled.content.whole or not pulled.content.sessions:
        return
    sessions = {each.source_id for each in pulled.content.sessions}
    people = {each.source_id for each in pulled.content.contacts}
    if sessions.isdisjoint(known.sessions) and people.isdisjoint(known.people):
        raise UnexpectedAnswer(
            f"{source_name} has another event under the number {pulled.content.event_source_id}, "
            f"“{pulled.content.name}”: none of its sessions and people is known here. Check the region and the "
            "account of the access token under Settings → Integrations."
        )


def _store(
    organisation_id: int,
    own_id: int,
    opened: ProgrammeSource,
    pulled: Pulled,
    began: datetime,
    confirm_timezone: bool,
) -> StoredProgramme:
    content = pulled.content
    await_turn(Organisation, organisation_id)  # what the webhook or another pull is storing now is seen
    own = db.session.get(Source, own_id, populate_existing=True)
    if own is None:
        raise Refused(f"{opened.name} was disconnected meanwhile. Nothing was changed.")
    event = event_of_source(organisation_id, content.event_source_id)
    if event is not None and event.timezone != content.timezone:
        question = question_of_move(event, content.timezone, content)
        if question and not confirm_timezone:  # D18
            raise Refused(f"{opened.name} tells another timezone: {question}", "confirm_timezone")
    if event is not None:
        content = without_older(content, heard_since(event.id, began - opened.lag))
        if _is_overtaken(event, began):
            content, pulled = (
                replace(content, sessions=(), contacts=(), partly=True, whole=False),
                Pulled(content),
            )
        _take_over(event, opened)
    stored = store_programme(organisation_id, content, opened.kind)
    stored = _counted(stored)
    if pulled.cursor is not None:
        _remember(stored, pulled.cursor, began, whole=content.whole)
    own.rejected_at = None
    return stored


def _is_overtaken(event: Event, began: datetime) -> bool:
    """Whether a pull that began later is stored already: what this one has read is older."""
    last = db.session.get(PulledEvent, event.id, populate_existing=True)
    return last is not None and last.pulled_at > began


def _take_over(event: Event, opened: ProgrammeSource) -> None:
    """From now on the event is its source's; what was edited by hand before no longer counts as an edit (H1, H3)."""
    if event.source == opened.kind:
        return
    event.source = opened.kind
    for table in (Session, Contact):
        db.session.execute(update(table).where(table.event_id == event.id).values(edited={}, edited_by=None))
    db.session.execute(update(Choice).where(Choice.event_id == event.id).values(edited={}))


def _counted(stored: StoredProgramme) -> StoredProgramme:
    """With the tallies over the whole event: what a pull had no need to read is unchanged."""
    sessions = select(func.count()).where(Session.event_id == stored.event.id, Session.status != GONE)
    contacts = select(func.count()).where(Contact.event_id == stored.event.id, Contact.removed_at.is_(None))
    return replace(
        stored,
        sessions=_with_unchanged(stored.sessions, db.session.scalar(sessions) or 0),
        contacts=_with_unchanged(stored.contacts, db.session.scalar(contacts) or 0),
    )


def _with_unchanged(tally: Tally, there: int) -> Tally:
    return replace(tally, unchanged=there - tally.created - tally.updated)


def _with_removed(tally: Tally) -> dict[str, int]:
    return {**tally.as_json(), "removed": tally.removed}


def _remember(stored: StoredProgramme, cursor: Cursor, began: datetime, *, whole: bool) -> None:
    """Where the next pull of the event begins."""
    last = db.session.get(PulledEvent, stored.event.id)
    if last is None:
        last = PulledEvent(event_id=stored.event.id)
        db.session.add(last)
    if whole:
        last.read_whole_at = began
        last.more_sessions = stored.sessions.received - cursor.sessions_total
        last.more_contacts = stored.contacts.received - cursor.contacts_total
    last.pulled_at = began
    last.sessions_after = cursor.sessions_after
    last.contacts_after = cursor.contacts_after


def _describe(stored: StoredProgramme, source_name: str) -> str:
    changes = f"{_changes(stored.sessions, 'sessions')}; {_changes(stored.contacts, 'people')}"
    return f"Pulled {stored.event.name} from {source_name}: {changes}."


def _changes(tally: Tally, noun: str) -> str:
    return f"{noun} {tally.created:,} new, {tally.updated:,} changed, {tally.removed:,} gone"
