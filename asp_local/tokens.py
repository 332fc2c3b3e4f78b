"""Gives out bearer tokens against an account's key and secret, and knows when they expire."""

import base64
import binascii
import hmac
import secrets
import threading
from collections.abc import Iterable

from asp_local.faults import Clock
from asp_local.seed import Account


class Tokens:
    """The tokens that are out, each with its account, its birth and its end."""

    def __init__(self, accounts: Iterable[Account], clock: Clock) -> None:
        self._accounts = {account.api_key: account for account in accounts}
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[Account, float, float]] = {}

    def issue(self, authorization: str, lifetime: float) -> str | None:
        """A new token for a Basic authorization, or None when the pair is wrong."""
        account = self._account(authorization)
        if account is None:
            return None
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._tokens[token] = (account, now, now + lifetime)
        return token

    def account_of(self, authorization: str) -> Account | None:
        """The account of a Bearer authorization while its token lives."""
        scheme, _, token = authorization.partition(" ")
        account, _born, ends = self._tokens.get(token.strip(), (None, 0.0, 0.0))
        return account if scheme.lower() == "bearer" and self._clock() < ends else None

    def shorten(self, lifetime: float) -> None:
        """Let no token that is out live longer than this, counted from its birth."""
        with self._lock:
            for token, (account, born, ends) in self._tokens.items():
                self._tokens[token] = (account, born, min(ends, born + lifetime))

    def _account(self, authorization: str) -> Account | None:
        scheme, _, encoded = authorization.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            key, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        account = self._accounts.get(key)
        if account is None or not colon:
            return None
        return account if hmac.compare_digest(account.api_secret.encode(), secret.encode()) else None
