"""E-mail addresses that change hands: ASP lets each belong to only one of a site's speakers (D14)."""

import logging
from dataclasses import dataclass, replace

from portal.asp.client import AspClient
from portal.asp.contract import Contract
from portal.asp.errors import (
    AspError,
    CredentialsRejected,
    Duplicate,
    NoTimeLeft,
    SeminarGone,
    Stopped,
    Unreachable,
)
from portal.models.runs import Outcome
from portal.sync.planning.deciding import Known
from portal.sync.planning.intent import Action, Intended
from portal.sync.planning.keys import email_of
from portal.sync.planning.unpublishing import is_unpublished
from portal.sync.pushing.causes import reason_for
from portal.sync.pushing.writing import Writer
from portal.sync.pushing.written import Written

log = logging.getLogger(__name__)

PLACEHOLDER = "{uuid}@moving.invalid"  # .invalid never is an address of anybody (RFC 2606)
ENDS_RUN = (CredentialsRejected, NoTimeLeft, SeminarGone, Stopped, Unreachable)


@dataclass(frozen=True, slots=True)
class Stage:
    """Speakers who can be written at the same time, once the stages before are over.

    In a `circle` each takes the address that the next one has, and the last one that of the first.
    """

    records: tuple[Intended, ...]
    circle: bool = False


def in_stages(speakers: tuple[Intended, ...], contract: Contract) -> list[Stage]:
    """The speakers to write: an address that somebody gives up is free before the next one takes it."""
    moving: dict[
        str, tuple[str, Intended]
    ] = {}  # by the address that is given up; with the one that is taken
    others: list[Intended] = []
    for each in speakers:
        if each.action not in (Action.CREATE, Action.UPDATE):
            continue
        before = email_of(each.link.pushed, contract) if each.link else ""
        after = email_of(each.values, contract)
        if before not in ("", after) and before not in moving and not is_unpublished(each):
            moving[before] = (after, each)
        else:
            others.append(each)
    stages: list[Stage] = []
    while moving:
        free = [before for before, (after, _) in moving.items() if after not in moving]
        stage = free or _circle(moving)
        stages.append(Stage(tuple(moving.pop(before)[1] for before in stage), circle=not free))
    return [*stages, Stage(tuple(others))]


def _circle(moving: dict[str, tuple[str, Intended]]) -> list[str]:
    """The addresses of one circle: here every address that is taken still belongs to another of them."""
    way: list[str] = [next(iter(moving))]
    while (following := moving[way[-1]][0]) not in way:
        way.append(following)
    return way[way.index(following) :]


def write_circle(
    circle: tuple[Intended, ...], client: AspClient, writer: Writer, known: Known
) -> list[Written]:
    """Let people exchange their addresses: the first one's is set free by a placeholder for as long as that takes.

    Should the process die meanwhile, the next run finds the same circle and goes through it again. Raises AspError
    for what ends the run.
    """
    first = circle[0]
    is_free = _set_free(first, client)  # if not, each is still written, and says for itself what is wrong
    written = [_write(each, writer, known) for each in (*reversed(circle[1:]), first)]
    if is_free and written[-1].outcome is Outcome.FAILED:
        written[-1] = _given_back(first, written[-1], client)
    return written


def _set_free(intended: Intended, client: AspClient) -> bool:
    """Give a placeholder in place of the address; False where ASP does not take it."""
    try:
        _set_address(intended, PLACEHOLDER.format(uuid=intended.id), client)
    except ENDS_RUN:
        raise
    except AspError as error:
        log.warning("No placeholder for the address of %s: %s", intended.id, error)
        return False
    return True


def _write(intended: Intended, writer: Writer, known: Known) -> Written:
    try:
        return writer.write(intended, known)
    except ENDS_RUN:
        raise
    except AspError as error:
        reason = reason_for(error, intended.values)
        return Written(intended.kind, intended.id, intended.name, Outcome.FAILED, reason)


def _given_back(intended: Intended, written: Written, client: AspClient) -> Written:
    """Who could not be written gets the former address again, unless the next person has it by now."""
    slug = client.contract.speaker.email
    before = intended.link.pushed[slug] if intended.link else ""
    try:
        _set_address(intended, before, client)
    except Duplicate:
        placeholder = PLACEHOLDER.format(uuid=intended.id)
        warning = f"In ASP their e-mail address is {placeholder} until this is put right: {before} is another’s now."
        return replace(written, warnings=(*written.warnings, warning))
    return written


def _set_address(intended: Intended, address: str, client: AspClient) -> None:
    if intended.link is not None:
        client.update_speaker(intended.link.asp_uuid, {client.contract.speaker.email: address})
