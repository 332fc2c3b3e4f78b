"""Sessions and people, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.models import (
    Choice,
    Contact,
    ContentFile,
    Event,
    Mapping,
    Participant,
    Run,
    RunRecord,
    Session,
    SessionTag,
    db,
)
from portal.operations.queries.agenda import Person, Tag, list_participants
from portal.sync.running.terms import find_link, mapping_of


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """A session with everything that hangs on it."""

    choices: dict[str, str]
    tags: list[Tag]
    people: list[Person]
    files: list[ContentFile]
    outcomes: list[RunRecord]


@dataclass(frozen=True, slots=True)
class SessionOfPerson:
    """A session that a person is on, with their part in it."""

    source_id: str
    title: str | None
    starts_at: datetime | None
    session_status: str
    role: str
    status: str


@dataclass(frozen=True, slots=True)
class InAsp:
    """Where a record is sent, and which record of ASP's it is there (I2); `mapping` is None for nowhere."""

    mapping: Mapping | None
    asp_uuid: str | None = None
    sent_at: datetime | None = None


def find_in_asp(event: Event, kind: str, source_id: str) -> InAsp:
    """What is known of a session ("session") or a person ("speaker") where the event is mapped to."""
    mapping = mapping_of(event)
    if mapping is None:
        return InAsp(None)
    link = find_link(mapping, kind, source_id)
    return InAsp(mapping, link.asp_uuid, link.pushed_at) if link else InAsp(mapping)


def describe_session(event: Event, session: Session) -> SessionDetails:
    ids = [session.format_id, session.room_id, session.track_id, session.level_id, session.language_id]
    chosen = db.session.scalars(select(Choice).where(Choice.id.in_([each for each in ids if each])))
    tags = db.session.execute(
        select(Choice.name, Choice.colour)
        .join(SessionTag, SessionTag.choice_id == Choice.id)
        .where(SessionTag.session_id == session.id)
        .order_by(SessionTag.position)
    )
    files = db.session.scalars(
        select(ContentFile).where(ContentFile.session_id == session.id).order_by(ContentFile.position)
    )
    return SessionDetails(
        choices={choice.kind: choice.name for choice in chosen},
        tags=[Tag(name, colour) for name, colour in tags],
        people=list_participants(event, session).get(session.id, []),
        files=list(files),
        outcomes=_last_outcomes(event, "session", session.source_id),
    )


def describe_contact(event: Event, contact: Contact) -> tuple[list[SessionOfPerson], list[RunRecord]]:
    """The sessions that a person is on, and what the last runs did with them."""
    rows = db.session.execute(
        select(
            Session.source_id,
            Session.title,
            Session.starts_at,
            Session.status.label("session_status"),
            Participant.role,
            Participant.status,
        )
        .join(Participant, Participant.session_id == Session.id)
        .where(Participant.contact_id == contact.id)
        .order_by(Session.starts_at, Session.title)
    )
    return [SessionOfPerson(**row._mapping) for row in rows], _last_outcomes(
        event, "speaker", contact.source_id
    )


def _last_outcomes(event: Event, kind: str, source_id: str) -> list[RunRecord]:
    last_runs = select(Run.id).where(Run.event_id == event.id).order_by(Run.id.desc()).limit(5)
    return list(
        db.session.scalars(
            select(RunRecord)
            .where(RunRecord.run_id.in_(last_runs), RunRecord.kind == kind, RunRecord.source_id == source_id)
            .order_by(RunRecord.run_id.desc(), RunRecord.id)
        )
    )


def list_existing(event: Event, records: Sequence[Any]) -> set[str]:
    """Which of these records are still sessions or people of the event, so that their names can be links."""
    wanted = {record.source_id for record in records}
    if not wanted:
        return set()
    sessions = select(Session.source_id).where(Session.event_id == event.id, Session.source_id.in_(wanted))
    contacts = select(Contact.source_id).where(Contact.event_id == event.id, Contact.source_id.in_(wanted))
    return set(db.session.scalars(sessions.union(contacts)))
