"""How often a password may be guessed: counted for one address and for one account, at every door together.

A try is counted before it is looked at, and taken back when it was right: many at once are no way round.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network

from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from portal.errors import PortalError
from portal.extensions import limiter

log = logging.getLogger(__name__)

TRIES = parse("5 per minute")
WHOLE_MINUTE = 60  # seconds

_here = FixedWindowRateLimiter(MemoryStorage())  # counts in this process while Redis is out of reach


class TooManyTries(PortalError):
    """Too many wrong passwords; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Five wrong tries within a minute. Wait {seconds} seconds, then try again.")
        self.seconds = seconds


@dataclass(slots=True)
class Try:
    """Set `right` when the password was; otherwise the try counts."""

    right: bool = False


@contextmanager
def trying(email: str) -> Iterator[Try]:
    """A try of the password of an account. Raises TooManyTries."""
    counted = _count(_address(), _account(email))
    attempt = Try()
    yield attempt
    if attempt.right:
        counted.take_back()


def count_stranger() -> None:
    """Count the guess of a link, as a wrong password from this address. Raises TooManyTries."""
    _count(_address())


@dataclass(slots=True)
class Counted:
    """The counts that one try has raised, in the one place that counted it."""

    counter: RateLimiter
    keys: list[str]

    def add(self, key: str) -> None:
        self.keys.append(key)
        if self._raise(key, 1) > TRIES.amount:
            left = self.counter.get_window_stats(TRIES, key).reset_time - datetime.now(UTC).timestamp()
            self.take_back()
            # the counter's clock has whole seconds, and may say 61
            raise TooManyTries(min(max(1, round(left)), WHOLE_MINUTE))

    def take_back(self) -> None:
        for key in self.keys:
            self._raise(key, -1)

    def _raise(self, key: str, more: int) -> int:
        return int(self.counter.storage.incr(TRIES.key_for(key), TRIES.get_expiry(), amount=more))


def _count(*keys: str) -> Counted:
    counted = Counted(_counter(), [])
    for key in keys:
        counted.add(key)
    return counted


def _address() -> str:
    return f"address {_asker(get_remote_address())}"


def _asker(address: str) -> str:
    """Who is asking: for IPv6 the whole network, as whoever has one of its addresses has all of them."""
    try:
        found = IPv6Address(address)
    except ValueError:
        return address
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))


def _account(email: str) -> str:
    return "account " + hashlib.sha256(email.strip().lower().encode("utf-8", "replace")).hexdigest()


def _counter() -> RateLimiter:
    """Redis where there is one, so that several web processes count together."""
    if limiter.storage.check():
        return limiter.limiter
    log.warning("The queue is out of reach; wrong log-ins are counted in this process alone.")
    return _here
