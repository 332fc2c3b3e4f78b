"""Who asks, and under which address the portal is known, where a proxy stands before it.

A header says so only where the settings name the proxy: anybody can send one.
"""

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.datastructures import EnvironHeaders

from portal.config import LOOPBACK, Settings, current_settings, read_proxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


HOST = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]{1,5})?")
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (what a setting may say)


class Front:
    """Stands before the application, and puts right what a request says of client, scheme, host and cookies."""

    def __init__(self, application: "WSGIApplication", settings: Settings) -> None:
        self._application = application
        self._networks, self._number = read_proxies(settings.trusted_proxies)
        public = urlsplit(settings.public_url)
        self._scheme, self._host = public.scheme, public.netloc
        self._own_host = own_host(settings)
        self._open = settings.host not in LOOPBACK
        self._names = {*LOOPBACK, settings.host, *([socket.gethostname().lower()] if self._open else [])}

    def __call__(self, environment: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        headers, peer = EnvironHeaders(environment), environment.get("REMOTE_ADDR", "")
        behind_proxy = bool(self._number) or self._is_proxy(peer)
        if behind_proxy:
            environment["REMOTE_ADDR"] = self._client(headers.get("X-Forwarded-For", ""), peer)
            scheme = headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                environment["wsgi.url_scheme"] = scheme
        if self._host:
            environment["wsgi.url_scheme"], environment["HTTP_HOST"] = self._scheme, self._host
        elif not behind_proxy and not self._is_own(headers.get("Host", "")):
            environment["HTTP_HOST"] = self._own_host  # links shall lead here, whatever name a request brings
        cookies = environment.get("HTTP_COOKIE", "")
        if not cookies.isascii():  # none of ours is like that, and the library of log-ins stumbles over it
            environment["HTTP_COOKIE"] = ";".join(each for each in cookies.split(";") if each.isascii())
        return self._application(environment, start_response)

    def _is_proxy(self, text: str) -> bool:
        named = _address(text)
        return named is not None and any(named in network for network in self._networks)

    def _is_own(self, host: str) -> bool:
        """Whether a Host header names this machine, as far as the portal can know."""
        found = HOST.fullmatch(host)
        name = (found[1] or found[2]).lower() if found else ""
        return name in self._names or (self._open and _address(name) is not None)

    def _client(self, forwarded: str, peer: str) -> str:
        """The address that asked the outermost of the trusted proxies."""
        said = [each.strip() for each in forwarded.split(",")]
        if self._number:
            farthest = said[-self._number] if len(said) >= self._number else ""
            return str(_address(farthest) or peer)
        client = peer
        while said and self._is_proxy(client) and (named := _address(said.pop())):
            client = str(named)
        return client


def own_host(settings: Settings) -> str:
    """Host and port that the portal listens at, as they stand in an address."""
    host = socket.gethostname() if settings.host in EVERYWHERE else settings.host
    return f"[{host}]:{settings.port}" if ":" in host else f"{host}:{settings.port}"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that a peer or a proxy names; None for none.

    Some proxies name the port as well, and where the portal listens at “::” its peers come as IPv4 within IPv6.
    """
    found = HOST.fullmatch(text)
    try:
        named = ip_address(found[1] or found[2] if found else text)
    except ValueError:
        return None
    return getattr(named, "ipv4_mapped", None) or named


def mailed_address(path: str) -> str:
    """The whole address of a path, for a mail: nothing that a request says of a host goes into it."""
    settings = current_settings()
    return f"{settings.public_url or f'http://{own_host(settings)}'}{path}"


def register(app: Flask) -> None:
    with app.app_context():
        front: WSGIApplication = Front(app.wsgi_app, current_settings())
    app.wsgi_app = front  # type: ignore[method-assign, assignment]
