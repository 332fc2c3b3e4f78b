"""A session and a person as their forms show them, and what the forms offer."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select

from portal.models import (
    Choice,
    ChoiceKind,
    Contact,
    ContentFile,
    Event,
    Participant,
    Session,
    SessionTag,
    db,
)
from portal.operations.queries.agenda import Tag
from portal.operations.queries.custom_fields import custom_draft
from portal.operations.queries.statuses import list_statuses
from portal.programme.drafts import Draft
from portal.programme.statuses import STANDARD
from portal.sync.planning.fields import SPEAKER_FIELDS
from portal.text.matching import trimmed
from portal.text.naming import name_of

ROLES = ("speaker", "moderator", "chairperson")
PERSON_FIELDS = tuple(each.key for each in SPEAKER_FIELDS)
SINGLE_KINDS = (ChoiceKind.ROOM, ChoiceKind.FORMAT, ChoiceKind.TRACK, ChoiceKind.LEVEL, ChoiceKind.LANGUAGE)


@dataclass(frozen=True, slots=True)
class Offered:
    """What a session's form offers: statuses, and by kind the id and name of each entry of the event's lists."""

    statuses: list[str]
    choices: dict[str, list[tuple[str, str]]]
    tags: dict[str, Tag]  # by id


def draft_of_session(session: Session, names: Container[str] | None = None) -> Draft:
    """The session as its form shows it, or these fields of it; a form writes back only what its reader changes."""
    readers: dict[str, Callable[[], Any]] = {
        "title": lambda: typed(session.title),
        "status": lambda: session.status,
        "client_session_id": lambda: typed(session.client_session_id),
        "is_public": lambda: session.is_public,
        "starts_at": lambda: written(session.starts_at),
        "ends_at": lambda: written(session.ends_at),
        **{kind: partial(_chosen, session, kind) for kind in SINGLE_KINDS},
        "tags": lambda: _tags_of(session),
        "description": lambda: typed(session.description),
        "people": lambda: _people_of(session),
        "files": lambda: _files_of(session),
    }
    draft = {name: read() for name, read in readers.items() if names is None or name in names}
    if names is None:
        draft |= custom_draft(session.event_id, "session", session.custom_fields or {})
    return draft


def _chosen(session: Session, kind: str) -> str:
    return str(getattr(session, f"{kind}_id") or "")


def _tags_of(session: Session) -> list[str]:
    tags = db.session.scalars(
        select(SessionTag.choice_id)
        .where(SessionTag.session_id == session.id)
        .order_by(SessionTag.position, SessionTag.choice_id)
    )
    return [str(each) for each in tags]


def _people_of(session: Session) -> list[list[str]]:
    rows = db.session.execute(
        select(Contact.source_id, Participant.role, Participant.status)
        .join(Participant, Participant.contact_id == Contact.id)
        .where(Participant.session_id == session.id)
        .order_by(Participant.position, Participant.id)
    )
    return [list(row) for row in rows]


def _files_of(session: Session) -> list[list[str]]:
    rows = db.session.execute(
        select(ContentFile.name, ContentFile.url)
        .where(ContentFile.session_id == session.id)
        .order_by(ContentFile.position)
    )
    return [[typed(name), url] for name, url in rows]


def empty_session_draft(event: Event) -> Draft:
    """A session that is about to be made."""
    return draft_of_session(Session(event_id=event.id, title="", status="accepted", is_public=True))


def draft_of_person(contact: Contact) -> Draft:
    """The person as their form shows them."""
    own = {name: typed(getattr(contact, name)) for name in PERSON_FIELDS}
    return own | custom_draft(contact.event_id, "speaker", contact.custom_fields or {})


def typed(text: str | None) -> str:
    """A text as a form gives it back: with plain line ends, and nothing invisible around it."""
    return trimmed((text or "").replace("\r\n", "\n").replace("\r", "\n"))


def written(moment: datetime | None) -> str:
    """A point in time to the minute, as a draft holds it; "" for none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ") if moment else ""


def list_offered(event: Event) -> Offered:
    """By name; statuses as they are standard, then others in use."""
    choices: dict[str, list[tuple[str, str]]] = defaultdict(list)
    tags = {}
    for choice in db.session.scalars(
        select(Choice).where(Choice.event_id == event.id).order_by(func.lower(Choice.name), Choice.id)
    ):
        choices[choice.kind].append((str(choice.id), choice.name))
        if choice.kind == ChoiceKind.TAG:
            tags[str(choice.id)] = Tag(choice.name, choice.colour)
    used = [each.name for each in list_statuses(event)]
    return Offered([*STANDARD, *(name for name in used if name not in STANDARD)], dict(choices), tags)


def list_roles(event: Event) -> list[str]:
    """The roles that somebody can have on a session: those that a sync knows, and others in use."""
    used = db.session.scalars(
        select(Participant.role)
        .join(Session, Session.id == Participant.session_id)
        .where(Session.event_id == event.id)
        .distinct()
    )
    return [*ROLES, *sorted(each for each in used if each not in ROLES)]


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person as a session's form names them."""

    name: str
    email: str | None


def name_people(event: Event, source_ids: Iterable[str]) -> dict[str, NamedPerson]:
    """Those of the event's people with these UUIDs, by UUID."""
    rows = db.session.execute(
        select(Contact.source_id, Contact.first_name, Contact.last_name, Contact.email).where(
            Contact.event_id == event.id, Contact.source_id.in_(set(source_ids))
        )
    )
    return {
        row.source_id: NamedPerson(name_of(row.first_name, row.last_name, row.email), row.email)
        for row in rows
    }
