"""Which contacts are one and the same person to ASP, and which record each goes on with (D7, D13)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from portal.sync.planning import reasons
from portal.sync.planning.context import Context
from portal.sync.planning.keys import email_of
from portal.sync.planning.selection import missing_words
from portal.sync.planning.snapshot import ContactSnapshot, LinkSnapshot
from portal.text.matching import fold, trimmed

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class PeopleApart:
    """What becomes of the people who take part."""

    going: dict[str, LinkSnapshot | None] = field(default_factory=dict)  # contact → the link it goes on with
    aliases: dict[str, list[str]] = field(default_factory=dict)  # contact → the others it stands for
    skipped: dict[str, str] = field(default_factory=dict)  # contact → why
    failed: dict[str, str] = field(default_factory=dict)  # contact → why


def tell_people_apart(taking_part: Iterable[str], context: Context) -> PeopleApart:
    """Decide about everybody who takes part (D6); only they, with the address they have now, count (D13)."""
    people = PeopleApart()
    by_email: dict[str, list[ContactSnapshot]] = defaultdict(list)
    present = dict.fromkeys(taking_part)
    for contact_id in present:
        contact = context.programme.contacts[contact_id]
        if reason := _missing_fields(contact):
            people.failed[contact_id] = reason
        else:
            by_email[fold(contact.email or "")].append(contact)
    records = _Records(context, present, people.failed)
    for email, group in by_email.items():
        in_order = sorted(group, key=lambda each: each.id)  # whatever the order of the sessions is
        _decide_group(email, in_order, records, people)
    return people


def _missing_fields(contact: ContactSnapshot) -> str | None:  # D7
    needed = {"First Name": contact.first_name, "Last Name": contact.last_name, "Email": contact.email}
    return missing_words([label for label, value in needed.items() if not trimmed(value or "")], "person")


class _Records:
    """The linked records of people, and by which address ASP knows each."""

    def __init__(self, context: Context, present: dict[str, None], failed: dict[str, str]) -> None:
        self._contract = context.contract
        self._contacts = contacts = context.programme.contacts
        self.links = context.links.speakers
        self.keepers: dict[str, ContactSnapshot] = {}  # address → who fails now and keeps it in ASP
        # Address → records of who is not present.
        self._left: dict[str, list[LinkSnapshot]] = defaultdict(list)
        self._named = {
            each.contact_id for session in context.programme.sessions for each in session.participants
        }
        for key, link in self.links.items():
            email = email_of(link.pushed, self._contract)
            contact = contacts.get(key)
            if link.gone or not email:
                continue
            if contact is not None and key in failed and fold(contact.email or "") == email:
                self.keepers[email] = contact
            elif key not in present:
                self._left[email].append(link)

    def has_email(self, link: LinkSnapshot | None, email: str) -> bool:
        return link is not None and not link.gone and email_of(link.pushed, self._contract) == email

    def own(self, winner: ContactSnapshot, same: list[ContactSnapshot], email: str) -> LinkSnapshot | None:
        """The link that a person goes on with: preferably the record that has the address already, else their own."""
        owned = {contact.id: self.links[contact.id] for contact in same if contact.id in self.links}
        own = owned.get(winner.id)
        if own is not None and self.has_email(own, email):
            return own
        holding = [link for link in owned.values() if self.has_email(link, email)]
        holding += self._left_by(_name(winner), email)
        return holding[0] if holding else own or next(iter(owned.values()), None)

    def _left_by(self, name: str, email: str) -> list[LinkSnapshot]:
        """Records with this address of somebody of this name who does not take part under that entry any more."""
        return [
            link
            for link in self._left[email]
            if (contact := self._contacts.get(link.key)) is not None and _name(contact) == name
        ]

    def ownerless(self, email: str) -> LinkSnapshot | None:
        """The record with this address of somebody who stands on no session of the programme any more."""
        link = next((link for link in self._left[email] if link.key not in self._named), None)
        return replace(link, of_another=True, refused={}) if link is not None else None


def _decide_group(email: str, group: list[ContactSnapshot], records: _Records, people: PeopleApart) -> None:
    """D13: the contacts of one e-mail. Those of one name are one person; of several names only one may go on."""
    if keeper := records.keepers.get(email):
        for contact in group:
            people.failed[contact.id] = _clash([keeper])
        return
    persons: dict[str, list[ContactSnapshot]] = defaultdict(list)
    for contact in group:
        persons[_name(contact)].append(contact)
    found = {name: records.own(_latest(same), same, email) for name, same in persons.items()}
    going = _who_goes_on(list(persons), found, email, records)
    for name, same in persons.items():
        if name not in going:
            others = [contact for contact in group if _name(contact) != name]
            people.failed.update({contact.id: _clash(others) for contact in same})
            continue
        winner = _latest(same)
        link = found[name] or records.ownerless(email)
        people.going[winner.id] = link
        people.aliases[winner.id] = [contact.id for contact in same if contact is not winner]
        former = [link.key] if link is not None and not link.of_another and link.key != winner.id else []
        for loser in dict.fromkeys([*people.aliases[winner.id], *former]):
            people.skipped[loser] = reasons.SAME_PERSON.words(name=winner.name)


def _name(contact: ContactSnapshot) -> str:
    """What a person's name is compared by: case and white space aside."""
    return " ".join(fold(contact.name).split())


def _who_goes_on(
    names: list[str], found: dict[str, LinkSnapshot | None], email: str, records: _Records
) -> list[str]:
    if len(names) == 1:
        return names
    linked = [name for name in names if found[name] is not None]
    if len(linked) > 1:
        linked = [name for name in linked if records.has_email(found[name], email)]
    return linked if len(linked) == 1 else []


def _latest(same: list[ContactSnapshot]) -> ContactSnapshot:
    """The one updated last; of equal dates the one with the smaller UUID."""
    newest = max(contact.updated_at or LONG_AGO for contact in same)
    return min((each for each in same if (each.updated_at or LONG_AGO) == newest), key=lambda each: each.id)


def _clash(others: list[ContactSnapshot]) -> str:
    names = " and ".join(dict.fromkeys(contact.name for contact in others))
    return reasons.SHARED_EMAIL.words(names=names)
