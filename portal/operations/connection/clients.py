"""An organisation's way to ASP: the client for its stored credentials."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g

from portal.asp.client import AspClient
from portal.asp.contract import Contract, load_contract
from portal.asp.errors import CredentialsRejected
from portal.asp.patience import Waiting
from portal.asp.transport import Transport
from portal.config import current_settings
from portal.errors import Refused
from portal.models import Connection, Organisation, db, now
from portal.operations.queries.organisation import find_connection
from portal.operations.seats import Seat, take_seat
from portal.secrets import current_vault
from portal.sync.running.marks import mark_rejected

LONGEST_AT_A_PAGE = 15.0  # seconds in all, whatever ASP does
WAITING_AT_ONCE = 2  # pages of one organisation
SEAT_WITHIN = 2.0  # seconds that a third one waits for its turn
AT_PAGES = "portal_wait_at_pages"
NOT_CONNECTED = "ASP Events is not connected. Connect it under Settings → Integrations."


def require_connection(organisation: Organisation) -> Connection:
    """The organisation's connection. Raises Refused when there is none."""
    connection = find_connection(organisation.id)
    if connection is None:
        raise Refused(NOT_CONNECTED)
    return connection


def contract() -> Contract:
    """What is known and assumed of ASP's API here."""
    return load_contract(current_settings().asp_contract)


def make_client(organisation_id: int, api_key: str, secret: str) -> AspClient:
    """A client with these credentials and this installation's settings; the caller closes it.

    At a page it has the terms of `wait_at_pages`. Raises Refused when too many pages of the organisation wait.
    """
    settings = current_settings()
    at_page = current_app.extensions.get(AT_PAGES, False)
    seat = _take_seat(organisation_id) if at_page else None
    return AspClient(
        Transport(
            base_url=settings.asp_base_url,
            api_key=api_key,
            api_secret=secret,
            contract=contract(),
            timeout=settings.asp_timeout,
            in_flight=settings.asp_in_flight,
            first_pause=settings.asp_retry_pause,
            waiting=Waiting(within=_time_left()) if at_page else None,
        ),
        on_close=seat.free if seat else None,
    )


def client_for(connection: Connection) -> AspClient:
    """A client with an organisation's stored credentials. Raises PortalError when the secret cannot be read."""
    secret = current_vault().decrypt(connection.secret_encrypted)
    return make_client(connection.organisation_id, connection.api_key, secret)


@contextmanager
def asking(organisation: Organisation) -> Iterator[AspClient]:
    """A client to ask ASP with: no transaction stays open meanwhile, and a key that ASP rejects is noted (A7).

    Raises Refused when not connected.
    """
    connection = require_connection(organisation)
    connection_id, client = connection.id, client_for(connection)
    db.session.rollback()
    try:
        yield client
    except CredentialsRejected:
        mark_rejected(connection_id, now())
        raise
    finally:
        client.close()


def wait_at_pages(app: Flask) -> None:
    """Let nobody wait for ASP for long in this application, as every page stands still meanwhile (E12)."""
    app.extensions[AT_PAGES] = True


def _time_left() -> float:
    """Seconds for which this page may go on waiting, with all the clients that it needs one after the other."""
    ends_at: float = g.setdefault("asp_ends_at", time.monotonic() + LONGEST_AT_A_PAGE)
    return ends_at - time.monotonic()


def _take_seat(organisation_id: int) -> Seat:
    seat = take_seat(f"asp-{organisation_id}", WAITING_AT_ONCE, SEAT_WITHIN)
    if seat is None:
        raise Refused("Other pages of your organisation are waiting for ASP Events. Try again in a moment.")
    return seat
