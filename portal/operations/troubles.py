"""What an organisation is told of by itself (G4): the trouble of each mapping, judged from what is remembered."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from portal.models import ACTIVE, Connection, Mapping, Run, RunStatus, db
from portal.operations.event_settings import is_paused
from portal.operations.sources import waits_for_token
from portal.operations.syncing import CONTINUOUS
from portal.operations.wanting import rests
from portal.text.counting import count

GOOD = (RunStatus.SUCCEEDED, RunStatus.PARTIAL)
BAD = (RunStatus.FAILED, RunStatus.INTERRUPTED)
TOO_OLD = 3  # intervals without a good sync


class Trouble(StrEnum):
    """Why an organiser should look, worst first."""

    REJECTED = "credentials rejected"
    TOKEN_REJECTED = "token rejected"  # noqa: S105
    APPROVAL = "approval needed"
    FAILING = "failing"
    OLD = "last good sync too old"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a mapping is judged by; the run is the last one that continuous sync began and that has ended."""

    connected: bool
    rejected: bool
    token_rejected: bool
    continuous: bool  # on, and neither paused nor at rest
    good_since: datetime  # the end of the last good sync, else when the mapping was made
    last_status: str | None = None
    last_message: str = ""
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A trouble in an admin's words."""

    trouble: Trouble
    words: str


def judge(facts: Facts, interval: timedelta, moment: datetime) -> Told | None:  # G4
    """The worst trouble; None when all is well. A run that somebody asked for tells only them."""
    if not facts.connected:
        return None
    if facts.rejected:
        return Told(
            Trouble.REJECTED, "ASP Events does not accept the API key and secret any more. Enter them again."
        )
    if facts.token_rejected:
        return Told(
            Trouble.TOKEN_REJECTED,
            "Sessionboard does not accept the access token any more. Enter another one.",
        )
    if not facts.continuous:
        return None
    if facts.withheld:
        return Told(
            Trouble.APPROVAL,
            f"{count(facts.withheld, 'record')} would be unpublished. That waits for an admin’s approval.",
        )
    if facts.last_status in BAD:
        return Told(Trouble.FAILING, facts.last_message or "The last sync failed.")
    if moment - facts.good_since > TOO_OLD * interval:
        return Told(Trouble.OLD, f"No sync has gone well since {facts.good_since:%d %B %Y, %H:%M} UTC.")
    return None


def find_facts(mapping: Mapping, connection: Connection | None, moment: datetime) -> Facts:
    """Read what the mapping is judged by."""
    works = connection is not None and connection.continuous and not mapping.prepare_only
    facts = Facts(
        connected=connection is not None and mapping.removed_at is None,
        rejected=connection is not None and connection.rejected_at is not None,
        token_rejected=waits_for_token(mapping.event),
        continuous=works and not is_paused(mapping, moment) and not rests(mapping),
        good_since=mapping.created_at,
    )
    return _with_runs(facts, mapping) if facts.continuous else facts


def _with_runs(facts: Facts, mapping: Mapping) -> Facts:
    """How its runs went, which nobody judges by where continuous sync does not work."""
    ended = select(Run).where(Run.mapping_id == mapping.id, Run.status.not_in((*ACTIVE, RunStatus.CANCELLED)))
    last = db.session.scalar(ended.where(Run.actor == CONTINUOUS).order_by(Run.id.desc()).limit(1))
    good = db.session.scalar(ended.where(Run.status.in_(GOOD)).order_by(Run.id.desc()).limit(1))
    return replace(
        facts,
        last_status=last.status if last else None,
        last_message=(last.message or "") if last else "",
        withheld=last.withheld if last and (good is None or good.id <= last.id) else 0,
        good_since=(good.finished_at if good and good.finished_at else facts.good_since),
    )
