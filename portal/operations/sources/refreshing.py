"""Bring an event up to date from its source before it is synced (H1)."""

import time
from collections.abc import Callable

from sqlalchemy import update

from portal.errors import PortalError, Refused
from portal.models import Event, Run, RunStatus, db, now
from portal.operations.queries.editable import FROM_SESSIONBOARD
from portal.operations.sources.pulling import pull_programme

BEAT_EVERY = 1.0  # seconds


def refresh_event(event: Event, between: Callable[[], None] = lambda: None) -> None:
    """Pull the event's programme where it comes from a source. Raises PortalError."""
    if event.source == FROM_SESSIONBOARD and event.source_id is not None:
        pull_programme(event.organisation, event.source_id, None, between=between)


def refresh_for_run(run_id: int) -> None:
    """The same for a run that has begun and asks for it; it shows that it lives and can be cancelled meanwhile.

    Raises Refused when it was cancelled, and PortalError, which names the source, when the pull failed.
    """
    run = db.session.get_one(Run, run_id)
    if not run.pull_first:
        return
    watch = _Watch(run_id)
    try:
        refresh_event(run.event, watch.look)
    except Refused as reason:
        if watch.ended:
            raise
        raise PortalError(str(reason)) from reason


class _Watch:
    """Writes a run's heartbeat, and sees when it is to end (E14, E15)."""

    def __init__(self, run_id: int) -> None:
        self._run_id = run_id
        self._looked_at = float("-inf")
        self.ended = False

    def look(self) -> None:
        """Raises Refused when the run was cancelled or taken for dead."""
        if time.monotonic() < self._looked_at + BEAT_EVERY:
            return
        self._looked_at = time.monotonic()
        run = db.session.execute(
            update(Run)
            .where(Run.id == self._run_id, Run.status == RunStatus.RUNNING)
            .values(heartbeat_at=now())
            .returning(Run.cancel_requested)
        ).first()
        db.session.commit()
        if run is None or run.cancel_requested:
            self.ended = True
            raise Refused("Nothing was written.")
