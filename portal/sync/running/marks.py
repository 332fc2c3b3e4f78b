"""What is remembered of ASP from one look to the next: an offer, a rejected key, a seminar that is gone (E9)."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from portal.asp.errors import CredentialsRejected, SeminarGone, SiteUnseen
from portal.errors import PortalError
from portal.models import Connection, Mapping, db
from portal.sync.planning.snapshot import Offer
from portal.sync.running.material import Material
from portal.sync.running.terms import GONE_MARK, UNSEEN_MARK, offer_to_keep


def keep_offer(mapping_id: int, connection_id: int, offer: Offer, **more: Any) -> None:
    """Remember what the seminar offers for readiness, and note that ASP accepts the key; commit.

    `more` are further values of the mapping that are stored with it. Once ASP reports a timezone, the confirmation
    that was given while it reported none is used up: should ASP stop reporting one, D10 asks anew.
    """
    db.session.execute(
        update(Mapping)
        .where(Mapping.id == mapping_id)
        .values(
            offer=offer_to_keep(offer),
            **more,
            **({"timezone_confirmed_for": None} if offer.site_timezone else {}),
        )
    )
    db.session.execute(update(Connection).where(Connection.id == connection_id).values(rejected_at=None))
    db.session.commit()


def mark_refusal(problem: PortalError, material: Material, moment: datetime) -> None:  # A7
    """Remember what stopped a run or a look, where it is the key or the seminar; nothing else lasts. Commits then."""
    if isinstance(problem, CredentialsRejected):
        mark_rejected(material.place.connection_id, moment)
    if isinstance(problem, SeminarGone):
        mark_seminar_gone(material.mapping_id)
    if isinstance(problem, SiteUnseen):
        mark_site_unseen(material.mapping_id)


def mark_rejected(connection_id: int, moment: datetime) -> None:  # A7
    """ASP does not accept the connection's key any more; commit."""
    still = (Connection.id == connection_id, Connection.rejected_at.is_(None))
    db.session.execute(update(Connection).where(*still).values(rejected_at=moment))
    db.session.commit()


def mark_seminar_gone(mapping_id: int) -> None:  # A7
    """The mapping's seminar is not in ASP any more; commit."""
    _mark(mapping_id, GONE_MARK)


def mark_site_unseen(mapping_id: int) -> None:  # A7
    """The key does not see the mapping's ASP event any more; commit."""
    _mark(mapping_id, UNSEEN_MARK)


def _mark(mapping_id: int, mark: str) -> None:
    mapping = db.session.get(Mapping, mapping_id, populate_existing=True)
    if mapping is not None:
        mapping.offer = {**mapping.offer, mark: True}
    db.session.commit()
