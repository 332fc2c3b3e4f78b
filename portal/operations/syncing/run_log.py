"""What the log says of runs: no name of a person and no message, which quote records."""

import logging

from portal.models import Run, db

log = logging.getLogger(__name__)


def log_begin(run_id: int) -> None:
    """Say that the run begins; no transaction stays open."""
    run = db.session.get_one(Run, run_id)
    log.info("Run %s began: %s of %s", run_id, run.event.name, run.organisation.slug)
    db.session.rollback()


def log_end(run_id: int) -> None:
    """Say how the run ended, with its counts and its seconds; no transaction stays open."""
    run = db.session.get_one(Run, run_id, populate_existing=True)
    nothing = {"synced": 0, "attempted": 0}
    sessions, speakers = (run.counts.get(kind, nothing) for kind in ("sessions", "speakers"))
    log.info(
        "Run %s ended: %s of %s, %s; sessions %s of %s, speakers %s of %s; %s requests, %s writes, %s s",
        run_id,
        run.event.name,
        run.organisation.slug,
        run.status,
        sessions["synced"],
        sessions["attempted"],
        speakers["synced"],
        speakers["attempted"],
        run.requests,
        run.writes,
        run.seconds or 0.0,
    )
    db.session.rollback()
