"""What stands around every page: navigation, messages, running syncs."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, flash, g, get_flashed_messages
from flask_login import current_user

from portal.config import current_settings
from portal.errors import PortalError, Refused
from portal.models import Organisation, Role, Run, now
from portal.operations.notices.attention import find_needing
from portal.operations.queries.access import list_organisations
from portal.operations.queries.messages import Message, claim_messages, list_own_active_runs
from portal.operations.queries.organisation import find_connection, list_mappings_in_force

SYNC_STARTED = "Sync to ASP Events started."


@dataclass(slots=True)
class Toasts:
    """What the region at the bottom of a page holds."""

    messages: list[Message] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


def collect_messages() -> list[Message]:
    """The messages of this browser and of this user, each handed out once."""
    waiting: list[tuple[str, Any]] = get_flashed_messages(with_categories=True)  # type: ignore[assignment]
    flashed = [
        Message(category, **text) if isinstance(text, dict) else Message(category, text)
        for category, text in waiting
    ]
    if _is_known():
        flashed += claim_messages(current_user.id)
    return flashed


def collect_toasts() -> Toasts:
    """The waiting messages and the user's running syncs, whose progress says that they have started."""
    if not _is_known():
        return Toasts(collect_messages())
    shown: Run | None = g.get("shown_run")  # its page tells of it already
    runs = [run for run in list_own_active_runs(current_user.id) if shown is None or run.id != shown.id]
    messages = collect_messages()
    if runs or shown is not None:
        messages = [message for message in messages if message.text != SYNC_STARTED]
    return Toasts(messages, runs)


def tell_problem(problem: PortalError) -> None:
    """A message about what did not happen: a refusal is a warning, as something can be done about it at once."""
    flash(str(problem), "warning" if isinstance(problem, Refused) else "error")


def list_own_organisations() -> list[Organisation]:
    return list_organisations(current_user.id) if _is_known() else []


def count_needing() -> int:
    """How many mappings need a person: the event's own on its pages, else all of the organisation."""
    organisation, event = g.organisation, g.get("event")
    mappings = [
        each for each in list_mappings_in_force(organisation) if event is None or each.event_id == event.id
    ]
    return len(find_needing(mappings, find_connection(organisation.id), now())) if mappings else 0


def support_contact() -> str:
    """Whom admins ask when nothing helps; empty where the installation names nobody."""
    return current_settings().support_contact


def only_admins(what: str) -> str:
    """What a viewer reads where only admins can do something."""
    return f"Only admins can {what}; you are a viewer."


def _is_known() -> bool:
    return bool(current_user.is_authenticated)


def describe_frame() -> dict[str, Any]:
    membership = g.get("membership")
    return {
        "organisation": g.get("organisation"),
        "event": g.get("event"),
        "is_admin": membership is not None and membership.role == Role.ADMIN,
        "membership": membership,
        "is_known": _is_known,
    }


def register(app: Flask) -> None:
    app.context_processor(describe_frame)
    app.jinja_env.globals.update(
        collect_toasts=collect_toasts,
        collect_messages=collect_messages,
        count_needing=count_needing,
        support_contact=support_contact,
        only_admins=only_admins,
        list_own_organisations=list_own_organisations,
        SYNC_STARTED=SYNC_STARTED,
    )
