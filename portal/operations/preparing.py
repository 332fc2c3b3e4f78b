"""What continuous sync does for a mapping that is set to prepare only: look, and say how much waits (E8)."""

import logging

from portal.models import Mapping, db, now
from portal.operations.syncing import preview

log = logging.getLogger(__name__)


def prepare_changes(mapping: Mapping) -> int | None:
    """Plan a sync with what ASP has, write nothing to ASP, and keep how many records would change.

    None when no plan could be made; then it is not known what waits. Raises Refused when ASP is not connected.
    """
    mapping_id = mapping.id
    made = preview(mapping, now())
    waiting = None if made.stop else len(made.changes)
    if made.stop:
        log.warning("Mapping %s could not be prepared: %s", mapping_id, made.stop)
    kept = db.session.get(Mapping, mapping_id, populate_existing=True)
    if kept is not None:  # it may have been removed while ASP was asked
        kept.changes_waiting = waiting
    db.session.commit()
    return waiting
