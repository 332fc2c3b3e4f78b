"""What keeps a sync from starting (E9): one answer for agenda, card, window, list of events and run.

Nobody is asked: it is what the last look at ASP and at the source has told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from portal.asp.contract import load_contract
from portal.config import current_settings
from portal.models import Connection, Event, FrozenSession, Mapping, Session, db, now
from portal.operations.connection.clients import NOT_CONNECTED
from portal.operations.sources.connecting import waits_for_token
from portal.operations.syncing.runs import NOT_MAPPED
from portal.programme.statuses import accepted_among, told_categories
from portal.sync.planning.columns import session_columns
from portal.sync.planning.snapshot import Links, Offer
from portal.sync.planning.timezones import mismatch_of_timezones
from portal.sync.running.terms import GONE_MARK, UNSEEN_MARK, load_rules, remembered_offer, seminar_in_words
from portal.text.matching import trimmed

REJECTED = "ASP Events rejects the API key and secret. Enter them again."
TOKEN_REJECTED = "Sessionboard rejects the access token of this programme. Enter another one."  # noqa: S105
SEMINAR_GONE = (
    "The seminar {seminar} is no longer in ASP. Make it there again, or remove the mapping and map the event to "
    "another one."
)
SITE_UNSEEN = (
    "The API key cannot see the ASP event {site} any more. Let the key see it in ASP, or enter the key of the "
    "organisation that has it."
)


class WayOut(StrEnum):
    """Where an obstacle is put out of the way."""

    CONNECT = "connect"
    MAP_EVENTS = "map_events"
    CHECK = "check"  # in ASP; then Check again
    TIMEZONE = "timezone"  # in ASP as well, or in the event's details
    EVENT_SETTINGS = "event_settings"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing can be synced, in an admin's words, and where that is put right."""

    words: str
    place: WayOut
    pauses: bool = True  # continuous sync, until somebody puts it right (A6)


def find_obstacles(event: Event, mapping: Mapping | None, connection: Connection | None) -> list[Obstacle]:
    """What stands in the way of a sync of the event, worst first; nothing when it can begin."""
    if connection is None:
        return [Obstacle(NOT_CONNECTED, WayOut.CONNECT)]
    if mapping is None:
        return [Obstacle(NOT_MAPPED, WayOut.MAP_EVENTS)]
    found = [Obstacle(REJECTED, WayOut.CONNECT)] if connection.rejected_at else []
    if waits_for_token(event):
        found.append(Obstacle(TOKEN_REJECTED, WayOut.SOURCE))
    if mapping.offer.get(UNSEEN_MARK):
        return [*found, Obstacle(SITE_UNSEEN.format(site=mapping.site_name), WayOut.CHECK)]
    if mapping.offer.get(GONE_MARK):
        return [*found, Obstacle(SEMINAR_GONE.format(seminar=seminar_in_words(mapping)), WayOut.CHECK)]
    return found + find_obstacles_in_asp(event, mapping, remembered_offer(mapping, Links()))


def find_obstacles_in_asp(event: Event, mapping: Mapping, offer: Offer) -> list[Obstacle]:
    """What of the offer is in the way: a custom field that the seminar lacks, clocks that do not agree (D8, D10)."""
    settings = current_settings()
    rules = load_rules(mapping, settings)
    missing = session_columns(rules, offer, load_contract(settings.asp_contract)).missing_required  # D8
    found = [Obstacle(words, WayOut.CHECK) for words in missing]
    mismatch = mismatch_of_timezones(_times(event, mapping, offer), event.timezone, offer, rules)  # D10
    if mismatch:
        place = WayOut.EVENT_SETTINGS if offer.site_timezone is None else WayOut.TIMEZONE
        found.append(Obstacle(mismatch, place, pauses=False))
    return found


def needs_person(mapping: Mapping, connection: Connection | None) -> bool:  # A6
    """Whether continuous sync of the mapping pauses by itself: a pair or a token that is not accepted, a seminar or
    its `sessionboard_id` that is gone. The next good look at ASP or the source ends it; a button asks for one.
    """
    return any(each.pauses for each in find_obstacles(mapping.event, mapping, connection))


def find_obstacles_of(
    mappings: Iterable[Mapping], connection: Connection | None
) -> dict[int, list[Obstacle]]:
    """The same for several mappings, by their id."""
    return {mapping.id: find_obstacles(mapping.event, mapping, connection) for mapping in mappings}


def _times(event: Event, mapping: Mapping, offer: Offer) -> list[datetime]:
    """The starts and ends of the sessions that would be sent (D5–D7, F3); none where ASP tells no timezone."""
    if offer.site_timezone is None or offer.site_timezone == event.timezone:
        return []
    frozen = select(FrozenSession.source_id).where(
        FrozenSession.organisation_id == mapping.organisation_id, FrozenSession.site_uuid == mapping.site_uuid
    )
    rows = db.session.execute(
        select(
            Session.title, Session.client_session_id, Session.status, Session.starts_at, Session.ends_at
        ).where(
            Session.event_id == event.id,
            Session.ends_at > now(),
            Session.starts_at < Session.ends_at,
            Session.source_id.not_in(frozen),
        )
    ).all()
    accepted = accepted_among({row.status for row in rows}, told_categories(event.id))
    return [
        time
        for row in rows
        if row.status in accepted and trimmed(row.title or "") and trimmed(row.client_session_id or "")
        for time in (row.starts_at, row.ends_at)
    ]
