"""Map an event to an ASP event and a seminar (B)."""

from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from portal.errors import Refused
from portal.models import Event, Link, LinkKind, Mapping, Organisation, Session, db, now
from portal.operations.editing.timezones import confirm_timezone
from portal.operations.history import record
from portal.operations.mapping.copying import begin_like
from portal.operations.mapping.destination import Destination, find_destination
from portal.operations.mapping.unmapping import erase_mapping, was_synced
from portal.operations.syncing.obstacles import find_obstacles_in_asp
from portal.sync.planning.snapshot import Offer
from portal.sync.running.terms import offer_to_keep
from portal.text.numbers import count


@dataclass(frozen=True, slots=True)
class AddedMapping:
    """A mapping, whether it is in force anew and goes on as the pair was, and what will stop or hinder its sync."""

    mapping: Mapping
    created: bool
    warnings: list[str] = field(default_factory=list)
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What an admin answers to the questions that a new mapping asks."""

    confirms_timezone: bool = False  # D10
    second_set: bool = True  # also where the event's sessions stand in another seminar of the ASP event (B4)
    unpublish: bool | None = None  # whether what is no longer accepted is taken off the website (D9)
    like: Mapping | None = None  # whose fields and settings it begins with (B4)


def add_mapping(
    event: Event, site_uuid: str, seminar_id: str, actor: str, answers: Answers | None = None
) -> AddedMapping:
    """Map an event (B1–B3). The same pair once more changes nothing.

    A pair that was mapped before begins with its own fields and settings, and without an answer to D9 as they are.
    Raises Refused with the form's field, where an answer is missing too, and AspError; nothing is stored then.
    """
    answers = answers or Answers()
    event_id, like_id = event.id, answers.like.id if answers.like else None
    found = find_destination(event.organisation, site_uuid, seminar_id)
    event = db.session.get_one(Event, event_id)
    organisation, confirmed = event.organisation, answers.confirms_timezone
    former = _former(organisation, event, found)
    if former is not None and former.removed_at is None:
        return _keep(former, event, found, confirmed, actor)
    if found.offer.site_timezone is None and not confirmed:
        raise Refused(
            f"ASP does not tell the timezone of {found.site.name}. Look it up in ASP: when it is "
            f"{event.timezone}, the event’s own, confirm that.",
            "confirm_timezone",
        )
    second = _second_set(event, found, former)
    if second and not answers.second_set:
        raise Refused(second, "confirm_second")
    mapping = former
    if mapping is None:
        mapping = Mapping(organisation_id=organisation.id, event=event, site_uuid=found.site.uuid)
        begin_like(mapping, db.session.get(Mapping, like_id) if like_id else None)
        db.session.add(mapping)
    if answers.unpublish is not None:  # an answer counts, also for a pair that goes on as it was
        mapping.unpublish_sessions = mapping.unpublish_speakers = answers.unpublish
    _renew(mapping, found, event.timezone if confirmed else None, actor)
    _store(mapping, event, found, actor)
    warnings = [*([second] if second else []), *_warnings(event, mapping, found.offer)]
    return AddedMapping(mapping, created=True, warnings=warnings, goes_on=former is not None)


def _keep(mapping: Mapping, event: Event, found: Destination, confirmed: bool, actor: str) -> AddedMapping:
    """The same pair once more: nothing changes, except for a new confirmation of the timezone (D10)."""
    if confirmed and (word := confirm_timezone(mapping, event.timezone)):
        text = f"Changed the settings of {event.name}: {word}."
        record(mapping.organisation_id, actor, "settings changed", text, event_id=event.id)
        db.session.commit()
    return AddedMapping(mapping, created=False, warnings=_warnings(event, mapping, found.offer))


def _store(mapping: Mapping, event: Event, found: Destination, actor: str) -> None:
    """Raises Refused when somebody else has just mapped one of the two."""
    text = f"Mapped {event.name} to {found.site.name}, seminar {mapping.seminar_number}."
    record(mapping.organisation_id, actor, "mapped", text, event_id=event.id)
    try:
        db.session.commit()
    except IntegrityError as clash:
        db.session.rollback()
        raise Refused("The event or the ASP event has just been mapped by somebody else.", "site") from clash


def _former(organisation: Organisation, event: Event, found: Destination) -> Mapping | None:
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
        if row.removed_at is not None and not was_synced(row):  # its last run was ended before it wrote
            erase_mapping(row)
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


def _second_set(event: Event, found: Destination, former: Mapping | None) -> str | None:  # B4
    """What would stand in this ASP event a second time, because another of its seminars has it already."""
    of_this_site = (
        Link.organisation_id == event.organisation_id,
        Link.kind == LinkKind.SESSION,
        Link.site_uuid == found.site.uuid,
        Link.key.in_(select(Session.source_id).where(Session.event_id == event.id)),
    )
    in_seminar = Link.seminar_uuid == found.seminar.uuid
    elsewhere = set(db.session.scalars(select(Link.key).where(*of_this_site, ~in_seminar)))
    if not elsewhere:
        return None
    here = set(db.session.scalars(select(Link.key).where(*of_this_site, in_seminar)))
    seminars = db.session.scalars(
        select(Link.seminar_uuid).where(*of_this_site, ~in_seminar).distinct()
    ).all()
    # the mapping knows the seminar that it had last, which nothing may have been synced to
    is_known = former is not None and seminars == [former.seminar_uuid]
    there = f"{former.seminar_name} ({former.seminar_number})" if former and is_known else "another seminar"
    return (
        f"{count(len(elsewhere), 'session')} of {event.name} {'is' if len(elsewhere) == 1 else 'are'} already in "
        f"{there} of {found.site.name}. A sync to {found.seminar.name} ({found.seminar.number}) "
        f"{_made_again(len(elsewhere), len(elsewhere - here))}"
    )


def _made_again(elsewhere: int, anew: int) -> str:
    """What a sync does with the sessions that stand elsewhere, of which the seminar does not have `anew` yet."""
    if not anew:
        whose = "its" if elsewhere == 1 else "their"
        return f"changes {whose} second set alone, which it has already: the other stays as it is."
    them = "it" if elsewhere == 1 else "them" if anew == elsewhere else f"{anew:,} of them"
    return f"makes {them} a second time."


def _renew(mapping: Mapping, found: Destination, confirmed_for: str | None, actor: str) -> None:
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
    """What will stop the sync, as the agenda says it."""
    return [each.words for each in find_obstacles_in_asp(event, mapping, offer)]
