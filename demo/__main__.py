"""`make demo`: makes the database, loads PyConFR 2025, and runs everything until Ctrl-C."""

import os
import shlex
import socket
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from demo.shifting import shift_file
from portal.config import Settings
from portal.core import create_core
from portal.errors import PortalError
from portal.models import Organisation, Role, db
from portal.operations.accounts import add_user, slug_of
from portal.operations.importing import import_programme
from portal.schema import upgrade_database
from portal.workers.processes import check_port, run_everything

HERE = Path(__file__).parent
ORGANISATION = "AFPy"
EMAIL = "admin@example.org"
PASSWORD = "demo-password"  # noqa: S105
ASP_PORT_AFTER_OURS = 1
API_KEY, API_SECRET = "demo-key", "demo-secret"  # as in the seed of asp-local


def main() -> None:
    """Prepare and run the demonstration; the exit status is 1 when a port is taken."""
    settings = demo_settings()
    asp_port = settings.port + ASP_PORT_AFTER_OURS
    try:
        for port in (settings.port, asp_port):
            _check_port(settings.host, port)
        prepare(settings)
        print(_welcome(settings), flush=True)
        database = str(settings.instance_dir.resolve() / "asp.sqlite3")
        words = [sys.executable, "-m", "asp_local", "--port", str(asp_port), "--database", database]
        asp = f"exec {shlex.join(words)}"
        status = run_everything(settings, {"asp": asp})
    except PortalError as problem:
        sys.exit(f"demo: {problem}")
    print("The demonstration has ended; what it stored stays in", settings.instance_dir)
    sys.exit(status)


def demo_settings() -> Settings:
    """The environment's settings, with a folder of its own and the local ASP."""
    settings = Settings.from_environment()
    if "PORTAL_INSTANCE_DIR" not in os.environ:
        settings = replace(settings, instance_dir=Path("demo-instance"))
    return replace(
        settings,
        asp_base_url=f"http://127.0.0.1:{settings.port + ASP_PORT_AFTER_OURS}",
        log_level=os.environ.get("PORTAL_LOG_LEVEL", "WARNING"),
    )


def _check_port(host: str, port: int) -> None:
    try:
        check_port(host, port)
    except PortalError as problem:
        raise PortalError(
            f"Port {port} is in use. Stop what uses it, or choose another pair of ports: "
            f"PORTAL_PORT={port + 10} make demo"
        ) from problem


def prepare(settings: Settings, moment: datetime | None = None) -> None:
    """Make the database, the admin and the programme where they are missing. Raises PortalError."""
    with create_core(settings).app_context():
        upgrade_database()
        organisation = _organisation()
        shifted = settings.instance_dir / "pyconfr-2025.json"
        shift_file(HERE / "pyconfr-2025.json", shifted, moment or datetime.now(UTC))
        import_programme(organisation, shifted, "demo", confirm_timezone=True)


def _organisation() -> Organisation:
    ours = select(Organisation).where(Organisation.slug == slug_of(ORGANISATION))
    if db.session.scalar(ours) is None:
        add_user(EMAIL, ORGANISATION, Role.ADMIN, PASSWORD, "demo")
    return db.session.scalars(ours).one()


def _welcome(settings: Settings) -> str:
    host = "localhost" if settings.host in ("127.0.0.1", "::1") else socket.getfqdn()
    portal = f"http://{host}:{settings.port}"
    asp = f"http://127.0.0.1:{settings.port + ASP_PORT_AFTER_OURS}"
    return f"""
  The portal         {portal}
    log in with      {EMAIL}
    password         {PASSWORD}

  Connect ASP Events there under Settings → Integrations
    API key          {API_KEY}
    API secret       {API_SECRET}
    Seminar IDs      1111 complete · 2222 without the optional custom fields
                     3333 without sessionboard_id · 4444 of the second ASP event

  The event's website, as attendees see it
                     {asp}

  Ctrl-C ends everything.
"""


if __name__ == "__main__":
    main()
