"""Connect an organisation to Sessionboard, see its events there, and disconnect it (H1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal.config import current_settings
from portal.errors import PortalError, Refused
from portal.models import Event, NotedMessage, Organisation, PulledEvent, Source, db, now
from portal.operations.connection.clients import AT_PAGES
from portal.operations.connection.secrets import erase_traces
from portal.operations.history import record
from portal.operations.queries.editable import FROM_SESSIONBOARD
from portal.operations.seats import Seat, take_seat
from portal.programme.sources.errors import SourceError, TokenRejected
from portal.programme.sources.sessionboard.client import SessionboardClient
from portal.programme.sources.sessionboard.source import SessionboardSource
from portal.programme.sources.sessionboard.transport import LONGEST, Transport
from portal.programme.sources.source import OfferedEvent
from portal.secrets import current_vault
from portal.text.numbers import count

BY_HAND = "portal"
LONGEST_AT_A_PAGE = 60.0  # seconds that somebody waits for a page that asks Sessionboard
WAITING_AT_ONCE = 2  # pages of one organisation
SEAT_WITHIN = 2.0  # seconds
NOT_CONNECTED = "Sessionboard is not connected. Connect it under Settings → Integrations."

UNREADABLE = (
    "The stored access token of Sessionboard cannot be read with this installation’s keys. Enter it again under "
    "Settings → Integrations."
)


@dataclass(frozen=True, slots=True)
class EventThere:
    """An event that the token may read, and whether it is taken in here."""

    event: OfferedEvent
    taken: bool


def find_source(organisation_id: int) -> Source | None:
    """The organisation's access to Sessionboard, if it has one."""
    return db.session.scalar(select(Source).where(Source.organisation_id == organisation_id))


def require_source(organisation_id: int) -> Source:
    """The same. Raises Refused when there is none."""
    source = find_source(organisation_id)
    if source is None:
        raise Refused(NOT_CONNECTED)
    return source


def open_source(source: Source, between: Callable[[], None] = lambda: None) -> SessionboardSource:
    """The source with the organisation's stored token; who opens it closes it.

    Raises PortalError when the token cannot be read, and Refused when too many pages of the organisation wait.
    """
    try:
        token = current_vault().decrypt(source.token_encrypted)
    except PortalError as problem:
        raise PortalError(UNREADABLE) from problem
    return _open(source.organisation_id, source.region, token, between)


def connect_sessionboard(organisation: Organisation, region: str, token: str, actor: str) -> int:
    """Store the token after Sessionboard has accepted it; returns how many events it may read.

    Raises Refused for what is missing, for what Sessionboard says, and for a token that hides personal data; nothing
    is stored then.
    """
    token = token.strip()
    if not token:
        raise Refused("Enter the access token.", "token")
    if not (token.isascii() and token.isprintable()):
        raise Refused("This is no access token: it holds characters that none has.", "token")
    if region not in ("us", "eu"):
        raise Refused("Choose the region: US or EU.", "region")
    organisation_id = organisation.id
    db.session.rollback()  # no transaction stays open while Sessionboard is asked
    opened = _open(organisation_id, region, token)
    try:
        events = opened.events()
        opened.check_personal_data(events)
    except SourceError as problem:
        raise Refused(f"{problem} Nothing was saved.", "token") from problem
    finally:
        opened.close()
    try:
        _store(organisation_id, region, token, actor)
    except IntegrityError:  # somebody else connected in the same moment: this changes what they stored
        db.session.rollback()
        _store(organisation_id, region, token, actor)
    return len(events)


def list_events_there(organisation: Organisation) -> list[EventThere]:
    """What the token may read; that it is accepted is noted (A6).

    Raises Refused, and SourceError for what Sessionboard says.
    """
    source = require_source(organisation.id)
    source_id = source.id
    opened = open_source(source)
    taken = set(
        db.session.scalars(
            select(Event.source_id).where(
                Event.organisation_id == organisation.id, Event.source == FROM_SESSIONBOARD
            )
        )
    )
    db.session.rollback()
    try:
        events = opened.events()
    except TokenRejected:
        mark_token_rejected(source_id, now())
        raise
    finally:
        opened.close()
    db.session.execute(update(Source).where(Source.id == source_id).values(rejected_at=None))
    db.session.commit()
    return [EventThere(each, each.id in taken) for each in events]


def disconnect_sessionboard(organisation: Organisation, actor: str) -> int:
    """Forget the token; returns how many events stay, editable from then on. Raises Refused when there is none."""
    source = require_source(organisation.id)
    ours = (Event.organisation_id == organisation.id, Event.source == FROM_SESSIONBOARD)
    db.session.execute(
        delete(PulledEvent)
        .where(PulledEvent.event_id.in_(select(Event.id).where(*ours)))
        .execution_options(synchronize_session=False)
    )
    kept = db.session.scalars(update(Event).where(*ours).values(source=BY_HAND).returning(Event.id)).all()
    db.session.execute(delete(NotedMessage).where(NotedMessage.organisation_id == organisation.id))
    db.session.execute(delete(Source).where(Source.id == source.id))
    events = count(len(kept), "event")
    record(
        organisation.id,
        actor,
        "disconnected",
        f"Disconnected Sessionboard: {events} stay here and can be edited by hand.",
    )
    db.session.commit()
    erase_traces()
    return len(kept)


def mark_token_rejected(source_id: int, moment: datetime) -> None:
    """Note since when the token is not accepted, and commit (A6)."""
    still = (Source.id == source_id, Source.rejected_at.is_(None))
    db.session.execute(update(Source).where(*still).values(rejected_at=moment))
    db.session.commit()


def waits_for_token(event: Event) -> bool:
    """Whether continuous sync of the event rests until somebody enters a token that is accepted (A6)."""
    if event.source != FROM_SESSIONBOARD:
        return False
    source = find_source(event.organisation_id)
    return source is not None and source.rejected_at is not None


def _open(
    organisation_id: int, region: str, token: str, between: Callable[[], None] = lambda: None
) -> SessionboardSource:
    settings = current_settings()
    at_page = current_app.extensions.get(AT_PAGES, False)
    seat = _take_seat(organisation_id) if at_page else None
    transport = Transport(
        base_url=settings.sessionboard_eu_url if region == "eu" else settings.sessionboard_us_url,
        token=token,
        timeout=settings.sessionboard_timeout,
        first_pause=settings.sessionboard_retry_pause,
        within=LONGEST_AT_A_PAGE if at_page else LONGEST,
        between=between,
    )
    return SessionboardSource(SessionboardClient(transport, seat.free if seat else None), now)


def _take_seat(organisation_id: int) -> Seat:
    seat = take_seat(f"sessionboard-{organisation_id}", WAITING_AT_ONCE, SEAT_WITHIN)
    if seat is None:
        raise Refused("Other pages of your organisation are waiting for Sessionboard. Try again in a moment.")
    return seat


def _store(organisation_id: int, region: str, token: str, actor: str) -> None:
    source = find_source(organisation_id)
    words = "Changed the access token of Sessionboard"
    if source is None:
        source = Source(organisation_id=organisation_id, connected_by=actor, connected_at=now())
        db.session.add(source)
        words = "Connected Sessionboard"
    source.region = region
    source.token_encrypted = current_vault().encrypt(token)  # A3b: always under the newest key
    source.rejected_at = None
    record(organisation_id, actor, "connected", f"{words} ({region.upper()}).")
    db.session.commit()
    erase_traces()  # of the token that stood there before
