"""Ask for a sync, carry it out, cancel it (E)."""

import logging
import time
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.config import current_settings
from portal.errors import INTERNAL, PortalError, Refused
from portal.models import ACTIVE, Connection, Event, Mapping, Outcome, Run, RunRecord, RunStatus, db, now
from portal.operations.connection.clients import NOT_CONNECTED, client_for
from portal.operations.history import record
from portal.operations.queries.organisation import find_connection
from portal.operations.sources.refreshing import refresh_for_run
from portal.operations.sources.wanting import forget_wish
from portal.operations.syncing.run_log import log_begin, log_end
from portal.operations.syncing.website import look_after_run
from portal.sync.running.execution import begin_run, execute_run
from portal.sync.running.liveness import interrupt_dead_runs
from portal.sync.running.material import load_material
from portal.sync.running.messages import database_away, leave_message
from portal.sync.running.moment import one_moment
from portal.sync.running.process_identity import own_process
from portal.sync.running.retention import forget_changed_problems, forget_old_records, forget_old_uploads
from portal.sync.running.terms import mapping_of
from portal.text.numbers import count

log = logging.getLogger(__name__)

NOT_MAPPED = "This event is not mapped to an ASP event. Map it under Settings → Integrations."
NO_LONGER_MAPPED = "The event is no longer mapped, or ASP Events no longer connected."
CONTINUOUS = "continuous sync"  # who asked, where nobody did (A6)
WEBHOOK = "Sessionboard"  # likewise, after a message of its webhook (H1)
CANCELLED_IN_TIME = "Sync cancelled before it began."
SHORTEST_FENCE = 1.5  # seconds; with one heartbeat it must stay below the time-out of heartbeats


def require_mapping(event: Event) -> Mapping:
    """The event's mapping in use. Raises Refused when ASP is not connected or the event not mapped."""
    if find_connection(event.organisation_id) is None:
        raise Refused(NOT_CONNECTED)
    mapping = mapping_of(event)
    if mapping is None:
        raise Refused(NOT_MAPPED)
    return mapping


def active_run(event: Event) -> Run | None:
    """The event's run that is queued or running; the dead ones are closed first (E14)."""
    close_dead_runs(event.id)
    return _active_run(event.id)


def _active_run(event_id: int) -> Run | None:
    """Of a mapping that was removed or disconnected meanwhile as well: its records in hand are still written."""
    return db.session.scalar(
        select(Run).where(Run.event_id == event_id, Run.status.in_(ACTIVE)).order_by(Run.id.desc()).limit(1)
    )


def close_dead_runs(event_id: int | None = None) -> None:
    """Show the runs whose process died as interrupted, and free their locks (E14)."""
    interrupt_dead_runs(now(), heartbeat_timeout=current_settings().heartbeat_timeout, event_id=event_id)


def waiting_runs() -> list[int]:
    """The ids of the runs that wait for a worker, oldest first."""
    return list(db.session.scalars(_waiting()))


def forgotten_runs() -> list[int]:
    """Those that have waited for so long that one should see whether there is a worker.

    Two machines' clocks may be compared here: if one is wrong, that is asked too early or too late, and the workers
    that are found still decide.
    """
    since = now() - timedelta(seconds=current_settings().queue_timeout)
    return list(db.session.scalars(_waiting().where(Run.queued_at < since)))


def _waiting() -> Select[int]:
    """A run that its own process is about to begin names that process, and waits for nobody."""
    return select(Run.id).where(Run.status == RunStatus.QUEUED, Run.machine.is_(None)).order_by(Run.id)


def why_not_sync(event: Event) -> str | None:
    """Why the event cannot be synced now; None when it can. Pages and commands use the same words."""
    # The page looked for dead runs when it was entered.
    return refusal(find_connection(event.organisation_id), mapping_of(event), _active_run(event.id))


def refusal(connection: Connection | None, mapping: Mapping | None, run: Run | None) -> str | None:
    """The same for what has been read already: the connection, the event's mapping and its active run."""
    if connection is None:
        return NOT_CONNECTED
    if mapping is None:
        return NOT_MAPPED
    return _already_running(run) if run is not None else None


def _already_running(run: Run) -> str:
    """The words of E6."""
    minutes = int((now() - (run.started_at or run.queued_at)).total_seconds() // 60)
    when = "just now" if minutes < 1 else f"{count(minutes, 'minute')} ago"
    return f"A sync for this event is already running (started by {run.actor} {when})."


def request_run(
    mapping: Mapping,
    actor: str,
    user_id: int | None = None,
    unpublish_approved: int = 0,
    *,
    by_worker: bool = False,
    pull_first: bool = True,
) -> Run:
    """Make and commit the row of a new run, which is also its lock (E6). Raises Refused when one is active.

    `unpublish_approved` is how many records an admin lets this run, and no other, unpublish at once (D12).
    With `by_worker` it waits for one; else the caller carries it out itself and at once, and the row names its
    process, so that the lock is free when that dies (E14). Without `pull_first` what is stored is sent as it stands.
    """
    event_id, event_name = mapping.event_id, mapping.event.name
    close_dead_runs(event_id)
    if running := _active_run(event_id):
        raise Refused(_already_running(running))
    run = Run(
        organisation_id=mapping.organisation_id,
        event_id=event_id,
        mapping_id=mapping.id,
        user_id=user_id,
        actor=actor,
        destination=f"{mapping.site_name} › {mapping.seminar_name or 'seminar'} ({mapping.seminar_number})",
        status=RunStatus.QUEUED,
        queued_at=now(),
        unpublish_approved=unpublish_approved,
        pull_first=pull_first,
        **({} if by_worker else own_process()),
    )
    db.session.add(run)
    try:
        db.session.flush()
        # G2 is about people; the runs themselves are listed either way
        if actor not in (CONTINUOUS, WEBHOOK):
            _record_asked(run, event_name)
        db.session.commit()
    except IntegrityError:  # somebody else was quicker
        db.session.rollback()
        running = _active_run(event_id)
        words = _already_running(running) if running else "A sync for this event is already running."
        raise Refused(words) from None
    return run


def _record_asked(run: Run, event: str) -> None:
    approved = (
        f", with up to {count(run.unpublish_approved, 'record')} to unpublish"
        if run.unpublish_approved
        else ""
    )
    record(
        run.organisation_id,
        run.actor,
        "sync asked",
        f"Asked for a sync of {event} → {run.destination}{approved}.",
        event_id=run.event_id,
        run_id=run.id,
    )


def perform_run(run_id: int) -> RunStatus | None:
    """Carry out a run in this process, and close it whatever happens; None when it is no longer waiting."""
    if not begin_run(run_id, now()):
        return None
    begun = time.monotonic()
    log_begin(run_id)
    try:
        status = _perform(run_id, begun)
    except Refused as reason:  # E15
        status = _close_unstarted(run_id, begun, RunStatus.CANCELLED, f"Sync cancelled. {reason}")
    except PortalError as problem:
        words = f"Sync stopped: {problem}"
        status = _close_unstarted(run_id, begun, RunStatus.FAILED, words, str(problem))
    except OperationalError as problem:
        words = f"Sync stopped: {database_away(run_id, problem)}"
        status = _close_unstarted(run_id, begun, RunStatus.FAILED, words)
    except Exception:
        log.exception("Run %s ended by an error of the portal's own", run_id)
        status = _close_unstarted(run_id, begun, RunStatus.FAILED, f"Sync stopped: {INTERNAL}")
    log_end(run_id)
    return status


def _perform(run_id: int, begun: float) -> RunStatus:
    settings = current_settings()
    forget_wish(db.session.get_one(Run, run_id).event_id)
    refresh_for_run(run_id)
    with one_moment():
        run = db.session.get_one(Run, run_id)
        mapping, event_id = run.mapping, run.event_id
        connection = find_connection(run.organisation_id)
        if mapping is None or connection is None or mapping.removed_at is not None:
            raise Refused(NO_LONGER_MAPPED)
        client = client_for(connection)
        material = load_material(mapping, connection, settings, run.unpublish_approved)
    try:
        status = execute_run(
            run_id,
            material,
            client,
            in_flight=settings.asp_in_flight,
            now=now,
            fence=max(settings.heartbeat_timeout / 3, SHORTEST_FENCE),
            begun=begun,
        )
    finally:
        client.close()
    look_after_run(run_id)
    if status in (RunStatus.SUCCEEDED, RunStatus.PARTIAL):
        forget_changed_problems(run_id, event_id)
    forget_old_records(event_id, settings.kept_runs)
    forget_old_uploads()
    return status


def _close_unstarted(
    run_id: int, begun: float, status: RunStatus, message: str, reason: str | None = None
) -> RunStatus:
    """Close a run that ended before or beside its flow; one that is closed already stays as it is.

    `reason` is what stands among its records then, as it does for a run that was stopped within its flow.
    """
    db.session.rollback()
    closed = db.session.execute(
        update(Run)
        .where(Run.id == run_id, Run.status == RunStatus.RUNNING)
        .values(status=status, finished_at=now(), message=message, seconds=round(time.monotonic() - begun, 1))
        .returning(Run.user_id, Run.organisation_id)
    ).first()
    if closed is not None:
        leave_message(closed.user_id, closed.organisation_id, run_id, status, message)
        if reason is not None:
            told = {"source_id": str(run_id), "name": f"Run {run_id}", "reason": reason}
            db.session.add(RunRecord(run_id=run_id, kind="run", outcome=Outcome.FAILED, **told))
    db.session.commit()
    return status


def end_runs(condition: ColumnElement[bool]) -> None:
    """In the caller's transaction: cancel the runs that wait, let those that run end after the records in hand.

    Whoever asked for a run that waits is told here (E3); the others tell it themselves.
    """
    message = f"Sync cancelled. {NO_LONGER_MAPPED}"
    waiting = db.session.execute(
        update(Run)
        .where(condition, Run.status == RunStatus.QUEUED)
        .values(status=RunStatus.CANCELLED, finished_at=now(), message=message)
        .returning(Run.user_id, Run.organisation_id, Run.id)
    ).all()
    for user_id, organisation_id, run_id in waiting:
        leave_message(user_id, organisation_id, run_id, RunStatus.CANCELLED, message)
    db.session.execute(
        update(Run).where(condition, Run.status == RunStatus.RUNNING).values(cancel_requested=True)
    )


def request_cancel(run: Run, actor: str) -> None:
    """Let a run end after the records in hand (E15); one that has not begun ends at once."""
    waiting = db.session.execute(
        update(Run)
        .where(Run.id == run.id, Run.status == RunStatus.QUEUED)
        .values(status=RunStatus.CANCELLED, finished_at=now(), message=CANCELLED_IN_TIME, seconds=0.0)
        .returning(Run.id)
    ).first()
    if waiting is not None:
        leave_message(run.user_id, run.organisation_id, run.id, RunStatus.CANCELLED, CANCELLED_IN_TIME)
    else:
        db.session.execute(
            update(Run).where(Run.id == run.id, Run.status == RunStatus.RUNNING).values(cancel_requested=True)
        )
    text = f"Cancelled run {run.id}."
    record(run.organisation_id, actor, "sync cancelled", text, event_id=run.event_id, run_id=run.id)
    db.session.commit()
