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
from portal.cli.output import secure_streams
from portal.config import Settings
from portal.core import create_core
from portal.errors import PortalError
from portal.models import Event, Organisation, Role, db
from portal.operations.accounts.users import add_user, slug_of
from portal.operations.files.importing import import_programme
from portal.operations.queries.editable import FROM_SESSIONBOARD
from portal.schema import upgrade_database
from portal.workers.processes import check_port, run_everything

HERE = Path(__file__).parent
ORGANISATION = "AFPy"
EMAIL = "admin@example.org"
EVENT_ID = "4630"  # of the programme that is imported
PASSWORD = "demo-password"  # noqa: S105
ASP_PORT_AFTER_OURS, SESSIONBOARD_PORT_AFTER_OURS = 1, 2
TOKEN = "demo-token"  # noqa: S105
# The first is imported, both are offered by Sessionboard.
PROGRAMMES = ("pyconfr-2025.json", "fosdem-2026.json")
API_KEY, API_SECRET = "demo-key", "demo-secret"  # as in the seed of asp-local


def main() -> None:
    """Prepare and run the demonstration; the exit status is 1 when a port is taken."""
    secure_streams()  # what is printed while it ends is no failure where the terminal has been closed
    settings = demo_settings()
    try:
        for after_ours in (0, ASP_PORT_AFTER_OURS, SESSIONBOARD_PORT_AFTER_OURS):
            _check_port(settings.host, settings.port + after_ours)
        prepare(settings)
        print(_welcome(settings), flush=True)
        status = run_everything(settings, partners(settings))
    except PortalError as problem:
        sys.exit(f"demo: {problem}")
    print("The demonstration has ended; what it stored stays in", settings.instance_dir)
    sys.exit(status)


def partners(settings: Settings) -> dict[str, str]:
    """The command lines of the local ASP and Sessionboard, which keep what is changed in the demo's folder."""
    folder = settings.instance_dir.resolve()
    asp_port, sessionboard_port = (
        str(settings.port + each) for each in (ASP_PORT_AFTER_OURS, SESSIONBOARD_PORT_AFTER_OURS)
    )
    asp = ["asp_local", "--port", asp_port, "--database", str(folder / "asp.sqlite3")]
    sessionboard = ["sessionboard_local", *(str(folder / name) for name in PROGRAMMES)]
    sessionboard += [
        "--port",
        sessionboard_port,
        "--token",
        TOKEN,
        "--keep",
        str(folder / "sessionboard.json"),
    ]
    return {
        name: f"exec {shlex.join([sys.executable, '-m', *words])}"
        for name, words in (("asp", asp), ("sessionboard", sessionboard))
    }


def demo_settings() -> Settings:
    """The environment's settings, with a folder of its own and the local partners."""
    settings = Settings.from_environment()
    if "PORTAL_INSTANCE_DIR" not in os.environ:
        settings = replace(settings, instance_dir=Path("demo-instance"))
    return replace(
        settings,
        asp_base_url=f"http://127.0.0.1:{settings.port + ASP_PORT_AFTER_OURS}",
        sessionboard_us_url=f"http://127.0.0.1:{settings.port + SESSIONBOARD_PORT_AFTER_OURS}",
        log_level=os.environ.get("PORTAL_LOG_LEVEL", "WARNING"),
    )


def _check_port(host: str, port: int) -> None:
    try:
        check_port(host, port)
    except PortalError as problem:
        raise PortalError(
            f"Port {port} is in use. Stop what uses it, or choose other ports: "
            f"PORTAL_PORT={port + 10} make demo"
        ) from problem


def prepare(settings: Settings, moment: datetime | None = None) -> None:
    """Make the database, the admin and the programme where they are missing. Raises PortalError."""
    with create_core(settings).app_context():
        upgrade_database()
        organisation = _organisation()
        for name in PROGRAMMES:
            shift_file(HERE / name, settings.instance_dir / name, moment or datetime.now(UTC))
        if not _comes_from_sessionboard(organisation):
            path = settings.instance_dir / PROGRAMMES[0]
            import_programme(organisation, path, "demo", confirm_timezone=True)


def _comes_from_sessionboard(organisation: Organisation) -> bool:
    """Whether somebody has taken the event in from there: then it is no file's any more."""
    taken = select(Event.id).where(
        Event.organisation_id == organisation.id,
        Event.source == FROM_SESSIONBOARD,
        Event.source_id == EVENT_ID,
    )
    return db.session.scalar(taken) is not None


def _organisation() -> Organisation:
    ours = select(Organisation).where(Organisation.slug == slug_of(ORGANISATION))
    if db.session.scalar(ours) is None:
        add_user(EMAIL, ORGANISATION, Role.ADMIN, PASSWORD, "demo")
    return db.session.scalars(ours).one()


def _welcome(settings: Settings) -> str:
    host = "localhost" if settings.host in ("127.0.0.1", "::1") else socket.getfqdn()
    portal = f"http://{host}:{settings.port}"
    asp = f"http://127.0.0.1:{settings.port + ASP_PORT_AFTER_OURS}"
    sessionboard = f"http://127.0.0.1:{settings.port + SESSIONBOARD_PORT_AFTER_OURS}"
    return f"""
  The portal         {portal}
    log in with      {EMAIL}
    password         {PASSWORD}

  Connect ASP Events there under Settings → Integrations
    API key          {API_KEY}
    API secret       {API_SECRET}
    Seminar IDs      1111 complete · 2222 without the optional custom fields
                     3333 without sessionboard_id · 4444 of the second ASP event

  Or take the programme from Sessionboard: Settings → Integrations → Sources
    access token     {TOKEN}
    plan it there    {sessionboard}
                     with the webhook (the card's three dots) a change reaches the website by itself

  The event's website, as attendees see it
                     {asp}

  Ctrl-C ends everything.
"""


if __name__ == "__main__":
    main()
