"""What an organisation is told of by itself (G4): the trouble of each mapping, judged from what is remembered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from portal.models import ACTIVE, Connection, Mapping, Run, RunStatus
from portal.operations.mapping.event_settings import is_paused
from portal.operations.queries.runs import newest_by_mapping
from portal.operations.sources.connecting import waits_for_token
from portal.operations.sources.wanting import events_at_rest
from portal.operations.syncing.runs import CONTINUOUS
from portal.text.numbers import count

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
    """The worst trouble; None when all is well. A run that somebody asked for is told to them alone."""
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


def is_over(before: str | None, facts: Facts) -> bool:  # G4
    """Whether the trouble that was told has ended, where none is found now: it may only be judged no longer, because
    continuous sync was switched off, paused, or rests since the event is over.
    """
    return before is not None and (facts.continuous or before in (Trouble.REJECTED, Trouble.TOKEN_REJECTED))


def find_facts(
    mappings: Iterable[tuple[Mapping, Connection | None]], moment: datetime
) -> Iterator[tuple[Mapping, Facts]]:
    """Read what mappings, each with its organisation's connection, are judged by; in a fixed number of queries."""
    pairs = list(mappings)
    working = _working(pairs, moment)
    ended = (Run.mapping_id.in_(working), Run.status.not_in((*ACTIVE, RunStatus.CANCELLED)))
    latest = newest_by_mapping(*ended, Run.actor == CONTINUOUS) if working else {}
    good = newest_by_mapping(*ended, Run.status.in_(GOOD)) if working else {}
    for mapping, connection in pairs:
        facts = Facts(
            connected=connection is not None and mapping.removed_at is None,
            rejected=connection is not None and connection.rejected_at is not None,
            token_rejected=waits_for_token(mapping.event),
            continuous=mapping.id in working,
            good_since=mapping.created_at,
        )
        yield mapping, _with_runs(facts, latest.get(mapping.id), good.get(mapping.id))


def _working(pairs: list[tuple[Mapping, Connection | None]], moment: datetime) -> set[int]:
    """The ids of those that continuous sync works for: on, and neither paused nor at rest."""
    switched_on = [
        mapping
        for mapping, connection in pairs
        if connection is not None
        and connection.continuous
        and not mapping.prepare_only
        and not is_paused(mapping, moment)
    ]
    at_rest = events_at_rest([each.event_id for each in switched_on]) if switched_on else set()
    return {each.id for each in switched_on if each.event_id not in at_rest}


def _with_runs(facts: Facts, last: Run | None, good: Run | None) -> Facts:
    """How its runs went, by which nobody judges where continuous sync does not work."""
    return replace(
        facts,
        last_status=last.status if last else None,
        last_message=(last.message or "") if last else "",
        withheld=last.withheld if last and (good is None or good.id <= last.id) else 0,
        good_since=(good.finished_at if good and good.finished_at else facts.good_since),
    )
