"""The same plan without writing: what would be created, updated, skipped, and why (E8)."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.asp.client import AspClient
from portal.errors import PortalError
from portal.models import Outcome
from portal.sync.planning.deciding import changed_values, named_pending
from portal.sync.planning.intent import Action, Intended, IntendedChoice, Plan
from portal.sync.planning.payload import Reference, is_empty
from portal.sync.planning.snapshot import Offer
from portal.sync.pushing.ledger import count
from portal.sync.pushing.push import Pool
from portal.sync.running.asking import ask_offer
from portal.sync.running.execution import make_plan
from portal.sync.running.material import Material

OUTCOMES = {
    Action.CREATE: Outcome.CREATED,
    Action.UPDATE: Outcome.UPDATED,
    Action.UNCHANGED: Outcome.UNCHANGED,
    Action.SKIP: Outcome.SKIPPED,
    Action.FAIL: Outcome.FAILED,
}


@dataclass(frozen=True, slots=True)
class Change:
    """What would be written of one record: slug → (before, after), people and rooms by their names."""

    kind: str
    id: str
    name: str
    outcome: Outcome
    fields: dict[str, tuple[Any, Any]]


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
    """A preview has no run to write down."""

    def record(self, written: Any) -> None: ...
    def record_choice(self, choice: IntendedChoice, uuid: str) -> None: ...
    def warn(self, reason: str) -> None: ...
    def beat(self) -> None: ...


def preview_sync(material: Material, client: AspClient, *, in_flight: int, moment: datetime) -> Preview:
    """Ask ASP what it has, and plan; an ASP that cannot be asked stops the preview like the plan itself."""
    begun = time.monotonic()
    pool = Pool(client, in_flight, _Unwatched())
    try:
        offer = ask_offer(material.place, client, pool)
        plan = make_plan(material, offer, client, pool, moment)
        changes = tuple(_changes(plan, _names(plan, offer, material)))
    except PortalError as problem:
        plan, changes = Plan(stop=str(problem)), ()
    finally:
        client.waiting.stop.set()
        pool.close()
    return Preview(
        counts=count_plan(plan),
        records=(*plan.sessions, *plan.speakers),
        changes=changes,
        warnings=plan.warnings,
        stop=plan.stop,
        requests=client.tally.requests,
        seconds=round(time.monotonic() - begun, 1),
        withheld=plan.withheld,
    )


def count_plan(plan: Plan) -> dict[str, dict[str, int]]:
    """The counts of a run that would do what the plan says."""
    return {
        "sessions": count(Counter(OUTCOMES[each.action] for each in plan.sessions)),
        "speakers": count(Counter(OUTCOMES[each.action] for each in plan.speakers)),
    }


def _changes(plan: Plan, names: Mapping[Any, str]) -> list[Change]:
    pending = frozenset(named_pending(plan.speakers, plan.choices))
    changes = []
    for each in (*plan.speakers, *plan.sessions):
        if each.action not in (Action.CREATE, Action.UPDATE):
            continue
        before = each.link.pushed if each.link and not each.link.of_another else {}
        if each.link is None:
            after = {slug: value for slug, value in each.values.items() if not is_empty(value)}
        else:
            after = changed_values(each, plan.known, pending)[1] if each.publish is not False else {}
        fields = {
            slug: (_named(before.get(slug), names), _named(value, names)) for slug, value in after.items()
        }
        if each.publish is not None:
            fields["published"] = (not each.publish, each.publish)
        changes.append(Change(each.kind, each.id, each.name, OUTCOMES[each.action], fields))
    return changes


def _names(plan: Plan, offer: Offer, material: Material) -> dict[Any, str]:
    """Names for references and for Uuids, those included that nothing of the plan refers to any more."""
    names: dict[Any, str] = {each.uuid: each.name for each in (*offer.streams, *offer.locations)}
    people = material.programme.contacts
    for key, link in material.links.speakers.items():
        if key in people:
            names[link.asp_uuid] = people[key].name
    names |= named_pending(plan.speakers, plan.choices)
    for choice in plan.choices:
        names[Reference(choice.kind, choice.key)] = choice.name
    for each in plan.speakers:
        for contact_id in (each.id, *each.also):
            names[Reference("speaker", contact_id)] = each.name
    return names | {uuid: names[reference] for reference, uuid in plan.known.items() if reference in names}


def _named(value: Any, names: Mapping[Any, str]) -> Any:
    if isinstance(value, list | tuple):
        return [_named(each, names) for each in value]
    if isinstance(value, Reference):
        return names.get(value, value.key)
    return names.get(value, value) if isinstance(value, str) else value
