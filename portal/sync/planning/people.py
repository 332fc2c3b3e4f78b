"""Who is synced as a speaker, and which contacts are one and the same person to ASP (D6, D7, D13)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.asp.contract import Contract
from portal.sync.planning.keys import email_of
from portal.sync.planning.selection import missing_words
from portal.sync.planning.snapshot import ContactSnapshot, LinkSnapshot
from portal.text.matching import fold, trimmed

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Sorted:
    """What became of the people on the sessions that are synced."""

    going: dict[str, LinkSnapshot | None] = field(default_factory=dict)  # contact → the link it goes on with
    aliases: dict[str, list[str]] = field(default_factory=dict)  # contact → the others it stands for
    skipped: dict[str, str] = field(default_factory=dict)  # contact → why
    failed: dict[str, str] = field(default_factory=dict)  # contact → why


def sort_people(
    candidates: Iterable[str],
    contacts: dict[str, ContactSnapshot],
    links: dict[str, LinkSnapshot],
    contract: Contract,
) -> Sorted:
    """Decide about every candidate (an accepted participant of a session that is synced)."""
    result = Sorted()
    by_email: dict[str, list[ContactSnapshot]] = defaultdict(list)
    chosen = dict.fromkeys(candidates)
    for contact_id in chosen:
        contact = contacts[contact_id]
        if reason := _missing_fields(contact):
            result.failed[contact_id] = reason
        else:
            by_email[fold(contact.email or "")].append(contact)
    holders = {  # linked people who are on no synced session any more, or fail, still hold their e-mail in ASP
        email: contacts[key]
        for key, link in links.items()
        if (key not in chosen or key in result.failed) and key in contacts
        if (email := email_of(link.pushed, contract))
    }
    for email, group in by_email.items():
        in_order = sorted(group, key=lambda each: each.id)  # whatever the order of the sessions is
        _sort_group(email, in_order, holders.get(email), links, contract, result)
    return result


def _missing_fields(contact: ContactSnapshot) -> str | None:  # D7
    needed = {"First Name": contact.first_name, "Last Name": contact.last_name, "Email": contact.email}
    return missing_words([label for label, value in needed.items() if not trimmed(value or "")], "person")


def _sort_group(
    email: str,
    group: list[ContactSnapshot],
    holder: ContactSnapshot | None,
    links: dict[str, LinkSnapshot],
    contract: Contract,
    result: Sorted,
) -> None:
    """D13: the contacts of one e-mail. Those of one name are one person; of several names only one may go on."""
    persons: dict[str, list[ContactSnapshot]] = defaultdict(list)
    for contact in group:
        persons[_name(contact)].append(contact)
    if holder is not None and (_name(holder) not in persons or holder.id in result.failed):
        for contact in group:
            result.failed[contact.id] = _clash([holder])
        return
    found = {}
    for name, same in persons.items():
        former = [holder] if holder is not None and _name(holder) == name else []
        found[name] = _link_of(_latest(same), [*same, *former], links, email, contract)
    going = _who_goes_on(list(persons), found, email, contract)
    for name, same in persons.items():
        if name not in going:
            others = [contact for contact in group if _name(contact) != name]
            result.failed.update({contact.id: _clash(others) for contact in same})
            continue
        winner = _latest(same)
        result.going[winner.id] = found[name]
        losers = [contact.id for contact in same if contact is not winner]
        result.aliases[winner.id] = losers
        if holder is not None and _name(holder) == name:
            losers = [*losers, holder.id]  # their record is the winner's from now on
        for loser in losers:
            result.skipped[loser] = (
                f"The same person as another entry named {winner.name} with the same e-mail address; "
                f"the fields of the entry that was updated last are used."
            )


def _name(contact: ContactSnapshot) -> str:
    """What a person's name is compared by: case and white space aside."""
    return " ".join(fold(contact.name).split())


def _who_goes_on(
    names: list[str], found: dict[str, LinkSnapshot | None], email: str, contract: Contract
) -> list[str]:
    if len(names) == 1:
        return names
    linked = [name for name in names if found[name] is not None]
    if len(linked) > 1:
        linked = [name for name in linked if _has_email(found[name], email, contract)]
    return linked if len(linked) == 1 else []


def _latest(same: list[ContactSnapshot]) -> ContactSnapshot:
    """The one updated last; of equal dates the one with the smaller UUID."""
    newest = max(contact.updated_at or LONG_AGO for contact in same)
    return min((each for each in same if (each.updated_at or LONG_AGO) == newest), key=lambda each: each.id)


def _link_of(
    winner: ContactSnapshot,
    same: list[ContactSnapshot],
    links: dict[str, LinkSnapshot],
    email: str,
    contract: Contract,
) -> LinkSnapshot | None:
    """The link a person goes on with: best the record that has the e-mail already, else their own."""
    owned = {contact.id: links[contact.id] for contact in same if contact.id in links}
    own = owned.get(winner.id)
    if own is not None and _has_email(own, email, contract):
        return own
    holding = [link for link in owned.values() if _has_email(link, email, contract)]
    return holding[0] if holding else own or next(iter(owned.values()), None)


def _has_email(link: LinkSnapshot | None, email: str, contract: Contract) -> bool:
    return link is not None and email_of(link.pushed, contract) == email


def _clash(others: list[ContactSnapshot]) -> str:
    names = " and ".join(dict.fromkeys(contact.name for contact in others))
    return (
        f"Has the same e-mail address as {names}. Give each person an address of their own, so that "
        f"nobody's name appears over someone else's photo, then sync again."
    )
