"""What all commands share: the application, the check of the database, and errors without a traceback."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import click
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from portal.core import create_core
from portal.errors import InvalidFile, NotFound, PortalError, Refused
from portal.models import Event, Organisation, db
from portal.models.revision import check_database

DID_NOT_HAPPEN = 1
PARTIAL = 3

ACTOR = "command line"

# What a refusal asks about (its field in the form) → how a script answers it.
HOW_TO_CONFIRM = {
    "confirm_timezone": "Then say so with --confirm-timezone.",
    "confirm_second": "If that is meant, say so with --confirm-second-set.",
}


def with_portal(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command in the application's context, against a database that is there and up to date."""
    return _in_context(function, check=True)


def with_any_database(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for the command that makes the database."""
    return _in_context(function, check=False)


def _in_context(function: Callable[..., Any], *, check: bool) -> Callable[..., Any]:
    @wraps(function)
    def inside(*arguments: Any, **options: Any) -> Any:
        with reported(), create_core().app_context():
            if check:
                check_database()
            return function(*arguments, **options)

    return inside


class reported:
    """Turns the portal's own errors into a message on stderr and exit status 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, PortalError):
            fail(error)
        if isinstance(error, SQLAlchemyError):
            fail(PortalError(f"The database could not be used: {error.args[0] if error.args else error}"))
        if isinstance(error, UnicodeError):
            fail(PortalError("Something that was given is not text in UTF-8."))
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            what = error.strerror or error
            fail(PortalError(f"{what}: {error.filename}" if error.filename else f"{what}."))


def fail(error: PortalError) -> NoReturn:
    """Print the message, with the way to confirm or a file's problems, and end with status 1."""
    how = HOW_TO_CONFIRM.get(error.field or "") if isinstance(error, Refused) else None
    click.echo(f"Error: {error} {how}" if how else f"Error: {error}", err=True)
    if isinstance(error, InvalidFile):
        for problem in error.problems:
            click.echo(f"  {problem}", err=True)
    sys.exit(DID_NOT_HAPPEN)


MAKE_ORGANISATION = "Make one with: portal user add EMAIL --org NAME --role admin"


def find_organisation(slug: str) -> Organisation:
    """Raises NotFound with the slug of an organisation of that name, or the way to make one."""
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        called = select(Organisation.slug).where(func.lower(Organisation.name) == slug.lower())
        meant = db.session.scalar(called.order_by(Organisation.id).limit(1))
        instead = f"Did you mean {meant}?" if meant else MAKE_ORGANISATION
        raise NotFound(f"There is no organisation “{slug}”. {instead}")
    return organisation


def source_id_of(organisation: Organisation, event_id: str) -> str:
    """The source's id of an event that is given by its or the portal's own; an unknown one may be new."""
    try:
        return event_called(organisation, event_id).source_id or event_id
    except NotFound:
        return event_id


def event_called(organisation: Organisation, event_id: str) -> Event:
    """By the source's id, else by the portal's own. Raises NotFound."""
    ours = select(Event).where(Event.organisation_id == organisation.id)
    event = db.session.scalar(ours.where(Event.source_id == event_id))
    if event is None and event_id.isascii() and event_id.isdigit() and len(event_id) < 10:
        event = db.session.scalar(ours.where(Event.id == int(event_id)))
    if event is None:
        raise NotFound(f"{organisation.name} has no event “{event_id}”.")
    return event
