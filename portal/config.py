"""Every setting, read from the environment in one place, with its default.

The README's table is made from `SETTINGS` (see `portal settings`), so a setting is described here alone.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import URL

from portal.errors import PortalError
from portal.text.addresses import parts_of

LAST_PORT = 65_535
MOMENT = 0.001  # seconds: what takes time is given some
LONGEST = 2_000_000  # seconds: what counts a silence in milliseconds takes no more
MOST = 2**31 - 1
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PUBLIC_URL = re.compile(
    r"(https?://(?:(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}|\[[0-9a-f:]+\])(?::[0-9]{1,5})?)/?", re.IGNORECASE
)

# It quotes nothing of the address, which may hold a password.
NO_QUEUE = (
    "PORTAL_REDIS_URL cannot be used: it must be an address such as redis://localhost:6379/0 (in a password, "
    "special characters are written as %XX)."
)

Network = IPv4Network | IPv6Network


def setting(
    default: Any, meaning: str, *, secret: bool = False, least: float = 0, most: float | None = None
) -> Any:
    """A field of `Settings`; its variable is PORTAL_ and the field's name in capitals.

    What may hold a `secret`, a password in an address, is left out where the settings are printed. A number is one
    from `least` to `most`, which is `LONGEST` for seconds unless something else is said.
    """
    if most is None:
        most = LONGEST if isinstance(default, float) else MOST
    return field(default=default, repr=not secret, metadata={"meaning": meaning, "bounds": (least, most)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The portal's settings; durations in seconds, sizes in bytes."""

    instance_dir: Path = setting(
        Path("instance"), "folder of the database, the queue and the key; made when missing"
    )
    database_url: str = setting("", "SQLAlchemy URL; empty: SQLite in the instance folder", secret=True)
    redis_url: str = setting("", "Redis or Valkey; empty: `portal up` starts one of its own", secret=True)
    secret_keys: str = setting(
        "", "Fernet keys, comma-separated, newest first; empty: one is made and kept", secret=True
    )
    asp_base_url: str = setting("https://api.showoff.asp.events", "where ASP's API is, without /public")
    asp_back_office: str = setting(
        "", "where admins open ASP's back office; empty: pages have no links to it"
    )
    asp_contract: str = setting("", "TOML file that overrides what is assumed of ASP's API")
    asp_timeout: float = setting(12.0, "how long one answer of ASP may take", least=MOMENT)
    asp_in_flight: int = setting(8, "requests to ASP at the same time, at most", least=1)
    asp_retry_pause: float = setting(0.5, "first pause before a request is tried again; later ones grow")
    sessionboard_us_url: str = setting(
        "https://public-api.sessionboard.com", "where Sessionboard's API is for organisations in the US"
    )
    sessionboard_eu_url: str = setting(
        "https://public-api-eu.sessionboard.com", "where it is for those in the EU"
    )
    sessionboard_timeout: float = setting(20.0, "how long one answer of Sessionboard may take", least=MOMENT)
    sessionboard_retry_pause: float = setting(
        0.5, "first pause before a request to it is tried again; later ones grow"
    )
    sync_interval: int = setting(1800, "between two runs of continuous sync", least=1, most=LONGEST)
    heartbeat_timeout: float = setting(
        60.0,
        "after this silence a run of another machine counts as dead, and PostgreSQL ends a transaction left open",
        least=MOMENT,
    )
    queue_timeout: float = setting(
        900.0, "a run that no worker has begun after this time is given up", least=MOMENT
    )
    unpublish_limit: int = setting(
        25, "more records than this are unpublished only with an approval, if they are a large share too"
    )
    unpublish_share: float = setting(0.2, "what a large share of the published records is", most=1)
    kept_runs: int = setting(50, "runs of an event whose records are kept; older ones keep their counts")
    import_max_bytes: int = setting(40_000_000, "largest programme file", least=1)
    support_contact: str = setting("", "whom admins ask when a sync goes on failing: an e-mail, a page")
    host: str = setting("127.0.0.1", "address that `portal up` listens on")
    port: int = setting(8000, "port that `portal up` listens on", least=1, most=LAST_PORT)
    web_processes: int = setting(2, "web processes", least=1)
    web_threads: int = setting(16, "requests that each of them answers at the same time", least=1)
    client_timeout: float = setting(
        10.0,
        "how long a client may take to send a request, or to take the answer; a second more for each 20 kB",
        least=MOMENT,
    )
    workers: int = setting(1, "worker processes that `portal up` starts")
    smtp_url: str = setting(
        "",
        "mail server for invitations and forgotten passwords, as smtp://user:password@mail.example.org:587 or "
        "smtps://…; empty: an admin hands links over",
        secret=True,
    )
    private_webhooks: bool = setting(
        False,
        "let notices go to addresses of this machine and its network, and without HTTPS; and look at websites there",
    )
    mail_from: str = setting("", "sender of mails; empty: portal@ and the host of PORTAL_PUBLIC_URL")
    public_url: str = setting(
        "",
        "the portal's address for its users, as https://portal.example.org; empty: the one that a browser names",
    )
    trusted_proxies: str = setting(
        "",
        "proxies whose X-Forwarded-For and X-Forwarded-Proto count: addresses or networks, comma-separated, or how "
        "many stand one behind the other",
    )
    secure_cookies: bool = setting(
        False,
        "set to true behind HTTPS where PORTAL_PUBLIC_URL does not say it: browsers use HTTPS alone",
    )
    log_level: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR")

    @property
    def database(self) -> str | URL:
        """The URL of the database in use."""
        if self.database_url:
            return self.database_url
        return URL.create("sqlite", database=str(self.instance_dir.resolve() / "portal.sqlite3"))

    @property
    def https(self) -> bool:
        """Whether browsers reach the portal by HTTPS alone."""
        return self.secure_cookies or self.public_url.startswith("https:")

    @property
    def readable_on_the_way(self) -> str:
        """The warning that passwords can be read on their way, where others than this machine come without HTTPS."""
        if self.host in LOOPBACK or self.https:
            return ""
        return (
            f"Warning: {self.host} is open to the network, and nothing says that browsers come by HTTPS: passwords "
            "and pages can be read on their way. docs/deploy.md says what to put in front; then set "
            "PORTAL_PUBLIC_URL."
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read PORTAL_… variables; an empty one counts as absent. Raises PortalError for a bad value."""
        values: dict[str, Any] = {}
        for each in fields(cls):
            name = f"PORTAL_{each.name.upper()}"
            text = environment.get(name, "").strip()
            if text:
                values[each.name] = _converted(name, text, each)
        return cls(**values)


def _converted(name: str, text: str, each: Field[Any]) -> Any:
    """The value that a variable's text stands for. Raises PortalError."""
    default: Any = each.default
    if isinstance(default, bool):
        if text.lower() not in ("1", "0", "true", "false", "yes", "no", "on", "off"):
            raise PortalError(f"{name} is “{text}”; it must be true or false.")
        return text.lower() in ("1", "true", "yes", "on")
    if isinstance(default, Path):
        return Path(text)
    if isinstance(default, str):
        return READERS[name](name, text) if name in READERS else text
    try:
        number = type(default)(text)
    except ValueError:
        raise PortalError(f"{name} is “{text}”; it must be a number.") from None
    least, most = each.metadata["bounds"]
    if not least <= number <= most:  # what is no number (NaN) is not either
        raise PortalError(f"{name} is {text}; it must be a number from {least} to {most}.")
    return number


def _log_level(name: str, text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise PortalError(f"{name} is “{text}”; it must be DEBUG, INFO, WARNING or ERROR.")
    return text


def _public_url(name: str, text: str) -> str:
    found = PUBLIC_URL.fullmatch(text)
    if found is None or not parts_of(found[1]).hostname:
        raise PortalError(
            f"{name} is “{text}”; it must be an address without a path, as https://portal.example.org."
        )
    return found[1]


def _base_address(name: str, text: str) -> str:
    """Where somebody else's server is; with a path perhaps, but without what would stand in the way of more."""
    parts = parts_of(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or set("@?# ") & set(text):
        raise PortalError(f"{name} cannot be used: it must be an address such as https://api.example.org.")
    return text


def _queue(_name: str, text: str) -> str:
    if parts_of(text).scheme not in ("redis", "rediss", "unix"):
        raise PortalError(NO_QUEUE)
    return text


def _mail_server(name: str, text: str) -> str:
    parts = parts_of(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.port == 0:
        raise PortalError(
            f"{name} cannot be used: it must be an address such as smtp://mail.example.org:587 (in a password, "
            "special characters are written as %XX)."
        )
    return text


def _sender(name: str, text: str) -> str:
    if "@" not in parseaddr(text)[1] or not text.isprintable():
        raise PortalError(f"{name} is “{text}”; it must be an e-mail address.")
    return text


def _proxies(_name: str, text: str) -> str:
    read_proxies(text)
    return text


READERS: dict[str, Callable[[str, str], str]] = {
    "PORTAL_REDIS_URL": _queue,
    "PORTAL_ASP_BASE_URL": _base_address,
    "PORTAL_ASP_BACK_OFFICE": _base_address,
    "PORTAL_SESSIONBOARD_US_URL": _base_address,
    "PORTAL_SESSIONBOARD_EU_URL": _base_address,
    "PORTAL_SMTP_URL": _mail_server,
    "PORTAL_MAIL_FROM": _sender,
    "PORTAL_PUBLIC_URL": _public_url,
    "PORTAL_TRUSTED_PROXIES": _proxies,
    "PORTAL_LOG_LEVEL": _log_level,
}


def read_proxies(text: str) -> tuple[list[Network], int]:
    """The networks that PORTAL_TRUSTED_PROXIES names, or how many proxies there are. Raises PortalError."""
    if re.fullmatch(r"[0-9]", text):
        return [], int(text)
    try:
        return [ip_network(each.strip()) for each in text.split(",") if each.strip()], 0
    except ValueError as problem:
        raise PortalError(f"PORTAL_TRUSTED_PROXIES cannot be used: {problem}.") from None


def current_application() -> Flask:
    """The application itself, for what goes on in another thread or context."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # of the stand-in for it
    return app


def current_settings() -> Settings:
    """The settings of the application in whose context the caller runs."""
    found: Settings = current_app.extensions["portal_settings"]
    return found


def settings_table() -> str:
    """The settings as a Markdown table, for the README."""
    lines = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for each in fields(Settings):
        default = str(each.default).lower() if isinstance(each.default, bool) else str(each.default)
        shown = f"`{default}`" if default else ""
        lines.append(f"| `PORTAL_{each.name.upper()}` | {shown} | {each.metadata['meaning']} |")
    return "\n".join(lines)
