"""Look what a sync would do, and keep it for the page (E8)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.asp.client import AspClient
from portal.cache import current_cache
from portal.config import current_settings
from portal.errors import INTERNAL, PortalError, Refused
from portal.models import Mapping, PreviewGroup, StoredPreview, StoredPreviewRecord, db, now
from portal.operations.connection.clients import NOT_CONNECTED, client_for
from portal.operations.queries.organisation import find_connection
from portal.operations.sources.refreshing import refresh_event
from portal.sync.planning.intent import Action, Intended
from portal.sync.planning.unpublishing import is_unpublished
from portal.sync.running.fingerprint import fingerprint
from portal.sync.running.intended_changes import shown_fields
from portal.sync.running.material import load_material
from portal.sync.running.moment import one_moment
from portal.sync.running.preview import Preview, preview_sync
from portal.sync.running.versions import sync_version
from portal.text.searching import searchable

log = logging.getLogger(__name__)

DEADLINE = timedelta(minutes=5)  # a look that took longer is given up, and may be asked for again
GROUPS = {
    Action.CREATE: PreviewGroup.CREATE,
    Action.UPDATE: PreviewGroup.UPDATE,
    Action.UNCHANGED: PreviewGroup.UNCHANGED,
    Action.SKIP: PreviewGroup.SKIP,
    Action.FAIL: PreviewGroup.FAIL,
}


@dataclass(frozen=True, slots=True)
class FreshPreview:
    """A preview, and the fingerprint and the version of what it was made from."""

    preview: Preview
    fingerprint: str
    version: str


def preview(mapping: Mapping, moment: datetime, unpublish_approved: int = 0) -> Preview:
    """What a sync with this approval (D12) would do, without writing. Raises PortalError where there is no plan."""
    return _look(mapping, moment, unpublish_approved).preview


def _look(mapping: Mapping, moment: datetime, unpublish_approved: int = 0) -> FreshPreview:
    connection = find_connection(mapping.organisation_id)
    if connection is None:
        raise Refused(NOT_CONNECTED)
    client: AspClient = client_for(connection)
    try:
        with one_moment():
            version = sync_version(mapping.event)
            material = load_material(mapping, connection, current_settings(), unpublish_approved)
        made = preview_sync(material, client, in_flight=current_settings().asp_in_flight, moment=moment)
    finally:
        client.close()
    return FreshPreview(made, fingerprint(material), version)


def latest_preview(mapping: Mapping) -> StoredPreview | None:
    """The last look that was asked for."""
    return db.session.scalar(
        select(StoredPreview)
        .where(StoredPreview.mapping_id == mapping.id)
        .order_by(StoredPreview.id.desc())
        .limit(1)
    )


def is_being_made(asked: StoredPreview) -> bool:
    """Whether a worker is still at it, or will be."""
    return asked.made_at is None and now() - asked.asked_at < DEADLINE


def make_preview(preview_id: int) -> bool:
    """What a worker does for a look that was asked for; False when nobody waits for it any more."""
    asked = db.session.get(StoredPreview, preview_id)
    if asked is None or asked.made_at is not None or asked.mapping.removed_at is not None:
        return False
    try:
        refresh_event(asked.mapping.event)  # H1: what a sync would do begins with that
        look = _look(asked.mapping, now())
    except PortalError as problem:
        _close(preview_id, stop=str(problem))
    except Exception:
        log.exception("Preview %s ended by an error of the portal's own", preview_id)
        db.session.rollback()
        _close(preview_id, stop=INTERNAL)
    else:
        _keep(preview_id, look)
    return True


def _keep(preview_id: int, look: FreshPreview) -> None:
    """Store what was seen, compared with the look before, which then goes; commit."""
    asked = db.session.get_one(StoredPreview, preview_id, populate_existing=True)
    mapping_id = asked.mapping_id
    before = _kept_before(mapping_id, preview_id)
    rows = list(_rows(preview_id, look.preview))
    for row in rows:
        row["is_new"] = before is not None and before.pop(_key(row), None) != _said(row)
    if rows:
        db.session.execute(insert(StoredPreviewRecord), rows)
    differing = None if before is None else len(before) + sum(row["is_new"] for row in rows)
    db.session.execute(
        delete(StoredPreview).where(StoredPreview.mapping_id == mapping_id, StoredPreview.id < preview_id)
    )
    _close(
        preview_id,
        stop=look.preview.stop,
        warnings=list(look.preview.warnings),
        withheld=look.preview.withheld,
        fingerprint=look.fingerprint,
        version=look.version,
        differing=differing,
    )


def _close(preview_id: int, **values: Any) -> None:
    db.session.execute(
        update(StoredPreview).where(StoredPreview.id == preview_id).values(made_at=now(), **values)
    )
    db.session.commit()


def _kept_before(mapping_id: int, preview_id: int) -> dict[tuple[str, str], Any] | None:
    """What the last look that saw a plan said of each record; None where there was none."""
    last = db.session.scalar(
        select(StoredPreview.id)
        .where(
            StoredPreview.mapping_id == mapping_id,
            StoredPreview.id < preview_id,
            StoredPreview.made_at.is_not(None),
            StoredPreview.stop.is_(None),
        )
        .order_by(StoredPreview.id.desc())
        .limit(1)
    )
    if last is None:
        return None
    columns = StoredPreviewRecord.__table__.c
    found = db.session.execute(
        select(
            columns.kind, columns.source_id, columns.name, columns.group, columns.reason, columns.fields
        ).where(columns.preview_id == last)
    ).mappings()
    return {_key(row): _said(row) for row in found}


def _key(row: Any) -> tuple[str, str]:
    return row["kind"], row["source_id"]


def _said(row: Any) -> Any:
    return str(row["group"]), row["name"], row["reason"], row["fields"]


def _rows(preview_id: int, made: Preview) -> Iterator[dict[str, Any]]:
    changed = {(change.kind, change.id): change.fields for change in made.changes}
    for each in made.records:
        group = _group(each)
        fields = changed.get((each.kind, each.id), {}) if group is PreviewGroup.UPDATE else {}
        yield {
            "preview_id": preview_id,
            "group": group,
            "kind": each.kind,
            "source_id": each.id,
            "name": each.name,
            "reason": each.reason,
            "warnings": list(each.warnings),
            "fields": shown_fields(fields),
            "words": searchable(" ".join([each.name, each.reason or "", *each.warnings, each.id])),
        }


def _group(each: Intended) -> PreviewGroup:
    """Unpublishing stands by itself, whether it waits for an approval (D12) or not."""
    return PreviewGroup.UNPUBLISH if each.withheld or is_unpublished(each) else GROUPS[each.action]


def is_outdated(shown: StoredPreview) -> bool:
    """Whether programme, mapping or links have changed since it was made.

    Another version tells only that something of the organisation was written; whether it was any of this is looked up
    once for each version.
    """
    mapping = shown.mapping
    connection = find_connection(mapping.organisation_id)
    if connection is None:
        return True
    version = sync_version(mapping.event)
    if version == shown.version:
        return False
    name = ("fingerprint", mapping.id)
    known: str | None = current_cache().find(name, version)
    if known is None:
        with one_moment():
            material = load_material(mapping, connection, current_settings())
        known = fingerprint(material)
        current_cache().keep(name, version, known, 1)
    return known != shown.fingerprint
