"""Stores a programme that came in: creates and updates by UUID, never deletes (H2, I1)."""

import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from portal.models import (
    ChoiceKind,
    Contact,
    ContentFile,
    Event,
    Organisation,
    Participant,
    Session,
    SessionTag,
    await_turn,
    db,
    now,
)
from portal.programme.bounds import check_number
from portal.programme.choices import ChoiceKey, Renaming, store_choices
from portal.programme.column_values import columns_of, contact_values, session_values
from portal.programme.content import ProgrammeContent
from portal.programme.definitions import note_file_fields, store_definitions
from portal.programme.keeping import (
    ChangedTwice,
    Kept,
    list_changed_twice,
    list_kept,
    settle_parts,
    store_notes,
)
from portal.programme.merging import PORTION, Merged, merge_records, replace_parts
from portal.programme.problems import Problems
from portal.programme.removing import remove_contacts, remove_sessions
from portal.programme.statuses import store_categories
from portal.programme.tallying import Tally, count_stored

INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class StoredProgramme:
    """The event, and what storing its programme did."""

    event: Event
    sessions: Tally
    contacts: Tally
    renamed: list[Renaming]
    changed_twice: list[ChangedTwice] = field(default_factory=list)  # kept as they were edited here (H3)
    kept: Kept = field(default_factory=dict)  # what was edited here and stays so

    @property
    def identifier(self) -> int | str:
        """The event's id as its source wrote it."""
        return identifier_of(self.event)

    def as_json(self) -> dict[str, Any]:
        """The counts as the command line prints them."""
        return {
            "event": self.identifier,
            "sessions": self.sessions.as_json(),
            "contacts": self.contacts.as_json(),
        }


def identifier_of(event: Event) -> int | str:
    """The event's id as its source wrote it, else the portal's own."""
    identifier: int | str = event.source_id or event.id
    if isinstance(identifier, str) and INTEGER.fullmatch(identifier):
        identifier = int(identifier)
    return identifier


def event_of_source(organisation_id: int, source_id: str) -> Event | None:
    """The organisation's event with that id at its source."""
    query = select(Event).where(Event.organisation_id == organisation_id, Event.source_id == source_id)
    return db.session.scalars(query).one_or_none()


def store_programme(
    organisation_id: int,
    content: ProgrammeContent,
    source: str = "file",
    event: Event | None = None,
    file_counts: bool = False,
) -> StoredProgramme:
    """Bring the organisation's event to what the content says, within the caller's transaction.

    The event is the one given, else the one with the content's id at its source. What the content lacks stays as it
    is and counts as missing; where the content is all that the source has, it counts as no longer accepted (H1, D9).
    A field that was changed here and in the file stays as it is here, unless `file_counts` (H3).
    Raises InvalidFile for more than an event may have (G5).
    """
    await_turn(Organisation, organisation_id)  # two imports of one file at once would both make its event
    event = _store_event(organisation_id, content, source, event)
    db.session.flush()
    connection = db.session.connection()
    choices, renamed = store_choices(connection, event.id, content)
    store_definitions(event.id, content.definitions)
    if source == "file":
        note_file_fields(event, content)
    contacts = _merge_contacts(connection, event.id, content, file_counts)
    sessions = _merge_sessions(connection, event.id, content, choices, file_counts)
    _refuse_without_status(content, sessions.created)
    contact_ids = _with_known(connection, event.id, content, contacts.ids)
    with_other_parts = _store_parts(connection, event.id, content, sessions, contact_ids, choices)
    store_notes(connection, Session, sessions)
    store_notes(connection, Contact, contacts)
    store_categories(event.id, content.categories)
    gone_sessions, gone_contacts = 0, 0
    if content.whole:
        gone_sessions = remove_sessions(event.id, sessions.missing - content.kept)
        gone_contacts = remove_contacts(event.id, contacts.missing - content.kept)
    _check_numbers(connection, event.id)
    db.session.expire_all()  # the statements above went past the objects that the session holds
    return StoredProgramme(
        event=event,
        sessions=count_stored(sessions, with_other_parts, gone_sessions, content),
        contacts=count_stored(contacts, set(), gone_contacts, content),
        renamed=renamed,
        changed_twice=list_changed_twice(content, sessions, contacts),
        kept=list_kept(sessions, contacts),
    )


def _store_event(organisation_id: int, content: ProgrammeContent, source: str, event: Event | None) -> Event:
    event = event or event_of_source(organisation_id, content.event_source_id)
    if event is None:
        event = Event(organisation_id=organisation_id, source=source, source_id=content.event_source_id)
        db.session.add(event)
    event.name = content.name
    event.timezone = content.timezone
    event.imported_at = now()
    return event


def _merge_contacts(
    connection: Connection, event_id: int, content: ProgrammeContent, file_counts: bool
) -> Merged:
    values = {each.source_id: contact_values(each) for each in content.contacts}
    unsaid = {each.source_id: each.absent for each in content.contacts}
    return merge_records(
        connection, Contact, event_id, values, unsaid, partly=content.partly, file_counts=file_counts
    )


def _merge_sessions(
    connection: Connection,
    event_id: int,
    content: ProgrammeContent,
    choices: dict[ChoiceKey, int],
    file_counts: bool,
) -> Merged:
    values = {each.source_id: session_values(each, choices) for each in content.sessions}
    unsaid = {each.source_id: columns_of(each.absent) for each in content.sessions}
    return merge_records(
        connection, Session, event_id, values, unsaid, partly=content.partly, file_counts=file_counts
    )


def _check_numbers(connection: Connection, event_id: int) -> None:
    """Raises InvalidFile when what came in, and what was there before, is more than an event may have (G5)."""
    numbers = [
        select(func.count(table.id)).where(table.event_id == event_id).scalar_subquery()
        for table in (Session, Contact)
    ]
    sessions, people = connection.execute(select(*numbers)).one()
    check_number(sessions, "sessions")
    check_number(people, "people")


def _refuse_without_status(content: ProgrammeContent, created: set[str]) -> None:
    """A session may leave its status as it is (H2), but a new one has none yet. Raises InvalidFile."""
    problems = Problems()
    for source_id, place in content.without_status.items():
        if source_id in created:
            problems.add(place, "missing")
    problems.raise_if_any()


def _with_known(
    connection: Connection, event_id: int, content: ProgrammeContent, ids: dict[str, int]
) -> dict[str, int]:
    """The contacts' ids, with those of the people who take part and stood here before."""
    taking_part = {person.contact_id for session in content.sessions for person in session.participants}
    others = sorted(taking_part - ids.keys())
    known = dict(ids)
    for start in range(0, len(others), PORTION):
        rows = connection.execute(
            select(Contact.source_id, Contact.id).where(
                Contact.event_id == event_id, Contact.source_id.in_(others[start : start + PORTION])
            )
        )
        known |= dict(rows.all())
    return known


def _store_parts(
    connection: Connection,
    event_id: int,
    content: ProgrammeContent,
    sessions: Merged,
    contact_ids: dict[str, int],
    choices: dict[ChoiceKey, int],
) -> set[str]:
    """Store tags, participants and files; returns the source ids of the sessions where any differed."""
    tags, people, files = {}, {}, {}
    session_ids = sessions.ids
    for session in content.sessions:
        key = session_ids[session.source_id]
        if "tags" not in session.absent:
            tags[key] = [(choices[ChoiceKind.TAG.value, each.source_id],) for each in session.tags]
        people[key] = [
            (contact_ids[each.contact_id], each.role, each.status) for each in session.participants
        ]
        if "files" not in session.absent:
            files[key] = [(each.name, each.url, each.created_at) for each in session.files]
    _keep_untold_roles(connection, content, session_ids, people)
    settle_parts(connection, sessions, tags, people, files)
    partly = content.partly
    changed = replace_parts(connection, SessionTag, event_id, ["choice_id"], tags, partly=partly)
    changed |= replace_parts(
        connection, Participant, event_id, ["contact_id", "role", "status"], people, partly=partly
    )
    changed |= replace_parts(
        connection, ContentFile, event_id, ["name", "url", "created_at"], files, partly=partly
    )
    return {each.source_id for each in content.sessions if session_ids[each.source_id] in changed}


def _keep_untold_roles(
    connection: Connection,
    content: ProgrammeContent,
    session_ids: dict[str, int],
    people: dict[int, list[tuple[Any, ...]]],
) -> None:
    """Add those who stand in roles of which the source says nothing: they stay (H2)."""
    told = {
        session_ids[each.source_id]: each.told_roles
        for each in content.sessions
        if each.told_roles is not None
    }
    asked = list(told)
    for start in range(0, len(asked), PORTION):
        rows = connection.execute(
            select(Participant.session_id, Participant.contact_id, Participant.role, Participant.status)
            .where(Participant.session_id.in_(asked[start : start + PORTION]))
            .order_by(Participant.session_id, Participant.position)
        )
        for session_id, *values in rows:
            if values[1] not in told[session_id]:
                people[session_id].append(tuple(values))
