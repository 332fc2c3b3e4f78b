"""What continuous sync does for a mapping that is set to prepare only: look, and say how much waits (E8)."""

import logging

from portal.models import Mapping, StoredPreview, db
from portal.operations.queries.previews import count_changes
from portal.operations.syncing.previewing import make_preview
from portal.operations.syncing.runs import CONTINUOUS

log = logging.getLogger(__name__)


def prepare_changes(mapping: Mapping) -> int | None:
    """Plan a sync with what ASP has, write nothing to ASP, and keep for the page what would change, and how much.

    None when no plan could be made; then it is not known what waits.
    """
    mapping_id = mapping.id
    asked = StoredPreview(mapping_id=mapping_id, actor=CONTINUOUS)
    db.session.add(asked)
    db.session.commit()
    preview_id = asked.id
    make_preview(preview_id)
    made = db.session.get(StoredPreview, preview_id, populate_existing=True)
    kept = db.session.get(Mapping, mapping_id, populate_existing=True)
    if made is None or kept is None:  # it was removed while ASP was asked
        return None
    if made.stop:
        log.warning("Mapping %s could not be prepared: %s", mapping_id, made.stop)
    kept.changes_waiting = None if made.stop else count_changes(made)
    db.session.commit()
    return kept.changes_waiting
