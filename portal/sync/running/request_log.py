"""The requests of a run, kept for ASP's support (E7): when, method, path, status and milliseconds; nothing else."""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.asp.exchange import Sent
from portal.models import RequestLog, db
from portal.text.cells import csv_text

HEADER = ("time", "method", "path", "status", "ms")


def keep_requests(run_id: int, sent: Iterable[Sent], moment: datetime, clock: float) -> None:
    """Add them to the caller's transaction; `clock` is what the clock of their moments says at `moment`."""
    rows = [
        (
            (moment - timedelta(seconds=clock - each.at)).isoformat(timespec="milliseconds"),
            each.method,
            each.path,
            "" if each.status is None else str(each.status),
            str(round(each.seconds * 1000)),
        )
        for each in sorted(sent, key=lambda each: each.at)
    ]
    if rows:
        packed = zlib.compress(csv_text(HEADER, rows).encode())
        db.session.add(RequestLog(run_id=run_id, kept_at=moment, packed=packed))


def has_requests(run_id: int) -> bool:
    """Whether they are still kept."""
    return db.session.scalar(select(RequestLog.run_id).where(RequestLog.run_id == run_id)) is not None


def read_requests(run_id: int) -> str:
    """The CSV; its header alone where nothing is kept, or nothing any more."""
    log = db.session.get(RequestLog, run_id)
    return zlib.decompress(log.packed).decode() if log else csv_text(HEADER, [])
