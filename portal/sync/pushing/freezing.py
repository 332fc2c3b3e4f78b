"""What becomes of links that a run makes while somebody disconnects: they end like all others (F3, F4)."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from portal.models import FrozenSession, LinkKind, UnpublishedSpeaker, db


def freeze_links(links: list[dict[str, Any]]) -> None:
    """In the caller's transaction: freeze the sessions, and mark the people whom the portal has unpublished."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
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
            db.session.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _place(link: dict[str, Any]) -> dict[str, Any]:
    return {"organisation_id": link["organisation_id"], "site_uuid": link["site_uuid"]}
