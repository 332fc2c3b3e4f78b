"""What RQ runs. Arguments are ids alone: they are written down in Redis and in logs."""

from datetime import timedelta

from sqlalchemy import select

from portal.config import current_settings
from portal.errors import Refused
from portal.models import Mapping, Run, db, now
from portal.operations.mapping.event_settings import is_paused
from portal.operations.notices import telling as notices
from portal.operations.queries.organisation import find_connection
from portal.operations.sources import noting
from portal.operations.sources.connecting import waits_for_token
from portal.operations.sources.wanting import rests
from portal.operations.syncing import previewing
from portal.operations.syncing.obstacles import needs_person
from portal.operations.syncing.preparing import prepare_changes
from portal.operations.syncing.runs import CONTINUOUS, perform_run, request_run
from portal.operations.syncing.upcoming import pause_between_runs
from portal.operations.syncing.website import look_at_website as look_at_one


def run_sync(run_id: int) -> str:
    """Carry out a run that somebody asked for."""
    status = perform_run(run_id)
    return str(status or "no longer waiting")


def make_preview(preview_id: int) -> str:
    """Look what a sync would do, for the page of somebody who asked (E8)."""
    return "made" if previewing.make_preview(preview_id) else "nobody waits for it"


def tell_news() -> str:
    """Tell the organisations what has changed with their mappings (G4)."""
    return f"told {notices.tell_news()}"


def look_at_website() -> str:
    """Look whether the website that is due shows what was synced."""
    return "looked" if look_at_one() else "none is due"


def take_in_messages(organisation_id: int) -> str:
    """Take in what the webhook has noted and whoever answered it did not come to, as when they ended (H1)."""
    noting.take_in_messages(organisation_id)
    return "taken in"


def sync_continuously(mapping_id: int) -> str:
    """Carry out a run for a mapping with continuous sync, if it is due and none is active (A6)."""
    mapping = db.session.get(Mapping, mapping_id)
    if mapping is None or mapping.removed_at is not None:
        return "no longer mapped"
    connection = find_connection(mapping.organisation_id)
    if connection is None or not connection.continuous:
        return "continuous sync is off"
    if rests(mapping):
        return "the event is over"
    if is_paused(mapping, now()):
        return "paused by hand"
    if waits_for_token(mapping.event):
        return "Sessionboard does not accept the token"
    if needs_person(mapping, connection):
        return "paused until somebody puts right what keeps a sync from starting"
    if mapping.prepare_only:
        waiting = prepare_changes(mapping)
        return "could not be prepared" if waiting is None else f"prepared: {waiting} changes wait"
    if _ran_lately(mapping):
        return "has just run"
    try:
        run = request_run(mapping, CONTINUOUS)
    except Refused:
        return "already running"
    return str(perform_run(run.id))


def _ran_lately(mapping: Mapping) -> bool:
    """Whether the pause after the last continuous run is not over yet, give or take half an interval: jobs that piled
    up while no worker ran count once. A run of the far future was queued before the clock was put back.
    """
    moment, half = now(), timedelta(seconds=current_settings().sync_interval / 2)
    return (
        db.session.scalar(
            select(Run.id)
            .where(Run.mapping_id == mapping.id, Run.actor == CONTINUOUS)
            .where(Run.queued_at > moment - pause_between_runs(mapping) + half, Run.queued_at < moment + half)
            .limit(1)
        )
        is not None
    )
