"""What a plan would write of each record, field by field, before and after, in names instead of Uuids (E8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.models import Outcome
from portal.sync.planning.deciding import named_pending, values_to_send
from portal.sync.planning.intent import Action, Plan
from portal.sync.planning.payload import Reference, is_empty
from portal.sync.planning.snapshot import Offer
from portal.sync.pushing.written import OUTCOMES, PUBLISHED
from portal.sync.running.material import Material
from portal.text.excerpts import around_difference


@dataclass(frozen=True, slots=True)
class Change:
    """What would be written of one record: slug → (before, after), people and rooms by their names."""

    kind: str
    id: str
    name: str
    outcome: Outcome
    fields: dict[str, tuple[Any, Any]]


def list_changes(plan: Plan, offer: Offer, material: Material) -> tuple[Change, ...]:
    """The records that the plan creates or updates, people first."""
    names = _names(plan, offer, material)
    pending = frozenset(named_pending(plan.speakers, plan.choices))
    changes = []
    for each in (*plan.speakers, *plan.sessions):
        if each.action not in (Action.CREATE, Action.UPDATE):
            continue
        before = each.link.pushed if each.link and not each.link.of_another else {}
        if each.link is None:
            after = {slug: value for slug, value in each.values.items() if not is_empty(value)}
        else:
            after = values_to_send(each, plan.known, pending).changed if each.publish is not False else {}
        fields = {
            slug: (in_names(before.get(slug), names), in_names(value, names)) for slug, value in after.items()
        }
        if each.publish is not None:
            fields[PUBLISHED] = (not each.publish, each.publish)
        changes.append(Change(each.kind, each.id, each.name, OUTCOMES[each.action], fields))
    return tuple(changes)


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


def in_names(value: Any, names: Mapping[Any, str]) -> Any:
    """A value with names in place of the references and Uuids in it, as far as they are known."""
    if isinstance(value, list | tuple):
        return [in_names(each, names) for each in value]
    if isinstance(value, Reference):
        return names.get(value, value.key)
    return names.get(value, value) if isinstance(value, str) else value


def shown_fields(fields: Mapping[str, tuple[Any, Any]]) -> dict[str, list[str]]:
    """Slug → [before, after] as a page shows them: texts alone, long ones cut to where they differ."""
    return {slug: list(around_difference(*map(_shown, pair))) for slug, pair in fields.items()}


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
