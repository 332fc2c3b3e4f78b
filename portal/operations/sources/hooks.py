"""The webhook by which Sessionboard tells of changes at once (H1)."""

import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import select

from portal.models import Organisation, Source, db
from portal.operations.history import record
from portal.operations.sources.connecting import find_source, require_source
from portal.secrets import new_token, token_hash

HEADER = "X-Portal-Secret"
NOBODYS = token_hash("")  # what a secret is compared with where there is no webhook


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook's path and header; its secret only when it was just made."""

    path: str
    secret: str | None
    header: str = HEADER


def make_hook(organisation: Organisation, actor: str, *, rotate: bool = False) -> Hook:
    """The organisation's webhook, made on first use; with `rotate` its secret is another one from now on.

    Raises Refused when Sessionboard is not connected.
    """
    source = require_source(organisation.id)
    secret = None
    if source.hook_address is None:
        source.hook_address = secrets.token_urlsafe(18)
        words = "Made the webhook of Sessionboard."
    else:
        words = "Made another secret for the webhook of Sessionboard."
    if source.hook_secret_hash is None or rotate:
        secret = new_token()
        source.hook_secret_hash = token_hash(secret)
        record(organisation.id, actor, "changed", words)
    path = _hook_path(source.hook_address)
    db.session.commit()
    return Hook(path, secret)


def find_own_hook(organisation: Organisation) -> Hook | None:
    """The organisation's webhook, without its secret; None where there is none yet."""
    source = find_source(organisation.id)
    address = source.hook_address if source is not None else None
    return Hook(_hook_path(address), None) if address is not None else None


def _hook_path(address: str) -> str:
    return f"/hooks/sessionboard/{address}"


def find_hook(address: str, secret: str) -> Source | None:
    """The source whose webhook has this address and secret; None for a wrong one, in the same time."""
    source = db.session.scalar(select(Source).where(Source.hook_address == address))
    expected = source.hook_secret_hash if source is not None else None
    right = hmac.compare_digest(token_hash(secret), expected or NOBODYS)
    return source if right and expected is not None else None
