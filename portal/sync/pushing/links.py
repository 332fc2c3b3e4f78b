"""Stores the links of a run: which record here is which record in ASP (I2, I3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from portal.models import Connection, Link, LinkKind, await_turn, db, insert_or_change
from portal.sync.planning.snapshot import LinkSnapshot
from portal.sync.pushing.freezing import freeze_links

KEYS = ("organisation_id", "site_uuid", "seminar_uuid", "kind", "key")
KEPT = ("asp_uuid", "pushed", "pushed_hash", "refused", "unpublished", "gone", "hidden", "pushed_at", "stamp")


@dataclass(frozen=True, slots=True)
class Place:
    """Where links belong (I2)."""

    organisation_id: int
    connection_id: int
    site_uuid: str
    seminar_uuid: str


def seminar_of(kind: str, seminar_uuid: str) -> str:
    """What a link of this kind says of its seminar: speakers belong to the whole site (I2)."""
    return "" if kind == LinkKind.SPEAKER else seminar_uuid


@dataclass(slots=True)
class NewLinks:
    """The links that a run has made and not stored yet."""

    place: Place
    now: Callable[[], datetime]
    _kept: list[dict[str, Any]] = field(default_factory=list)
    _ended: list[tuple[str, str]] = field(default_factory=list)
    _gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self._kept or self._ended or self._gone)

    def keep(self, kind: str, key: str, link: LinkSnapshot) -> None:
        """The record `key` is what the link says."""
        self._kept.append(
            {
                "organisation_id": self.place.organisation_id,
                "site_uuid": self.place.site_uuid,
                "seminar_uuid": seminar_of(kind, self.place.seminar_uuid),
                "kind": kind,
                "key": key,
                "asp_uuid": link.asp_uuid,
                "pushed": link.pushed,
                "pushed_hash": link.pushed_hash,
                "refused": link.refused,
                "unpublished": link.unpublished,
                "gone": link.gone,
                "hidden": link.hidden,
                "pushed_at": self.now(),
            }
        )

    def end(self, kind: str, key: str) -> None:
        """The record `key` has none in ASP any more."""
        self._ended.append((kind, key))

    def lose(self, speaker_uuids: tuple[str, ...]) -> None:
        """ASP answered that these people's records are not there any more (E13)."""
        self._gone += speaker_uuids

    def store(self) -> None:
        """Write all of it, in the caller's transaction; `forget` follows its commit."""
        for kind, key in self._ended:
            db.session.execute(delete(Link).where(*self._of_this_place(kind), Link.key == key))
        if self._kept:
            self._store_kept()
        if self._gone:
            gone = (*self._of_this_place(LinkKind.SPEAKER), Link.asp_uuid.in_(self._gone))
            db.session.execute(update(Link).where(*gone).values(gone=True))

    def forget(self) -> None:
        """What was stored is committed."""
        self._kept, self._ended, self._gone = [], [], []

    def _store_kept(self) -> None:
        # A Disconnect that happens at this moment waits, or it has happened and is seen here.
        if not await_turn(Connection, self.place.connection_id):
            freeze_links(self._kept)
            return
        insert_or_change(Link, self._kept, KEYS, KEPT)

    def _of_this_place(self, kind: str) -> tuple[Any, ...]:
        return (
            Link.organisation_id == self.place.organisation_id,
            Link.site_uuid == self.place.site_uuid,
            Link.kind == kind,
        )
