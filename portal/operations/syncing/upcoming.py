"""When continuous sync looks at a mapping next (A6, A7)."""

from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import func, select

from portal.config import current_settings
from portal.models import ACTIVE, Connection, Mapping, Run, RunStatus, StoredPreview, db
from portal.operations.mapping.event_settings import is_paused
from portal.operations.sources.wanting import rests
from portal.operations.syncing.obstacles import needs_person
from portal.operations.syncing.runs import CONTINUOUS

STOPPED_COUNTED = 3  # runs in a row: an outage lets continuous sync ask every two hours, no more rarely


def next_look(mapping: Mapping, connection: Connection | None, moment: datetime) -> datetime | None:
    """About when, by its last look; `moment` itself when it is due, None while it rests or is switched off.

    A look of the future was before the clock was put back: it counts as one of now.
    """
    if connection is None or not connection.continuous or is_paused(mapping, moment) or rests(mapping):
        return None
    if needs_person(mapping, connection):
        return None
    last = max(
        filter(
            None,
            [
                db.session.scalar(
                    select(func.max(Run.queued_at)).where(
                        Run.mapping_id == mapping.id, Run.actor == CONTINUOUS
                    )
                ),
                db.session.scalar(
                    select(func.max(StoredPreview.asked_at)).where(
                        StoredPreview.mapping_id == mapping.id, StoredPreview.actor == CONTINUOUS
                    )
                ),
            ],
        ),
        default=None,
    )
    return moment if last is None else max(moment, min(last, moment) + pause_between_runs(mapping))


def pause_between_runs(mapping: Mapping) -> timedelta:  # A6
    """From one continuous run to the next: the interval, which grows while one run after the other is stopped."""
    ended = (Run.mapping_id == mapping.id, Run.actor == CONTINUOUS, Run.status.not_in(ACTIVE))
    last = db.session.scalars(select(Run.status).where(*ended).order_by(Run.id.desc()).limit(STOPPED_COUNTED))
    stopped = sum(1 for _ in takewhile(lambda status: status == RunStatus.FAILED, last))
    return timedelta(seconds=current_settings().sync_interval * 2 ** max(0, stopped - 1))
