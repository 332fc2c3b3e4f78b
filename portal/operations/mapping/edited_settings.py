"""Save the form of a mapping's settings: what its reader changed, beside what somebody else has meanwhile (G3)."""

from collections.abc import Iterable
from collections.abc import Mapping as Marks

from portal.errors import Refused
from portal.models import Mapping, db
from portal.operations.editing.saving import EditedMeanwhile
from portal.operations.mapping.copying import set_default
from portal.operations.mapping.event_settings import (
    SENTENCES,
    SETTINGS_CHANGED,
    current_event_settings,
    save_event_settings,
    settings_draft,
    settings_of,
)
from portal.operations.mapping.meanwhile import hold_mapping, who_changed
from portal.programme.drafts import Draft, MergedDraft, merge_drafts

LABELS = SENTENCES | {
    "paused_until": "Last day of the pause",
    "agenda_address": "Address of the public agenda",
    "is_default": "New mappings begin like this one",
}


def draft_of(mapping: Mapping) -> Draft:
    """All that the window's third step shows of a mapping and lets somebody change, but for the timezone's word."""
    return settings_draft(current_event_settings(mapping)) | {"is_default": mapping.is_default}


def save_edited_settings(
    mapping: Mapping,
    draft: Draft,
    actor: str,
    confirmed: str | None,
    *,
    seen: Marks[str, str],
    theirs: Iterable[str],
) -> tuple[bool, MergedDraft]:
    """Store what the reader of a form, which was opened with the marks `seen`, has changed; the rest stays as it is.

    Returns whether anything has changed, and what was brought together. Raises EditedMeanwhile when somebody else has
    given the same settings other values, but for those in `theirs`; Refused as save_event_settings does.
    """
    hold_mapping(mapping)
    stored = draft_of(mapping)
    merged = merge_drafts(seen, draft, stored, theirs)
    try:
        if merged.both:
            raise EditedMeanwhile(stored, merged, who_changed(mapping, SETTINGS_CHANGED))
        wanted = stored | merged.changed
        changed = save_event_settings(mapping, settings_of(wanted), actor, confirmed)
    except Refused:
        db.session.rollback()
        raise
    return set_default(mapping, wanted["is_default"], actor) or changed, merged
