"""What becomes of links that a run makes while somebody disconnects: they end like all others (F3, F4)."""

from typing import Any

from portal.models import FrozenSession, LinkKind, UnpublishedSpeaker, insert_or_keep


def freeze_links(links: list[dict[str, Any]]) -> None:
    """In the caller's transaction: freeze the sessions, and mark the people whom the portal has unpublished."""
    frozen = [
        {**_place(link), "source_id": link["key"], "frozen_at": link["pushed_at"]}
        for link in links
        if link["kind"] == LinkKind.SESSION
    ]
    marked = [
        {**_place(link), "asp_uuid": link["asp_uuid"], "unpublished_at": link["pushed_at"]}
        for link in links
        if link["kind"] == LinkKind.SPEAKER and link["unpublished"]
    ]
    for table, rows in ((FrozenSession, frozen), (UnpublishedSpeaker, marked)):
        if rows:
            insert_or_keep(table, rows)


def _place(link: dict[str, Any]) -> dict[str, Any]:
    return {"organisation_id": link["organisation_id"], "site_uuid": link["site_uuid"]}
