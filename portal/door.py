"""The one door by which the portal reaches addresses that its users typed (G4): never into a private network.

The addresses that a name stands for are looked at before a connection is made, and the one that was reached once more
before anything is sent, so that a name that changes its mind leads nowhere.
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from portal.errors import PortalError
from portal.wire import TimedAdapter, TimedHttp, TimedHttps

TIMEOUT = 5.0  # seconds until the answer's head must be there


class NotDelivered(PortalError):
    """An address did not take what was sent."""


class _Private(OSError):
    """A name leads into a private network."""


def post_json(address: str, body: dict[str, Any], *, private_allowed: bool = False) -> None:
    """POST to an address that a user typed; follows nothing, reads no answer but its status. Raises NotDelivered."""
    host = urlsplit(address).hostname or "it"
    with requests.Session() as http:
        http.trust_env = False  # no proxy and no password of this machine
        adapter = TimedAdapter() if private_allowed else _GuardedAdapter()
        http.mount("https://", adapter)
        http.mount("http://", adapter)
        try:
            answer = http.post(address, json=body, timeout=TIMEOUT, allow_redirects=False, stream=True)
            status = answer.status_code
            answer.close()
        except (requests.RequestException, OSError, ValueError) as problem:
            raise NotDelivered(f"{host} could not be reached ({_words(problem)}).") from problem
    if not 200 <= status < 300:
        raise NotDelivered(f"{host} answered {status} and did not take it.")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


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
    return "it did not answer in time" if isinstance(problem, requests.Timeout) else "no connection"
