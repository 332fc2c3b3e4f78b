"""An event's mapping and its terms: rules and links from the database, and what its seminar offers."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.asp.records import AspChoice, Seminar, Site
from portal.config import Settings
from portal.models import Event, FrozenSession, KeptField, Link, LinkKind, Mapping, UnpublishedSpeaker, db
from portal.programme.values import timezones
from portal.sync.planning.snapshot import FieldRow, Links, LinkSnapshot, Offer, Rules
from portal.text.matching import fold

# In a remembered offer: what was not there any more when it was last looked for, the seminar or its ASP event.
GONE_MARK, UNSEEN_MARK = "gone", "unseen"


def mapping_of(event: Event) -> Mapping | None:
    """The event's mapping in use, if it has one (B5)."""
    return db.session.scalar(
        select(Mapping).where(Mapping.event_id == event.id, Mapping.removed_at.is_(None))
    )


def load_rules(mapping: Mapping, settings: Settings, unpublish_approved: int = 0) -> Rules:
    """A mapping's field rows and settings, and what was approved for this run (D12)."""
    return Rules(
        session_fields=rows_of(mapping, "session"),
        speaker_fields=rows_of(mapping, "speaker"),
        send_moderators=mapping.send_moderators,
        send_chairpersons=mapping.send_chairpersons,
        send_content=mapping.send_content,
        unpublish_sessions=mapping.unpublish_sessions,
        unpublish_speakers=mapping.unpublish_speakers,
        unpublish_approved=unpublish_approved,
        unpublish_limit=settings.unpublish_limit,
        unpublish_share=settings.unpublish_share,
        recreate_deleted=mapping.recreate_deleted,
        people_first=mapping.people_first,
        timezone_confirmed_for=mapping.timezone_confirmed_for,
        seminar=seminar_in_words(mapping),
    )


def rows_of(mapping: Mapping, kind: str) -> tuple[FieldRow, ...]:
    """A mapping's rows of one kind ("session" or "speaker"), in their order."""
    return tuple(FieldRow(row.field, row.slug) for row in mapping.field_mappings if row.kind == kind)


def seminar_in_words(mapping: Mapping) -> str:
    """A mapping's seminar by its name, where it has one, and its number."""
    name, number = mapping.seminar_name, mapping.seminar_number
    return f"{name} ({number})" if name else number


def of_place(table: type[Link] | type[KeptField], mapping: Mapping) -> tuple[ColumnElement[bool], ...]:
    """The rows of the mapping's site and seminar; those of speakers belong to no seminar (I2)."""
    return (
        table.organisation_id == mapping.organisation_id,
        table.site_uuid == mapping.site_uuid,
        table.seminar_uuid.in_(("", mapping.seminar_uuid)),
    )


def find_link(mapping: Mapping, kind: str, key: str) -> Link | None:
    """The link of a record to its record in ASP, where the mapping leads to; None where there is none (I2)."""
    return db.session.scalar(select(Link).where(*of_place(Link, mapping), Link.kind == kind, Link.key == key))


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
            Link.gone,
            Link.hidden,
        ).where(*of_place(Link, mapping))
    )
    kept = _kept_fields(mapping)
    links: dict[str, dict[str, LinkSnapshot]] = {kind: {} for kind in LinkKind}
    for kind, *values in rows:
        link = LinkSnapshot(*values)
        links[kind][link.key] = replace(link, kept=kept.get((kind, link.key), frozenset()))
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


def _kept_fields(mapping: Mapping) -> dict[tuple[str, str], frozenset[str]]:
    """By kind and key of a record: the slugs that are left to ASP's editors."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    rows = db.session.execute(
        select(KeptField.kind, KeptField.key, KeptField.slug).where(*of_place(KeptField, mapping))
    )
    for kind, key, slug in rows:
        found[kind, key] = found.get((kind, key), frozenset()) | {slug}
    return found


def remembered_offer(mapping: Mapping, links: Links) -> Offer:
    """What the seminar offered when it was last read, for readiness, which asks nobody; choices are those linked."""
    kept = mapping.offer
    return Offer(
        custom_fields=dict(kept.get("custom_fields", {})),
        session_types=tuple(kept.get("session_types", ())),
        streams=_from_links(links.streams),
        locations=_from_links(links.locations),
        site_timezone=kept.get("site_timezone"),
    )


def _from_links(links: dict[str, LinkSnapshot]) -> tuple[AspChoice, ...]:
    return tuple(AspChoice(link.asp_uuid, link.key) for link in links.values())


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
        streams=tuple(streams),
        # A colour is a stream's alone.
        locations=tuple(AspChoice(each.uuid, each.name) for each in locations),
        site_timezone=known_timezone(site.timezone),
    )


def known_timezone(name: str | None) -> str | None:
    """The name as IANA spells it (D2c); a timezone that ASP names otherwise counts as not told (D10)."""
    return _spellings().get(fold(name or ""))


@cache
def _spellings() -> dict[str, str]:
    return {fold(each): each for each in timezones()}


def offer_to_keep(offer: Offer) -> dict[str, Any]:
    """What of an offer is remembered with the mapping."""
    return {
        "custom_fields": offer.custom_fields,
        "session_types": list(offer.session_types),
        "site_timezone": offer.site_timezone,
    }
