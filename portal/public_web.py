"""The one way in which the portal reaches addresses that its users typed (G4): never into a private network.

The addresses that a name stands for are looked at before a connection is made, and the one that was reached once more
before anything is sent, so that a name that changes its mind leads nowhere. Where a page leads on to another address,
that one is looked at in the same way.
"""

import ipaddress
import socket
import time
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from portal.errors import PortalError
from portal.wire import (
    Oversized,
    Received,
    Silence,
    TimedAdapter,
    TimedHttp,
    TimedHttps,
    UnusableAddress,
    exchange,
)

# A worker stands still meanwhile, and what it sends or reads is nothing that a sync waits for.
LONGEST_SEND = 5.0  # seconds until a message is taken
LONGEST_READ = 10.0  # seconds until a whole page is there, wherever it leads on to
LARGEST_PAGE = 5_000_000  # bytes, unpacked: a conference's whole agenda has one or two million
MOST_STEPS = 4  # addresses that lead on to one another: to HTTPS, to “www.”, to a language, to the page
LEADS_ON = (301, 302, 303, 307, 308)  # all that HTTP knows of (RFC 9110)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# All of IPv6 that is given out in the internet (RFC 4291, 2.4); the rest is a network's own, or stands for IPv4.
GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
WHO_ASKS = "portal (looks whether an agenda that was synced is on the website)"


class NotDelivered(PortalError):
    """An address did not take what was sent."""


class NotRead(PortalError):
    """A page could not be read."""


class _Private(OSError):
    """A name leads into a private network."""


def post_json(address: str, body: dict[str, Any], *, private_allowed: bool = False) -> None:
    """POST to an address that a user typed; follows nothing, reads no answer but its status. Raises NotDelivered."""
    host = urlsplit(address).hostname or "it"
    with _session(private_allowed) as http:
        try:
            answer = exchange(http, "POST", address, LONGEST_SEND, largest=None, json=body)
        except (Silence, UnusableAddress, ValueError) as problem:
            raise NotDelivered(f"{host} could not be reached ({_words(problem)}).") from problem
    if not 200 <= answer.status < 300:
        raise NotDelivered(f"{host} answered {answer.status} and did not take it.")


def read_page(address: str, *, private_allowed: bool = False) -> str:
    """The page at an address that a user typed, as its server sent it. Bounded in time and size. Raises NotRead."""
    ends_at = time.monotonic() + LONGEST_READ
    with _session(private_allowed) as http:
        http.headers["User-Agent"] = WHO_ASKS
        for _ in range(MOST_STEPS):
            host = urlsplit(address).hostname or "it"
            try:
                answer = exchange(http, "GET", address, ends_at - time.monotonic(), largest=LARGEST_PAGE)
                if answer.status not in LEADS_ON:
                    return _text_of(answer, host)
                address = urljoin(address, answer.headers.get("Location", ""))
            except Oversized as problem:
                raise NotRead(f"{host} sent a page of more than {LARGEST_PAGE:,} bytes.") from problem
            except (Silence, UnusableAddress, ValueError) as problem:
                raise NotRead(f"{host} could not be read ({_words(problem)}).") from problem
    raise NotRead(f"{host} leads on from address to address.")


def _text_of(answer: Received, host: str) -> str:
    if answer.status != HTTPStatus.OK:
        raise NotRead(f"{host} answered {answer.status}.")
    kind = Message()
    kind["Content-Type"] = answer.headers.get("Content-Type", "")
    try:
        return answer.body.decode(kind.get_content_charset("utf-8"), errors="replace")
    except LookupError:  # an encoding that nobody knows
        return answer.body.decode(errors="replace")


def _session(private_allowed: bool) -> requests.Session:
    """A session that uses no proxy and no password of this machine, and leads nowhere private."""
    http = requests.Session()
    http.trust_env = False
    adapter = TimedAdapter() if private_allowed else _GuardedAdapter()
    http.mount("https://", adapter)
    http.mount("http://", adapter)
    return http


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _behind_nat64(found)
        if inner is not None:
            return is_public(str(inner))
        if found not in GIVEN_OUT:
            return False
    return found.is_global and not found.is_multicast


def _behind_nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a translator in this network would reach."""
    return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF) if address in NAT64 else None


class _Guarded:
    """Looks where a connection leads."""

    host: str
    port: int

    def _new_conn(self) -> socket.socket:
        for *_, where in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            _refuse_private(str(where[0]))
        reached: socket.socket = super()._new_conn()  # type: ignore[misc]
        try:
            _refuse_private(str(reached.getpeername()[0]))
        except OSError:
            reached.close()
            raise
        return reached


def _refuse_private(address: str) -> None:
    if not is_public(address):
        raise _Private("it leads into a private network")


class _GuardedHttp(_Guarded, TimedHttp):
    pass


class _GuardedHttps(_Guarded, TimedHttps):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHttps


class _GuardedAdapter(TimedAdapter):
    pools = {"http": _HttpPool, "https": _HttpsPool}  # noqa: RUF012 (nobody changes it)


def _words(problem: BaseException) -> str:
    """Why, without the address: it may hold a secret."""
    seen: BaseException | None = problem
    while seen is not None:
        if isinstance(seen, _Private):
            return str(seen)
        seen = seen.__cause__ or seen.__context__
    late = isinstance(problem, Silence) and problem.timed_out
    return "it did not answer in time" if late else "no connection"
