"""Reads what a plan needs from the database into plain values, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from portal.asp.client import AspChoice, Seminar, Site
from portal.config import Settings
from portal.models import (
    Choice,
    ChoiceKind,
    Contact,
    ContentFile,
    Event,
    FrozenSession,
    Link,
    LinkKind,
    Mapping,
    Participant,
    Session,
    SessionTag,
    UnpublishedSpeaker,
    db,
)
from portal.sync.planning.snapshot import (
    ContactSnapshot,
    FieldRow,
    Links,
    LinkSnapshot,
    Offer,
    OfferedChoice,
    ParticipantSnapshot,
    Programme,
    RenamedChoice,
    Rules,
    SessionSnapshot,
)
from portal.text.matching import fold

CHOICE_COLUMNS = ("format_id", "room_id", "track_id", "level_id", "language_id")
LOCKED_BY_SYNC = (ChoiceKind.FORMAT, ChoiceKind.ROOM, ChoiceKind.TAG, ChoiceKind.LEVEL)  # C6


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
    return Programme(
        timezone=event.timezone,
        sessions=_load_sessions(event.id, choices, source_ids),
        contacts={contact.id: contact for _, contact in contacts},
        renamed=choices.renamed,
    )


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


def _load_sessions(
    event_id: int, choices: _Choices, contact_source_ids: dict[int, str]
) -> tuple[SessionSnapshot, ...]:
    names = choices.names
    tags = _grouped(
        select(SessionTag.session_id, SessionTag.choice_id)
        .join(Session, Session.id == SessionTag.session_id)
        .where(Session.event_id == event_id)
        .order_by(SessionTag.session_id, SessionTag.position)
    )
    participants = _grouped(
        select(Participant.session_id, Participant.contact_id, Participant.role, Participant.status)
        .join(Session, Session.id == Participant.session_id)
        .where(Session.event_id == event_id)
        .order_by(Participant.session_id, Participant.position, Participant.id)
    )
    files = _grouped(
        select(ContentFile.session_id, ContentFile.created_at, ContentFile.position, ContentFile.url)
        .join(Session, Session.id == ContentFile.session_id)
        .where(Session.event_id == event_id)
    )
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
    return tuple(
        SessionSnapshot(
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
            tags=tuple(names[choice_id] for (choice_id,) in tags[row.id]),
            tag_colours=tuple(choices.colours[choice_id] for (choice_id,) in tags[row.id]),
            content_url=_newest(files[row.id]),
            participants=tuple(
                ParticipantSnapshot(contact_source_ids[contact_id], role, status)
                for contact_id, role, status in participants[row.id]
            ),
            custom_fields=row.custom_fields,
        )
        for row in rows
    )


def _grouped(statement: Any) -> dict[int, list[tuple[Any, ...]]]:
    """Rows by their first column, without it."""
    groups: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in db.session.execute(statement):
        groups[row[0]].append(tuple(row[1:]))
    return groups


def _newest(files: list[tuple[Any, ...]]) -> str | None:
    """The URL of the newest file; of equally old ones the last."""
    if not files:
        return None
    return str(max(files, key=lambda file: (file[0] is not None, file[0], file[1]))[2])


def load_rules(mapping: Mapping, settings: Settings, unpublish_approved: int = 0) -> Rules:
    """A mapping's field rows and settings, and the word that was given for this run (D12)."""
    rows = {
        kind: tuple(FieldRow(row.field, row.slug) for row in mapping.field_mappings if row.kind == kind)
        for kind in ("session", "speaker")
    }
    return Rules(
        session_fields=rows["session"],
        speaker_fields=rows["speaker"],
        send_moderators=mapping.send_moderators,
        send_chairpersons=mapping.send_chairpersons,
        send_content=mapping.send_content,
        unpublish_sessions=mapping.unpublish_sessions,
        unpublish_speakers=mapping.unpublish_speakers,
        unpublish_approved=unpublish_approved,
        unpublish_limit=settings.unpublish_limit,
        unpublish_share=settings.unpublish_share,
        recreate_deleted=mapping.recreate_deleted,
        timezone_confirmed_for=mapping.timezone_confirmed_for,
    )


def load_links(mapping: Mapping) -> Links:
    """Everything linked on the mapping's site and seminar (I2), and the marks of links that ended (F3, F4)."""
    rows = db.session.execute(
        select(
            Link.kind,
            Link.key,
            Link.asp_uuid,
            Link.pushed,
            Link.pushed_hash,
            Link.refused,
            Link.unpublished,
        ).where(
            Link.organisation_id == mapping.organisation_id,
            Link.site_uuid == mapping.site_uuid,
            Link.seminar_uuid.in_(("", mapping.seminar_uuid)),
        )
    )
    links: dict[str, dict[str, LinkSnapshot]] = {kind: {} for kind in LinkKind}
    for kind, *values in rows:
        links[kind][values[0]] = LinkSnapshot(*values)
    frozen = db.session.scalars(
        select(FrozenSession.source_id).where(
            FrozenSession.organisation_id == mapping.organisation_id,
            FrozenSession.site_uuid == mapping.site_uuid,
        )
    )
    unpublished = db.session.scalars(
        select(UnpublishedSpeaker.asp_uuid).where(
            UnpublishedSpeaker.organisation_id == mapping.organisation_id,
            UnpublishedSpeaker.site_uuid == mapping.site_uuid,
        )
    )
    return Links(
        sessions=links[LinkKind.SESSION],
        speakers=links[LinkKind.SPEAKER],
        streams=links[LinkKind.STREAM],
        locations=links[LinkKind.LOCATION],
        frozen=frozenset(frozen),
        unpublished=frozenset(unpublished),
    )


def remembered_offer(mapping: Mapping, links: Links) -> Offer:
    """What the seminar offered when it was last read, for readiness, which asks nobody."""
    kept = mapping.offer
    return Offer(
        custom_fields=dict(kept.get("custom_fields", {})),
        session_types=tuple(kept.get("session_types", ())),
        streams=_from_links(links.streams),
        locations=_from_links(links.locations),
        site_timezone=kept.get("site_timezone"),
        asked=False,
    )


def _from_links(links: dict[str, LinkSnapshot]) -> tuple[OfferedChoice, ...]:
    return tuple(OfferedChoice(link.asp_uuid, link.key) for link in links.values())


def make_offer(
    site: Site,
    seminar: Seminar,
    session_types: list[str],
    streams: Iterable[AspChoice] = (),
    locations: Iterable[AspChoice] = (),
) -> Offer:
    """What ASP was found to offer."""
    return Offer(
        custom_fields=seminar.custom_fields,
        session_types=tuple(session_types),
        streams=tuple(OfferedChoice(each.uuid, each.name, each.colour) for each in streams),
        locations=tuple(OfferedChoice(each.uuid, each.name) for each in locations),
        site_timezone=known_timezone(site.timezone),
    )


def known_timezone(name: str | None) -> str | None:
    """The name if IANA knows it; a timezone that ASP names otherwise counts as not told (D10)."""
    try:
        return str(ZoneInfo(name)) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offer_to_keep(offer: Offer) -> dict[str, Any]:
    """What of an offer is remembered with the mapping."""
    return {
        "custom_fields": offer.custom_fields,
        "session_types": list(offer.session_types),
        "site_timezone": offer.site_timezone,
    }
