"""When continuous sync looks at a mapping next (A7)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.config import current_settings
from portal.models import Connection, Mapping, Run, StoredPreview, db
from portal.operations.mapping.event_settings import is_paused
from portal.operations.sources.wanting import rests
from portal.operations.syncing.runs import CONTINUOUS


def next_look(mapping: Mapping, connection: Connection | None, moment: datetime) -> datetime | None:
    """About when, by its last look; `moment` itself when it is due, None while it rests or is switched off."""
    if connection is None or not connection.continuous or is_paused(mapping, moment) or rests(mapping):
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
    interval = timedelta(seconds=current_settings().sync_interval)
    return moment if last is None else max(moment, last + interval)
