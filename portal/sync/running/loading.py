"""Reads what a plan needs from the database into plain values, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select

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
from portal.programme.content import SINGLE_CHOICES
from portal.programme.statuses import accepted_among, told_categories, without_category
from portal.sync.planning.snapshot import (
    ContactSnapshot,
    ParticipantSnapshot,
    Programme,
    RenamedChoice,
    SessionSnapshot,
)
from portal.text.matching import fold

CHOICE_COLUMNS = tuple(f"{name}_id" for name in SINGLE_CHOICES)
LOCKED_BY_SYNC = (ChoiceKind.FORMAT, ChoiceKind.ROOM, ChoiceKind.TAG, ChoiceKind.LEVEL)  # C6

_Rows = dict[int, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class _Choices:
    """An event's choices by id."""

    names: dict[int, str]
    colours: dict[int, str | None]  # of tags
    renamed: tuple[RenamedChoice, ...]


def load_programme(event: Event) -> Programme:
    """The event's whole programme, sessions and people in their order."""
    contacts = _load_contacts(event.id)
    source_ids = {row_id: contact.id for row_id, contact in contacts}
    choices = _load_choices(event.id)
    sessions = _load_sessions(event.id, choices, source_ids)
    used, told = _used_statuses(sessions), told_categories(event.id)  # D6
    return Programme(
        timezone=event.timezone,
        sessions=sessions,
        contacts={contact.id: contact for _, contact in contacts},
        renamed=choices.renamed,
        accepted=accepted_among(used, told),
        unsorted=without_category(used, told),
    )


def _used_statuses(sessions: tuple[SessionSnapshot, ...]) -> set[str]:
    of_people = {each.status for session in sessions for each in session.participants}
    return of_people | {session.status for session in sessions}


def _load_contacts(event_id: int) -> list[tuple[int, ContactSnapshot]]:
    names = [each.name for each in fields(ContactSnapshot) if each.name != "id"]
    columns = [getattr(Contact, name) for name in names]
    rows = db.session.execute(
        select(Contact.id, Contact.source_id, *columns)
        .where(Contact.event_id == event_id)
        .order_by(Contact.id)
    )
    return [(row[0], ContactSnapshot(id=row[1], **dict(zip(names, row[2:], strict=True)))) for row in rows]


def _load_choices(event_id: int) -> _Choices:
    rows = db.session.execute(
        select(Choice.id, Choice.kind, Choice.name, Choice.colour, Choice.synced_name)
        .where(Choice.event_id == event_id)
        .order_by(Choice.id)
    ).all()
    return _Choices(
        names={row.id: row.name for row in rows},
        colours={row.id: row.colour for row in rows if row.kind == ChoiceKind.TAG},
        renamed=tuple(
            RenamedChoice(row.kind, row.synced_name, row.name)
            for row in rows
            if row.kind in LOCKED_BY_SYNC
            and row.synced_name is not None
            and fold(row.synced_name) != fold(row.name)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What hangs on the sessions of an event, each by the session's row."""

    tags: _Rows  # choice
    participants: _Rows  # contact, role, status
    files: _Rows  # made at, position, URL


def _load_parts(event_id: int) -> _Parts:
    return _Parts(
        tags=_by_session(event_id, SessionTag.session_id, SessionTag.choice_id, order=[SessionTag.position]),
        participants=_by_session(
            event_id,
            Participant.session_id,
            Participant.contact_id,
            Participant.role,
            Participant.status,
            order=[Participant.position, Participant.id],
        ),
        files=_by_session(
            event_id, ContentFile.session_id, ContentFile.created_at, ContentFile.position, ContentFile.url
        ),
    )


def _by_session(event_id: int, session_id: Any, *columns: Any, order: Iterable[Any] = ()) -> _Rows:
    rows = db.session.execute(
        select(session_id, *columns)
        .join(Session, Session.id == session_id)
        .where(Session.event_id == event_id)
        .order_by(session_id, *order)
    )
    groups: _Rows = defaultdict(list)
    for row in rows:
        groups[row[0]].append(tuple(row[1:]))
    return groups


def _load_sessions(
    event_id: int, choices: _Choices, contact_source_ids: dict[int, str]
) -> tuple[SessionSnapshot, ...]:
    parts = _load_parts(event_id)
    rows = db.session.execute(
        select(
            Session.id,
            Session.source_id,
            Session.title,
            Session.status,
            Session.starts_at,
            Session.ends_at,
            Session.client_session_id,
            Session.is_public,
            Session.description,
            *(getattr(Session, column) for column in CHOICE_COLUMNS),
            Session.custom_fields,
        )
        .where(Session.event_id == event_id)
        .order_by(Session.id)
    )
    return tuple(_session_of(row, parts, choices, contact_source_ids) for row in rows)


def _session_of(
    row: Any, parts: _Parts, choices: _Choices, contact_source_ids: dict[int, str]
) -> SessionSnapshot:
    names, tags = choices.names, parts.tags[row.id]
    return SessionSnapshot(
        id=row.source_id,
        title=row.title,
        status=row.status,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        client_session_id=row.client_session_id,
        is_public=row.is_public,
        description=row.description,
        format=names.get(row.format_id),
        room=names.get(row.room_id),
        track=names.get(row.track_id),
        level=names.get(row.level_id),
        language=names.get(row.language_id),
        tags=tuple(names[choice_id] for (choice_id,) in tags),
        tag_colours=tuple(choices.colours[choice_id] for (choice_id,) in tags),
        content_url=_newest(parts.files[row.id]),
        participants=tuple(
            ParticipantSnapshot(contact_source_ids[contact_id], role, status)
            for contact_id, role, status in parts.participants[row.id]
        ),
        custom_fields=row.custom_fields,
        choices=_used_choices(row, tags, names),
    )


def _used_choices(
    row: Any, tags: list[tuple[Any, ...]], names: dict[int, str]
) -> tuple[tuple[str, int, str], ...]:
    """What a session uses of the event's lists: the field, the id and the name of each choice (C6)."""
    ids = [
        (field, getattr(row, column)) for field, column in zip(SINGLE_CHOICES, CHOICE_COLUMNS, strict=True)
    ]
    ids += [("tags", choice_id) for (choice_id,) in tags]
    return tuple((field, choice_id, names[choice_id]) for field, choice_id in ids if choice_id is not None)


def _newest(files: list[tuple[Any, ...]]) -> str | None:
    """The URL of the newest file; of equally old ones the last."""
    if not files:
        return None
    return str(max(files, key=lambda file: (file[0] is not None, file[0], file[1]))[2])
