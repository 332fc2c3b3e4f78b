"""The streams and locations that the synced sessions refer to (D1: Room, Tags)."""

from typing import Any

from portal.asp.contract import Contract
from portal.asp.records import AspChoice
from portal.sync.planning.intent import Action, IntendedChoice
from portal.sync.planning.payload import Reference
from portal.sync.planning.snapshot import Links, LinkSnapshot, Offer, SessionSnapshot
from portal.text.matching import fold


def plan_choices(
    payloads: list[dict[str, Any]],
    names: dict[Reference, str],
    sessions: list[SessionSnapshot],
    links: Links,
    offer: Offer,
    contract: Contract,
) -> tuple[tuple[IntendedChoice, ...], dict[Reference, str]]:
    """What becomes of each stream and location, and the Uuids of those that ASP has.

    `sessions` are those that the payloads were made from, in the programme's order. Where two of their tags differ
    in case alone, the first one's name (which is in `names`) and colour count (D1). Tags that no synced session has
    are ignored.
    """
    colours = _colours(sessions)
    planned: list[IntendedChoice] = []
    uuids: dict[Reference, str] = {}
    for reference in _referred(payloads):
        name = names[reference]
        colour = colours.get(reference.key) if reference.kind == "stream" else None
        linked = (links.streams if reference.kind == "stream" else links.locations).get(reference.key)
        offered = offer.streams if reference.kind == "stream" else offer.locations
        choice = _plan_choice(reference, name, colour, linked, offered, contract)
        planned.append(choice)
        if choice.uuid is not None:
            uuids[reference] = choice.uuid
    return tuple(planned), uuids


def _plan_choice(
    reference: Reference,
    name: str,
    colour: str | None,
    linked: LinkSnapshot | None,
    offered: tuple[AspChoice, ...],
    contract: Contract,
) -> IntendedChoice:
    names = contract.choice
    by_uuid = {each.uuid: each for each in offered}
    # I2: it keeps its link when it is renamed in ASP.
    there = by_uuid.get(linked.asp_uuid) if linked else None
    if there is None:  # never linked, or gone from ASP (E13)
        linked = None
        there = next((each for each in offered if fold(each.name) == reference.key), None)
    if there is None:
        values = {names.name: name, **({names.colour: colour} if colour else {})}
        return IntendedChoice(reference.kind, reference.key, name, Action.CREATE, values)
    before = linked.pushed.get(names.colour) if linked else there.colour
    if colour and (before or "").lower() != colour.lower():
        return IntendedChoice(
            reference.kind, reference.key, name, Action.UPDATE, {names.colour: colour}, there.uuid
        )
    values = {names.colour: before} if before else {}
    return IntendedChoice(reference.kind, reference.key, name, Action.UNCHANGED, values, there.uuid)


def _referred(payloads: list[dict[str, Any]]) -> list[Reference]:
    """Every stream and location once, in the order in which the sessions name them."""
    found: dict[Reference, None] = {}
    for payload in payloads:
        for value in payload.values():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Reference) and each.kind in ("stream", "location"):
                    found[each] = None
    return list(found)


def _colours(sessions: list[SessionSnapshot]) -> dict[str, str]:
    """Folded name → colour."""
    colours: dict[str, str] = {}
    for session in sessions:
        for name, colour in zip(session.tags, session.tag_colours, strict=False):
            if colour:
                colours.setdefault(fold(name), colour)
    return colours
