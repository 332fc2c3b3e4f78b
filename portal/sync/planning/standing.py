"""How each record stands towards ASP (E9): one answer for the agenda, the record, the card and the lists."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.sync.planning.intent import Action, Intended
from portal.sync.planning.snapshot import LinkSnapshot
from portal.sync.planning.unpublishing import UNPUBLISHED, WITHHELD

SECOND_TIME = (
    "It stands in another seminar of ASP Events already; the next sync makes it in this one as well."
)
FROZEN = "It was synced before ASP Events was disconnected, and cannot be synced to that ASP event again."
NO_LONGER_KEPT_UP = "Its record in ASP stays as it is: no mapping of this event leads there any more."


class Standing(StrEnum):
    """Where a record stands."""

    IN_SYNC = "in_sync"
    CHANGED = "changed"
    WAITING = "waiting"
    FAILED = "failed"
    WOULD_BE_UNPUBLISHED = "would_be_unpublished"
    UNPUBLISHED = "unpublished"
    LEFT = "left"
    FROZEN = "frozen"
    NO_LONGER_MAPPED = "no_longer_mapped"
    DELETED = "deleted"
    NEVER_SENT = "never_sent"


TO_BE_SENT = (Standing.WAITING, Standing.CHANGED)


@dataclass(frozen=True, slots=True)
class SyncState:
    """A record's standing, and why."""

    standing: Standing
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class KnownInAsp:
    """What is known of one kind of record in ASP: by this mapping, if there is one, and otherwise."""

    links: Mapping[str, LinkSnapshot]
    frozen: Collection[str] = ()
    elsewhere: Collection[
        str
    ] = ()  # linked by what is no mapping of this event any more, or to another seminar
    is_mapped: bool = True
    failed: Mapping[str, str] = field(default_factory=dict)  # when it was last tried, by what ASP said: why


def would_fail(states: Mapping[str, SyncState], key: str) -> bool:
    """Whether a sync would fail with the record, or has failed and nothing was changed since, as far as is known."""
    return key in states and states[key].standing is Standing.FAILED


def state_of(each: Intended, known: KnownInAsp) -> SyncState:  # E9
    """How a record stands, by what a plan intends with it, and by what became of that when it was last tried."""
    state = _planned(each, known)
    if state.standing in TO_BE_SENT and each.id in known.failed:
        return SyncState(Standing.FAILED, known.failed[each.id])
    return state


def _planned(each: Intended, known: KnownInAsp) -> SyncState:
    if each.action is Action.FAIL:
        return SyncState(Standing.FAILED, each.reason)
    if each.id in known.links:
        return _linked(each, known.links[each.id])
    if each.id in known.frozen:
        return SyncState(Standing.FROZEN, FROZEN)
    awaited = known.is_mapped and each.action is not Action.SKIP
    if each.id in known.elsewhere:
        if awaited:
            return SyncState(Standing.WAITING, SECOND_TIME)
        return SyncState(Standing.NO_LONGER_MAPPED, NO_LONGER_KEPT_UP)
    return SyncState(Standing.WAITING) if awaited else SyncState(Standing.NEVER_SENT, each.reason)


def _linked(each: Intended, link: LinkSnapshot) -> SyncState:
    if each.withheld or each.publish is False:  # D9, D12
        why = (each.reason or "").removesuffix(WITHHELD).removesuffix(UNPUBLISHED).strip()
        return SyncState(Standing.WOULD_BE_UNPUBLISHED, why or None)
    if each.action is Action.UNCHANGED:
        return SyncState(Standing.IN_SYNC)
    if each.action is not Action.SKIP:
        return SyncState(Standing.CHANGED, each.reason)
    if link.gone:
        return SyncState(Standing.DELETED, each.reason)
    return SyncState(Standing.UNPUBLISHED if link.unpublished else Standing.LEFT, each.reason)
