"""The same plan without writing: what would be created, updated, skipped, and why (E8)."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from portal.asp.client import AspClient
from portal.errors import PortalError
from portal.sync.planning.intent import Intended, Plan
from portal.sync.pushing.ledger import count_outcomes
from portal.sync.pushing.pool import Pool
from portal.sync.pushing.written import OUTCOMES
from portal.sync.running.asking import ask_offer, make_plan
from portal.sync.running.intended_changes import Change, list_changes
from portal.sync.running.marks import mark_refusal
from portal.sync.running.material import Material


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan in an admin's words. `stop` says why nothing would be written."""

    counts: dict[str, dict[str, int]]
    records: tuple[Intended, ...]
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]
    stop: str | None
    requests: int
    seconds: float
    withheld: int = 0  # records that would not be unpublished without an approval (D12)


class _Unwatched:
    """A preview has no run whose heart could beat."""

    def beat(self) -> None: ...


def preview_sync(material: Material, client: AspClient, *, in_flight: int, moment: datetime) -> Preview:
    """Ask ASP what it has, and plan; an ASP that cannot be asked stops the preview like the plan itself."""
    begun = time.monotonic()
    pool = Pool(client, in_flight, _Unwatched())
    changes: tuple[Change, ...] = ()
    try:
        offer = ask_offer(material.place, client, pool)
        plan = make_plan(material, offer, client, pool, moment)
        changes = list_changes(plan, offer, material)
    except PortalError as problem:
        mark_refusal(problem, material, moment)
        plan = Plan(stop=str(problem))
    finally:
        client.waiting.stop.set()
        pool.close()
    return Preview(
        counts=_count_plan(plan),
        records=(*plan.sessions, *plan.speakers),
        changes=changes,
        warnings=plan.warnings,
        stop=plan.stop,
        requests=client.tally.requests,
        seconds=round(time.monotonic() - begun, 1),
        withheld=plan.withheld,
    )


def _count_plan(plan: Plan) -> dict[str, dict[str, int]]:
    """The counts of a run that would do what the plan says."""
    return {
        "sessions": count_outcomes(Counter(OUTCOMES[each.action] for each in plan.sessions)),
        "speakers": count_outcomes(Counter(OUTCOMES[each.action] for each in plan.speakers)),
    }
