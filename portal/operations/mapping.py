"""Map an event to an ASP event and a seminar, and remove a mapping (B)."""

import re
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.asp.client import AspClient, Seminar, Site
from portal.asp.errors import NotThere
from portal.errors import Refused
from portal.models import (
    ACTIVE,
    Event,
    Link,
    LinkKind,
    Mapping,
    Organisation,
    Run,
    Session,
    db,
    now,
)
from portal.operations.access import client_for, contract, require_connection
from portal.operations.copying import begin_like
from portal.operations.history import record
from portal.operations.syncing import end_runs
from portal.operations.timezones import confirm_timezone
from portal.sync.planning.context import Context
from portal.sync.planning.plan import Planner
from portal.sync.planning.snapshot import FieldRow, Links, Offer, Rules
from portal.sync.running.loading import load_programme
from portal.sync.running.terms import make_offer, offer_to_keep
from portal.text.matching import trimmed

ENDS_IN_NUMBER = re.compile(r"/(\d+)/?(?:[?#].*)?$")


@dataclass(frozen=True, slots=True)
class AddedMapping:
    """A mapping, whether it is new, and what will stop or hinder its sync."""

    mapping: Mapping
    created: bool
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """What ASP says of the chosen site and seminar."""

    site: Site
    seminar: Seminar
    offer: Offer


def list_sites(organisation: Organisation) -> list[Site]:
    """The ASP events that the organisation's API key can see. Raises AspError, and Refused when not connected."""
    client = _client(organisation)
    try:
        return client.sites()
    finally:
        client.close()


def _client(organisation: Organisation) -> AspClient:
    client = client_for(require_connection(organisation))
    db.session.rollback()  # no transaction stays open while ASP is asked
    return client


def free_sites(organisation: Organisation, sites: list[Site]) -> list[Site]:
    """Those that are not mapped now. One that was synced before can only be mapped to its former event (B2)."""
    taken = set(
        db.session.scalars(
            select(Mapping.site_uuid).where(
                Mapping.organisation_id == organisation.id, Mapping.removed_at.is_(None)
            )
        )
    )
    return [site for site in sites if site.uuid not in taken]


def free_events(organisation: Organisation) -> list[Event]:
    """The organisation's events that are not mapped now, by name (B2)."""
    taken = select(Mapping.event_id).where(Mapping.removed_at.is_(None))
    return list(
        db.session.scalars(
            select(Event)
            .where(Event.organisation_id == organisation.id, Event.id.not_in(taken))
            .order_by(func.lower(Event.name), Event.id)
        )
    )


def add_mapping(
    organisation: Organisation,
    event: Event,
    site_uuid: str,
    seminar_id: str,
    confirmed: bool,
    actor: str,
    *,
    second_set: bool = True,
    unpublish: bool | None = None,
    like: Mapping | None = None,
) -> AddedMapping:
    """Map an event (B1–B3). The same pair once more changes nothing.

    `confirmed` is the word of D10. Without `second_set` an event whose sessions stand in another seminar of the ASP
    event is refused, with their number (B4). A new mapping begins with the fields and settings of `like`, where there
    is one; `unpublish` says whether it takes off the website what is no longer accepted (D9), None as it begins.
    Raises Refused with the form's field, and AspError; nothing is stored then.
    """
    organisation_id, event_id, seminar_id = organisation.id, event.id, seminar_number(seminar_id)
    pattern_id = like.id if like else None
    if not site_uuid.strip():
        raise Refused("Choose the ASP event.", "site")
    if not seminar_id:
        raise Refused("Enter the Seminar ID.", "seminar_id")
    client = _client(organisation)
    try:
        found = _look_up(client, site_uuid.strip(), seminar_id)
    finally:
        client.close()
    organisation = db.session.get_one(Organisation, organisation_id)
    event = db.session.get_one(Event, event_id)
    former = _former(organisation, event, found)
    if former is not None and former.removed_at is None:
        if confirmed and (word := confirm_timezone(former, event.timezone)):
            text = f"Changed the settings of {event.name}: {word}."
            record(organisation.id, actor, "settings changed", text, event_id=event.id)
            db.session.commit()
        return AddedMapping(former, created=False, warnings=_warnings(event, former, found.offer))
    if found.offer.site_timezone is None and not confirmed:
        raise Refused(
            f"ASP does not tell the timezone of {found.site.name}. Look it up in ASP: when it is "
            f"{event.timezone}, the event's own, confirm that.",
            "confirm_timezone",
        )
    second = _second_set(event, found, former)
    if second and not second_set:
        raise Refused(second, "confirm_second")
    mapping = former or Mapping(
        organisation_id=organisation.id, event=event, site_uuid=found.site.uuid, created_by=actor
    )
    if former is None:
        begin_like(mapping, db.session.get(Mapping, pattern_id) if pattern_id else None)
        if unpublish is not None:
            mapping.unpublish_sessions = mapping.unpublish_speakers = unpublish
        db.session.add(mapping)
    _renew(mapping, found, event.timezone if confirmed else None, actor)
    record(
        organisation.id,
        actor,
        "mapped",
        f"Mapped {event.name} to {found.site.name}, seminar {mapping.seminar_number}.",
        event_id=event.id,
    )
    try:
        db.session.commit()
    except IntegrityError as clash:  # somebody else was quicker
        db.session.rollback()
        raise Refused("The event or the ASP event has just been mapped by somebody else.", "site") from clash
    warnings = [*([second] if second else []), *_warnings(event, mapping, found.offer)]
    return AddedMapping(mapping, created=True, warnings=warnings)


def seminar_number(typed: str) -> str:
    """What was typed as a Seminar ID; of an address of ASP's back office, which ends in the number, that (B3)."""
    text = trimmed(typed)
    found = ENDS_IN_NUMBER.search(text)
    return found[1] if found else text


def _second_set(event: Event, found: _Found, former: Mapping | None) -> str | None:  # B4
    """What would stand in this ASP event a second time, because another of its seminars has it already."""
    number = db.session.scalar(
        select(func.count())
        .select_from(Link)
        .where(
            Link.organisation_id == event.organisation_id,
            Link.kind == LinkKind.SESSION,
            Link.site_uuid == found.site.uuid,
            Link.seminar_uuid != found.seminar.uuid,
            Link.key.in_(select(Session.source_id).where(Session.event_id == event.id)),
        )
    )
    if not number:
        return None
    there = f"{former.seminar_name} ({former.seminar_number})" if former else "another seminar"
    sessions = f"{number:,} session{'' if number == 1 else 's'}"
    verb, them = ("is", "it") if number == 1 else ("are", "them")
    return (
        f"{sessions} of {event.name} {verb} already in {there} of {found.site.name}. A sync "
        f"to {found.seminar.name} ({found.seminar.number}) makes {them} a second time."
    )


def _look_up(client: AspClient, site_uuid: str, seminar_id: str) -> _Found:
    """Raises Refused for a site that the key cannot see and a seminar that is not the site's (B3)."""
    sites = client.sites()
    site = next((each for each in sites if each.uuid == site_uuid), None)
    site = site or next((each for each in sites if each.uuid.casefold() == site_uuid.casefold()), None)
    if site is None:
        raise Refused("This API key cannot see an ASP event with this id. Choose one from the list.", "site")
    try:
        seminar = client.seminar(seminar_id)
    except NotThere:
        raise Refused(
            f"ASP has no seminar “{seminar_id}”. Enter the ID of the seminar that contains the sessions, "
            f"not that of a single session.",
            "seminar_id",
        ) from None
    if seminar.site_uuid != site.uuid:
        raise Refused(
            f"The seminar “{seminar_id}” belongs to another ASP event, not to {site.name}.", "seminar_id"
        )
    return _Found(site, seminar, make_offer(site, seminar, client.session_types(seminar.uuid)))


def _former(organisation: Organisation, event: Event, found: _Found) -> Mapping | None:
    """The pair's own mapping, in use or removed. Raises Refused when either belongs to another (B2)."""
    rows = db.session.scalars(
        select(Mapping).where(
            or_(
                Mapping.event_id == event.id,
                (Mapping.organisation_id == organisation.id) & (Mapping.site_uuid == found.site.uuid),
            )
        )
    ).all()
    for row in rows:
        if row.event_id == event.id and row.site_uuid == found.site.uuid:
            if row.removed_at is None and row.seminar_uuid != found.seminar.uuid:
                raise Refused(
                    f"{event.name} is mapped to {row.site_name} with the seminar {row.seminar_number}. "
                    f"Remove that mapping first to change its seminar.",
                    "seminar_id",
                )
            return row
        if row.removed_at is not None and not _was_synced(row):  # its last run was ended before it wrote
            db.session.execute(update(Run).where(Run.mapping_id == row.id).values(mapping_id=None))
            db.session.delete(row)
            db.session.flush()
            continue
        formerly = "was once synced" if row.removed_at else "is already mapped"
        advice = (
            "It can only be mapped to that one again." if row.removed_at else "Remove that mapping first."
        )
        if row.event_id == event.id:
            raise Refused(f"{event.name} {formerly} to {row.site_name}. {advice}", "event")
        raise Refused(f"{found.site.name} {formerly} with {row.event.name}. {advice}", "site")
    return None


def _renew(mapping: Mapping, found: _Found, confirmed_for: str | None, actor: str) -> None:
    mapping.site_name = found.site.name
    mapping.seminar_uuid = found.seminar.uuid
    mapping.seminar_number = found.seminar.number or found.seminar.uuid
    mapping.seminar_name = found.seminar.name
    mapping.offer = offer_to_keep(found.offer)
    mapping.removed_at = None
    mapping.created_at = now()
    mapping.created_by = actor
    mapping.timezone_confirmed_for = confirmed_for if found.offer.site_timezone is None else None


def _warnings(event: Event, mapping: Mapping, offer: Offer) -> list[str]:
    """What will stop the sync: a timezone that does not match, a missing sessionboard_id (D8, D10)."""
    rules = Rules(
        session_fields=tuple(
            FieldRow(row.field, row.slug) for row in mapping.field_mappings if row.kind == "session"
        ),
        speaker_fields=(),
        timezone_confirmed_for=mapping.timezone_confirmed_for,
    )
    return Planner(Context(load_programme(event), rules, Links(), offer, contract(), now())).obstacles


def remove_mapping(mapping: Mapping, actor: str) -> None:
    """End a mapping; the connection and the other mappings stay (B4).

    The pair stays reserved for each other once something was synced through it (B2).
    """
    end_runs(Run.mapping_id == mapping.id)
    record(
        mapping.organisation_id,
        actor,
        "unmapped",
        f"Removed the mapping of {mapping.event.name} to {mapping.site_name}. What is in ASP stays there.",
        event_id=mapping.event_id,
    )
    if _was_synced(mapping):
        mapping.removed_at = now()
    else:
        db.session.execute(update(Run).where(Run.mapping_id == mapping.id).values(mapping_id=None))
        db.session.delete(mapping)
    db.session.commit()


def _was_synced(mapping: Mapping) -> bool:
    linked = select(Link.id).where(
        Link.organisation_id == mapping.organisation_id, Link.site_uuid == mapping.site_uuid
    )
    active = select(Run.id).where(Run.mapping_id == mapping.id, Run.status.in_(ACTIVE))
    return db.session.scalar(linked.limit(1)) is not None or db.session.scalar(active.limit(1)) is not None
