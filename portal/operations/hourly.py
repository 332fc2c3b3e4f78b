"""How often an organisation may do what reaches people outside, so that nobody bothers strangers by the portal."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.models import db, now

WITHIN = timedelta(hours=1)


def count_lately(done_at: InstrumentedAttribute[datetime], *which: ColumnElement[bool]) -> tuple[int, int]:
    """How many of these there were within an hour, and in how many minutes there will be one less."""
    moment = now()
    number, first = db.session.execute(
        select(func.count(), func.min(done_at)).where(*which, done_at > moment - WITHIN)
    ).one()
    minutes = max(1, round((first + WITHIN - moment).total_seconds() / 60)) if first else 0
    return int(number), minutes
