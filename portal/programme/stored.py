"""Reads an event's programme back from the tables, in the shape in which programmes come in."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

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
from portal.programme.choices import CHOICE_COLUMNS, stored_choice
from portal.programme.content import (
    SINGLE_CHOICES,
    ChoiceContent,
    ContactContent,
    FileContent,
    KnownEvent,
    ParticipantContent,
    ProgrammeContent,
    SessionContent,
)
from portal.programme.custom import ShownField
from portal.programme.definitions import defined_as_shown
from portal.programme.statuses import GONE

CONTACT_COLUMNS = (
    "first_name",
    "last_name",
    "email",
    "job_title",
    "honorific",
    "company_name",
    "website",
    "mobile_phone",
    "biography",
    "headshot",
    "facebook_url",
    "linkedin_url",
    "twitter_url",
    "custom_fields",
    "updated_at",
)
SESSION_COLUMNS = (
    "status",
    "title",
    "description",
    "starts_at",
    "ends_at",
    "is_public",
    "client_session_id",
    "custom_fields",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is; `choices` are all of its lists by kind, also those that no session uses."""

    content: ProgrammeContent
    choices: dict[str, list[ChoiceContent]]
    session_fields: tuple[ShownField, ...] = ()  # the custom fields that are defined
    person_fields: tuple[ShownField, ...] = ()

    @property
    def custom_names(self) -> dict[str, set[str]]:
        """The names of the custom fields that its sessions and people have, or that are defined for them."""
        return {
            kind: {each.name for each in defined}
            | {name for record in records for name in record.custom_fields}
            for kind, defined, records in (
                ("session", self.session_fields, self.content.sessions),
                ("person", self.person_fields, self.content.contacts),
            )
        }


NOTHING: dict[str, list[ChoiceContent]] = {kind.value: [] for kind in ChoiceKind}


def no_event(name: str, timezone: str) -> StoredEvent:
    """An event that is about to be made."""
    return StoredEvent(ProgrammeContent(event_source_id="", name=name, timezone=timezone), dict(NOTHING))


def known_event(organisation_id: int, source_id: str) -> KnownEvent | None:
    """What is stored of the organisation's event with that id at its source."""
    event = db.session.scalar(
        select(Event).where(Event.organisation_id == organisation_id, Event.source_id == source_id)
    )
    if event is None:
        return None
    people = db.session.scalars(select(Contact.source_id).where(Contact.event_id == event.id))
    return KnownEvent(name=event.name, timezone=event.timezone, people=frozenset(people))


def load_event(event: Event, living: bool = False) -> StoredEvent:
    """The event's programme, in a fixed number of statements. `living`: without what its source has no more."""
    choices: dict[int, tuple[str, ChoiceContent]] = {
        row.id: (row.kind, stored_choice(row))
        for row in db.session.execute(
            select(Choice.id, Choice.kind, *CHOICE_COLUMNS)
            .where(Choice.event_id == event.id)
            .order_by(Choice.id)
        )
    }
    by_kind: dict[str, list[ChoiceContent]] = {kind.value: [] for kind in ChoiceKind}
    for kind, choice in choices.values():
        by_kind.setdefault(kind, []).append(choice)
    contacts: dict[int, ContactContent] = {}
    columns = [getattr(Contact, name) for name in CONTACT_COLUMNS]
    query = select(Contact.id, Contact.source_id, *columns).where(Contact.event_id == event.id)
    if living:
        query = query.where(Contact.removed_at.is_(None))
    for key, source_id, *values in db.session.execute(query.order_by(Contact.id)):
        contacts[key] = ContactContent(source_id=source_id, **dict(zip(CONTACT_COLUMNS, values, strict=True)))
    names = {key: choice for key, (_, choice) in choices.items()}
    people = {key: contact.source_id for key, contact in contacts.items()}
    content = ProgrammeContent(
        event_source_id=event.source_id or str(event.id),
        name=event.name,
        timezone=event.timezone,
        sessions=tuple(
            each for each in _load_sessions(event.id, names, people) if not (living and each.status == GONE)
        ),
        contacts=tuple(contacts.values()),
    )
    defined = (defined_as_shown(event.id, kind) for kind in ("session", "speaker"))
    return StoredEvent(content, by_kind, *defined)


def _load_sessions(
    event_id: int, choices: dict[int, ChoiceContent], people: dict[int, str]
) -> list[SessionContent]:
    tags = _parts(select(SessionTag.session_id, SessionTag.choice_id), SessionTag, event_id)
    participants = _parts(
        select(Participant.session_id, Participant.contact_id, Participant.role, Participant.status),
        Participant,
        event_id,
    )
    files = _parts(
        select(ContentFile.session_id, ContentFile.url, ContentFile.name, ContentFile.created_at),
        ContentFile,
        event_id,
    )
    columns = [getattr(Session, name) for name in SESSION_COLUMNS]
    singles = [getattr(Session, f"{name}_id") for name in SINGLE_CHOICES]
    query = select(Session.id, Session.source_id, *singles, *columns).where(Session.event_id == event_id)
    found = []
    for key, source_id, *values in db.session.execute(query.order_by(Session.id)):
        chosen = zip(SINGLE_CHOICES, values, strict=False)
        told: dict[str, Any] = dict(zip(SESSION_COLUMNS, values[len(SINGLE_CHOICES) :], strict=True))
        told |= {name: choices[choice_id] if choice_id else None for name, choice_id in chosen}
        found.append(
            SessionContent(
                source_id=source_id,
                tags=tuple(choices[choice_id] for (choice_id,) in tags[key]),
                participants=tuple(
                    ParticipantContent(contact_id=people[contact_id], role=role, status=status)
                    for contact_id, role, status in participants[key]
                ),
                files=tuple(
                    FileContent(url=url, name=name, created_at=created_at)
                    for url, name, created_at in files[key]
                ),
                **told,
            )
        )
    return found


def _parts(columns: Select[*tuple[Any, ...]], model: Any, event_id: int) -> dict[int, list[tuple[Any, ...]]]:
    """The rows of a session's parts by the session's id, in order."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    query = columns.join(Session, Session.id == model.session_id).where(Session.event_id == event_id)
    for session_id, *values in db.session.execute(query.order_by(model.session_id, model.position)):
        found[session_id].append(tuple(values))
    return found
