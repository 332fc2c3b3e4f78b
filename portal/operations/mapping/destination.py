"""Where an event can go: the ASP events and seminars that an organisation's key sees (B1, B3)."""

import re
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.asp.client import AspClient
from portal.asp.errors import NotThere
from portal.asp.records import Seminar, Site
from portal.errors import Refused
from portal.models import Event, Mapping, Organisation, db
from portal.operations.connection.clients import asking
from portal.sync.planning.snapshot import Offer
from portal.sync.running.terms import make_offer
from portal.text.matching import trimmed

ENDS_IN_NUMBER = re.compile(r"/(\d+)/?(?:[?#].*)?$")


@dataclass(frozen=True, slots=True)
class Destination:
    """What ASP says of a site and one of its seminars."""

    site: Site
    seminar: Seminar
    offer: Offer


def list_sites(organisation: Organisation) -> list[Site]:
    """The ASP events that the organisation's API key can see. Raises AspError, and Refused when not connected."""
    with asking(organisation) as client:
        return client.sites()


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


def find_destination(organisation: Organisation, site_uuid: str, seminar_id: str) -> Destination:  # B3
    """Look up what was chosen and typed. Raises Refused with the form's field, and AspError."""
    site_uuid, seminar_id = site_uuid.strip(), seminar_number(seminar_id)
    if not site_uuid:
        raise Refused("Choose the ASP event.", "site")
    if not seminar_id:
        raise Refused("Enter the Seminar ID.", "seminar_id")
    with asking(organisation) as client:
        return _look_up(client, site_uuid, seminar_id)


def seminar_number(typed: str) -> str:
    """What was typed as a Seminar ID; of an address of ASP's back office, which ends in the number, that (B3)."""
    text = trimmed(typed)
    found = ENDS_IN_NUMBER.search(text)
    return found[1] if found else text


def _look_up(client: AspClient, site_uuid: str, seminar_id: str) -> Destination:
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
    return Destination(site, seminar, make_offer(site, seminar, client.session_types(seminar.uuid)))
