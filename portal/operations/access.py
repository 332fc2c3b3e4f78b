"""An organisation's way to ASP: the client for its stored credentials."""

from sqlalchemy import select

from portal.asp.client import AspClient
from portal.asp.contract import Contract, load_contract
from portal.asp.transport import Transport
from portal.config import current_settings
from portal.errors import Refused
from portal.models import Connection, Organisation, db
from portal.secrets import current_vault

LONGEST_PAUSE_AT_A_PAGE = 30.0  # seconds that somebody waits for a form when ASP limits the rate
NOT_CONNECTED = "ASP Events is not connected. Connect it under Settings → Integrations."


def find_connection(organisation_id: int) -> Connection | None:
    """The organisation's connection, if it has one."""
    return db.session.scalar(select(Connection).where(Connection.organisation_id == organisation_id))


def require_connection(organisation: Organisation) -> Connection:
    """The organisation's connection. Raises Refused when there is none."""
    connection = find_connection(organisation.id)
    if connection is None:
        raise Refused(NOT_CONNECTED)
    return connection


def contract() -> Contract:
    """What is known and assumed of ASP's API here."""
    return load_contract(current_settings().asp_contract)


def make_client(api_key: str, secret: str, longest_pause: float = LONGEST_PAUSE_AT_A_PAGE) -> AspClient:
    """A client with these credentials and this installation's settings."""
    own = current_settings()
    return AspClient(
        Transport(
            base_url=own.asp_base_url,
            api_key=api_key,
            api_secret=secret,
            contract=contract(),
            timeout=own.asp_timeout,
            in_flight=own.asp_in_flight,
            first_pause=own.asp_retry_pause,
            longest_pause=longest_pause,
        )
    )


def client_for(connection: Connection, longest_pause: float = LONGEST_PAUSE_AT_A_PAGE) -> AspClient:
    """A client with an organisation's stored credentials. Raises PortalError when the secret cannot be read."""
    return make_client(
        connection.api_key, current_vault().decrypt(connection.secret_encrypted), longest_pause
    )
