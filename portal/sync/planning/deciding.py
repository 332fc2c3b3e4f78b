"""What is done with one record: made, updated, left alone or left out, by its link and what was last pushed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from portal.sync.planning import reasons
from portal.sync.planning.intent import Action, Intended, IntendedChoice
from portal.sync.planning.payload import Reference, difference, filled, resolve
from portal.sync.planning.snapshot import LinkSnapshot
from portal.sync.planning.unpublishing import UNPUBLISHED

Known = Mapping[Reference, str]  # the Uuids of the records that are in ASP

DELETED = reasons.DELETED_THERE.sentence
DELETED_ADVICE = reasons.DELETED_THERE.words()
MADE_AGAIN = f"{DELETED} It is recreated."


def decide(
    intended: Intended, recreate_deleted: bool, known: Known, pending: frozenset[Reference] = frozenset()
) -> Intended:
    """The intention with its action, by its link; `pending` are records that this run is to make."""
    link = intended.link
    if link is None:  # D15
        return replace(intended, action=Action.CREATE)
    if link.gone and recreate_deleted:  # E13
        return replace(intended, action=Action.CREATE, link=None, warnings=(*intended.warnings, MADE_AGAIN))
    publish = True if link.unpublished and intended.public else None  # D9: they came back
    payload, changed, _ = values_to_send(intended, known, pending)
    if link.gone and not changed:  # E13: it is tried again only once something is new
        return replace(intended, action=Action.FAIL, reason=DELETED_ADVICE)
    refused = tuple(  # D16
        reasons.REFUSED.words(slug=slug, message=entry.get("message"))
        for slug, entry in link.refused.items()
        if slug in payload and slug not in changed and payload[slug] == entry.get("value")
    )
    action = Action.UPDATE if publish or changed else Action.UNCHANGED
    return replace(intended, action=action, publish=publish, warnings=(*intended.warnings, *refused))


class ToSend(NamedTuple):
    """What a record is to hold, what of it has to be sent, and by their slugs the references without a Uuid yet."""

    payload: dict[str, Any]
    changed: dict[str, Any]
    unknown: list[tuple[str, Reference]]


def values_to_send(intended: Intended, known: Known, pending: frozenset[Reference] = frozenset()) -> ToSend:
    """The intended values, with the Uuids known by now.

    While planning, a reference to a record that is yet to be created (`pending`) counts as a change; push decides
    by the same function once those records are in ASP.
    """
    payload, unknown = resolve(intended.values, known)
    link = intended.link
    if link is None:
        return ToSend(payload, filled(payload), unknown)
    if link.of_another:  # D13: nothing of theirs may stay under this name
        return ToSend(payload, payload, unknown)
    if link.adopted:
        payload = filled(payload)  # D11: what was never pushed is not cleared
    awaited = {slug: intended.values[slug] for slug, reference in unknown if reference in pending}
    changed = {**difference(payload, link.pushed, link.refused), **awaited}
    sent = {slug: value for slug, value in changed.items() if slug not in link.kept}
    return ToSend(payload, sent, unknown)


def leave_out(intended: Intended, unpublish: bool) -> Intended:
    """A record that is not synced, for the reason given; one that is linked is unpublished where that is on (D9)."""
    link, reason = intended.link, intended.reason
    if link is None:
        return intended
    if link.gone:
        return replace(intended, reason=f"{reason} {DELETED}")
    if link.unpublished:
        return replace(intended, reason=f"{reason} {UNPUBLISHED}")
    if unpublish:  # D12 has the last word
        return replace(intended, action=Action.UPDATE, publish=False)
    return replace(intended, reason=f"{reason} Its record in ASP stays as it is.")


def named_pending(
    speakers: tuple[Intended, ...], choices: tuple[IntendedChoice, ...]
) -> dict[Reference, str]:
    """The records that sessions refer to and that this run creates, with their names."""
    people = {
        Reference("speaker", contact_id): each.name
        for each in speakers
        if each.action is Action.CREATE
        for contact_id in (each.id, *each.also)
    }
    return people | {Reference(c.kind, c.key): c.name for c in choices if c.action is Action.CREATE}


def handed_on(
    links: Mapping[str, LinkSnapshot], taken: LinkSnapshot | None, own_key: str
) -> LinkSnapshot | None:
    """Whoever takes over another's record hands on their own: the two swap, and neither is forgotten (D13)."""
    return links.get(own_key) if taken is not None and taken.key != own_key else None
