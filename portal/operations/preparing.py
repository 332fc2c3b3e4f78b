"""What continuous sync does for a mapping that is set to prepare only: look, and say how much waits (E8)."""

import logging

from portal.errors import PortalError
from portal.models import Mapping, db, now
from portal.operations.refreshing import refresh_event
from portal.operations.syncing import preview

log = logging.getLogger(__name__)


def prepare_changes(mapping: Mapping) -> int | None:
    """Plan a sync with what ASP has, write nothing to ASP, and keep how many records would change.

    None when no plan could be made; then it is not known what waits. Raises Refused when ASP is not connected.
    """
    mapping_id = mapping.id
    waiting, stop = _look(mapping)
    if stop:
        log.warning("Mapping %s could not be prepared: %s", mapping_id, stop)
    kept = db.session.get(Mapping, mapping_id, populate_existing=True)
    if kept is not None:  # it may have been removed while ASP was asked
        kept.changes_waiting = waiting
    db.session.commit()
    return waiting


def _look(mapping: Mapping) -> tuple[int | None, str | None]:
    """How many records would change, or why that cannot be said."""
    try:
        refresh_event(mapping.event)
    except PortalError as problem:  # H1: nothing is planned with a programme that may be old
        return None, str(problem)
    made = preview(mapping, now())
    return (None, made.stop) if made.stop else (len(made.changes), None)
