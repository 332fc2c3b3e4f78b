"""Names the state of what plans are made from, without reading it: another version means that something changed."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from portal.models import (
    ACTIVE,
    Choice,
    Contact,
    ContentFile,
    Event,
    FieldMapping,
    FrozenSession,
    KeptField,
    Link,
    Mapping,
    Participant,
    Run,
    Session,
    SessionTag,
    Status,
    UnpublishedSpeaker,
    db,
)

OF_EVENTS = (Session, Contact, Choice, Status)
OF_SESSIONS = (SessionTag, ContentFile, Participant)
OF_ORGANISATIONS = (Mapping, Link, FrozenSession, KeptField, UnpublishedSpeaker)


def programme_version(event: Event) -> str:
    """The version of the event's programme: sessions, people, lists, statuses, the event itself."""
    return _version(_of_programme(event))


def sync_version(event: Event) -> str:
    """The version of the programme and of all that stands between it and ASP: mappings, links, frozen marks.

    The latter are those of the whole organisation, so that no way in which events may share a site is forgotten.
    """
    organisation_id = event.organisation_id
    ours = [_stamps(table, table.organisation_id == organisation_id) for table in OF_ORGANISATIONS]
    rows = _stamps(FieldMapping, Mapping.organisation_id == organisation_id).join(
        Mapping, Mapping.id == FieldMapping.mapping_id
    )
    return _version([*_of_programme(event), *ours, rows, _last_run(event)])


def _of_programme(event: Event) -> list[Select[Any]]:
    return [
        _stamps(Event, Event.id == event.id),
        *(_stamps(table, table.event_id == event.id) for table in OF_EVENTS),
        *(
            _stamps(table, Session.event_id == event.id).join(Session, Session.id == table.session_id)
            for table in OF_SESSIONS
        ),
    ]


def _last_run(event: Event) -> Select[Any]:
    """The run that ended last: its failures are told of the records (E9), even where it changed nothing else."""
    ended = select(Run.id).where(Run.event_id == event.id, Run.status.not_in(ACTIVE))
    newest = ended.order_by(Run.id.desc()).limit(1).scalar_subquery()
    row: Any = select(literal(Run.__tablename__), literal(0), func.coalesce(newest, 0))
    return row


def _stamps(table: Any, which: ColumnElement[bool]) -> Select[Any]:
    total = func.coalesce(func.sum(table.stamp), 0)
    return (
        select(literal(table.__tablename__), func.count(table.stamp), total).select_from(table).where(which)
    )


def _version(parts: list[Select[Any]]) -> str:
    rows = db.session.execute(union_all(*parts))  # one statement: all of it as it stood at one moment
    return " ".join(sorted(f"{table}:{number}:{total}" for table, number, total in rows))
